/** What a log is asked once something unusual was found in it. */
import { cubeCandidates } from "./domain/cube-candidates.ts";
import type { Observations } from "./domain/observations.ts";
import { compareWindows, findGuiltyClients } from "./domain/slices.ts";
import type { Breakdown, TrafficFilter } from "./domain/traffic.ts";
import type { LogSlice } from "./ports.ts";

/** Groups of clients that are told apart by user agent and landing; more have a thousandth of a spike each. */
const NAMED_GROUPS = 1_000;
/** So soon nobody asks for the same thing again by hand. */
const REPEAT_SECS = 2;

/** Asks everything that causes are judged by, all at once. */
export async function observe(
  slice: LogSlice,
  breakdown: Breakdown,
  filter: TrafficFilter | undefined,
): Promise<Observations> {
  const windows = {
    baseline: breakdown.baselineWindow,
    spike: breakdown.spikeWindow,
    ...(filter && { filter }),
  };
  const comparison = compareWindows(breakdown);
  const guilty = findGuiltyClients(breakdown, comparison);
  const valuesOf = (dimension: "ip" | "net") =>
    guilty.filter((each) => each.dimension === dimension).map(({ row }) => row.value);
  const [cube, groups, repeats] = await Promise.all([
    slice.cube({ ...windows, values: cubeCandidates(breakdown, comparison.timeFactor) }),
    slice.clientGroups({ ...windows, without: { ip: valuesOf("ip"), net: valuesOf("net") }, topN: NAMED_GROUPS }),
    slice.repeats({ ...windows, withinSecs: REPEAT_SECS }),
  ]);
  return { cube, groups, repeats };
}
