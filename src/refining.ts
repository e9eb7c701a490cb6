/** When it began to the second: by the requests of whoever is guilty. */
import { findCarriers } from "./domain/carriers.ts";
import type { SliceValues } from "./domain/cube.ts";
import type { Onset } from "./domain/finding.ts";
import { type Observations, REPEAT_SECS } from "./domain/observations.ts";
import { refineOnset } from "./domain/refine-onset.ts";
import { compareWindows, findGuiltyClients } from "./domain/slices.ts";
import { MINUTE_MS, SECOND_MS } from "./domain/time-window.ts";
import type { Breakdown, TrafficFilter } from "./domain/traffic.ts";
import type { LogSlice } from "./ports.ts";

/** What went before tells what a rise is; what follows, that it is one. */
const BEFORE_MS = 10 * MINUTE_MS;
const AFTER_MS = 2 * MINUTE_MS;
/** Of the excess: less is not what it began with. */
const MIN_SHARE = 0.3;

/** Repeats make up so much more of the spike than of what was before where they are what began. */
const MIN_MORE_REPEATS = 0.1;

/**
 * Refines an onset of requests by the second: by who stands out, or by repeated requests where everybody repeats them;
 * gives it as it is where that tells nothing.
 */
export async function refine(
  slice: LogSlice,
  onset: Onset,
  known: {
    readonly breakdown: Breakdown;
    readonly observations: Observations;
    readonly filter: TrafficFilter | undefined;
  },
): Promise<Onset> {
  const guilty = guiltySlice(known);
  const { filter, observations } = known;
  const question = {
    window: { startMs: onset.lowMs - BEFORE_MS, endMs: onset.highMs + AFTER_MS },
    stepMs: SECOND_MS,
    ...(filter && { filter }),
  };
  if (guilty === null && !areRepeated(observations)) return onset;
  const bySecond =
    guilty === null
      ? {
          startMs: question.window.startMs,
          stepMs: SECOND_MS,
          requests: await slice.repeatSeries({ ...question, withinSecs: REPEAT_SECS }),
        }
      : await slice.series({ ...question, filter: { ...filter, only: { ...filter?.only, ...guilty } } });
  const { atMs, lowMs, highMs, restsOn } = refineOnset(bySecond, onset);
  return restsOn === "unrefined" ? onset : { ...onset, onsetMs: atMs, lowMs, highMs };
}

function areRepeated({ repeats }: Observations): boolean {
  const [before, now] = [repeats?.baseline.share ?? null, repeats?.spike.share ?? null];
  return before !== null && now !== null && now - before >= MIN_MORE_REPEATS;
}

function guiltySlice({
  breakdown,
  observations,
}: {
  breakdown: Breakdown;
  observations: Observations;
}): SliceValues | null {
  const comparison = compareWindows(breakdown);
  const [client] = findGuiltyClients(breakdown, comparison);
  if (client !== undefined && client.excessShare >= MIN_SHARE) return { [client.dimension]: client.row.value };
  const { cube } = observations;
  const [carrier] = cube === undefined ? [] : findCarriers(cube, "requests", comparison.timeFactor);
  return carrier !== undefined && carrier.excessShare >= MIN_SHARE ? carrier.values : null;
}
