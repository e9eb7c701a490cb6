/** When it began to the second: by the requests of whoever is guilty. */
import { findCarriers } from "./domain/carriers.ts";
import type { SliceValues } from "./domain/cube.ts";
import type { Onset } from "./domain/finding.ts";
import { type Observations, REPEAT_SECS } from "./domain/observations.ts";
import { refineOnset } from "./domain/refine-onset.ts";
import { compareWindows, findGuiltyClients } from "./domain/slices.ts";
import { MINUTE_MS, SECOND_MS, type TimeWindow } from "./domain/time-window.ts";
import type { Breakdown, TrafficFilter } from "./domain/traffic.ts";
import type { LogSlice } from "./ports/log-slice.ts";

/** What went before tells what a rise is; what follows, that it is one. */
const BEFORE_MS = 10 * MINUTE_MS;
const AFTER_MS = 2 * MINUTE_MS;
/** Of the excess: less is not what it began with. */
const MIN_SHARE = 0.3;

/** Repeats make up so much more of the spike than of what was before where they are what began. */
const MIN_MORE_REPEATS = 0.1;
/** There are so few of them usually that they tell the time where the sum of all requests is off by minutes. */
const WIDER_MS = 5 * MINUTE_MS;

interface Known {
  readonly breakdown: Breakdown;
  readonly observations: Observations;
  readonly filter: TrafficFilter | undefined;
}

/**
 * Refines an onset of requests by the second: by who stands out, or by repeated requests where everybody repeats them;
 * gives it as it is where that tells nothing.
 */
export async function refine(slice: LogSlice, onset: Onset, known: Known): Promise<Onset> {
  const telling = tellingRequests(known);
  if (telling === null) return onset;
  const widerMs = telling === "repeats" ? WIDER_MS : 0;
  const within = { ...onset, lowMs: onset.lowMs - widerMs, highMs: onset.highMs + widerMs };
  const window = { startMs: within.lowMs - BEFORE_MS, endMs: within.highMs + AFTER_MS };
  const requests = await countBySecond(slice, telling, { window, filter: known.filter });
  const { atMs, lowMs, highMs, restsOn } = refineOnset(
    { startMs: window.startMs, stepMs: SECOND_MS, requests },
    within,
  );
  return restsOn === "unrefined" ? onset : { ...onset, onsetMs: atMs, lowMs, highMs };
}

async function countBySecond(
  slice: LogSlice,
  telling: "repeats" | SliceValues,
  { window, filter }: { readonly window: TimeWindow; readonly filter: TrafficFilter | undefined },
): Promise<readonly number[]> {
  const question = { window, stepMs: SECOND_MS };
  if (telling === "repeats") {
    return slice.repeatSeries({ ...question, withinSecs: REPEAT_SECS, ...(filter && { filter }) });
  }
  const only = { ...filter?.only, ...telling };
  return (await slice.series({ ...question, filter: { ...filter, only } })).requests;
}

/** The requests that tell best when it began: a client's, repeats, or else those of what carries most of the excess. */
function tellingRequests({ breakdown, observations }: Known): "repeats" | SliceValues | null {
  const comparison = compareWindows(breakdown);
  const [client] = findGuiltyClients(breakdown, comparison);
  if (client !== undefined && client.excessShare >= MIN_SHARE) return { [client.dimension]: client.row.value };
  if (areRepeated(observations)) return "repeats";
  const { cube } = observations;
  const [carrier] = cube === undefined ? [] : findCarriers(cube, "requests", comparison.timeFactor);
  return carrier !== undefined && carrier.excessShare >= MIN_SHARE ? carrier.values : null;
}

function areRepeated({ repeats }: Observations): boolean {
  const [before, now] = [repeats?.baseline.share ?? null, repeats?.spike.share ?? null];
  return before !== null && now !== null && now - before >= MIN_MORE_REPEATS;
}
