/** What a log is asked once something unusual was found in it. */

import { findCarriers } from "./domain/carriers.ts";
import { costlyPattern } from "./domain/causes/carried.ts";
import { cubeCandidates } from "./domain/cube-candidates.ts";
import { PAGE_PERCENTILES } from "./domain/fast-answers.ts";
import { CONNECT_EDGES_SECS } from "./domain/lost-packets.ts";
import { floodSize, MIN_FLOOD_SIZE, programLandings, splitNewcomers } from "./domain/newcomers.ts";
import { type Observations, REPEAT_SECS, SLOW_SECS } from "./domain/observations.ts";
import { sum } from "./domain/robust.ts";
import { type Comparison, compareWindows, findGuiltyClients } from "./domain/slices.ts";
import type { Breakdown, LatencyPercentiles, TrafficCube, TrafficFilter, WindowPair } from "./domain/traffic.ts";
import type { LogSlice } from "./ports/log-slice.ts";

/** What an IP set of AWS WAF holds. */
const MAX_STRANGERS = 10_000;
/** Groups of clients that are told apart by user agent and landing; more have a thousandth of a spike each. */
const NAMED_GROUPS = 1_000;
const REPEATING_AGENTS = 20;
/** Programs that wait longer each time are at sixteen seconds by the fifth. */
const RETRY_SECS = 20;
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
  const pages = await readPages(slice, { breakdown, comparison, cube, windows, filter });
  const knowsConnect = sum(connect.baseline) + sum(connect.spike) > 0;
  return {
    cube,
    groups,
    ...(strangers !== null && { strangers }),
    repeats,
    retries,
    regularity,
    legs,
    ...(pages !== null && { pages }),
    endings,
    ...(knowsConnect && { connect }),
    ...(apdex !== null && { apdex }),
  };
}

/** Less additional work of the servers behind is nothing to explain. */
const MIN_MORE_SECS = 1.2;

/** Asks how long pages take where the servers behind work more than usual; null where they do not, or it is not known. */
async function readPages(
  slice: LogSlice,
  asked: {
    readonly breakdown: Breakdown;
    readonly comparison: Comparison;
    readonly cube: TrafficCube;
    readonly windows: WindowPair;
    readonly filter: TrafficFilter | undefined;
  },
): Promise<LatencyPercentiles | null> {
  const { breakdown, comparison, cube, windows, filter } = asked;
  const { timeFactor } = comparison;
  const [before, now] = [breakdown.baseline.backendSecs ?? 0, breakdown.spike.backendSecs ?? 0];
  if (before === 0 || now < MIN_MORE_SECS * timeFactor * before) return null;
  const { host, pathTemplate } = costlyPattern(findCarriers(cube, "backendSecs", timeFactor))?.values ?? {};
  const only = {
    ...filter?.only,
    ...(host !== undefined && { host }),
    ...(pathTemplate !== undefined && { pathTemplate }),
    resource: "page",
  };
  return slice.percentiles({
    ...windows,
    filter: { ...filter, only },
    latencies: ["total", "backend"],
    percentiles: PAGE_PERCENTILES,
  });
}
