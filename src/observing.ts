/** What a log is asked once something unusual was found in it. */
import { cubeCandidates } from "./domain/cube-candidates.ts";
import { CONNECT_EDGES_SECS } from "./domain/lost-packets.ts";
import { floodSize, MIN_FLOOD_SIZE, programLandings, splitNewcomers } from "./domain/newcomers.ts";
import { type Observations, REPEAT_SECS, SLOW_SECS } from "./domain/observations.ts";
import { sum } from "./domain/robust.ts";
import { compareWindows, findGuiltyClients } from "./domain/slices.ts";
import type { Breakdown, TrafficFilter } from "./domain/traffic.ts";
import type { LogSlice } from "./ports.ts";

/** What an IP set of AWS WAF holds. */
const MAX_STRANGERS = 10_000;
/** Groups of clients that are told apart by user agent and landing; more have a thousandth of a spike each. */
const NAMED_GROUPS = 1_000;
const REPEATING_AGENTS = 20;
/** Longer than that, people try again by hand. */
const RETRY_SECS = 10;
const MAX_REGULAR = 10;
/** How near to each other ends are that have one reason. */
const ENDING_BIN_MS = 100;

/** Asks everything that causes are judged by, all at once. */
export async function observe(
  slice: LogSlice,
  breakdown: Breakdown,
  { filter, apdexSecs, secs }: { filter: TrafficFilter | undefined; apdexSecs: number; secs: "backend" | "total" },
): Promise<Observations> {
  const windows = {
    baseline: breakdown.baselineWindow,
    spike: breakdown.spikeWindow,
    ...(filter && { filter }),
  };
  const comparison = compareWindows(breakdown);
  const guilty = findGuiltyClients(breakdown, comparison);
  const valuesOf = (dimension: "ip" | "subnet" | "net") =>
    guilty.filter((each) => each.dimension === dimension).map(({ row }) => row.value);
  const without = { ip: valuesOf("ip"), subnet: valuesOf("subnet"), net: valuesOf("net") };
  const heaviest = valuesOf("ip").slice(0, MAX_REGULAR);
  const [cube, groups, repeats, retries, regularity, legs, connect, endings, apdex] = await Promise.all([
    slice.cube({ ...windows, secs, values: cubeCandidates(breakdown, comparison.timeFactor) }),
    slice.clientGroups({ ...windows, without, topN: NAMED_GROUPS }),
    slice.repeats({ ...windows, withinSecs: REPEAT_SECS, by: "userAgent", topN: REPEATING_AGENTS }),
    slice.retries({ ...windows, withinSecs: RETRY_SECS }),
    heaviest.length === 0
      ? []
      : slice.regularity({ window: windows.spike, ...(filter && { filter }), clients: heaviest }),
    slice.legs(windows),
    slice.histogram({ ...windows, leg: "connect", edgesSecs: CONNECT_EDGES_SECS }),
    slice.endings({ ...windows, slowSecs: SLOW_SECS, binMs: ENDING_BIN_MS }),
    slice.apdex({ ...windows, thresholdSecs: apdexSecs }),
  ]);
  const split = splitNewcomers(groups, comparison.timeFactor);
  const isFlood = floodSize(split.programs.excess, comparison) >= MIN_FLOOD_SIZE;
  const strangers = isFlood
    ? await slice.strangers({
        ...windows,
        without,
        landings: programLandings(groups, comparison.timeFactor),
        loadNothing: split.tellsByAssets,
        topN: MAX_STRANGERS,
      })
    : null;
  const knowsConnect = sum(connect.baseline) + sum(connect.spike) > 0;
  return {
    cube,
    groups,
    ...(strangers !== null && { strangers }),
    repeats,
    retries,
    regularity,
    legs,
    endings,
    ...(knowsConnect && { connect }),
    ...(apdex !== null && { apdex }),
  };
}
