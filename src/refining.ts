/** When it began to the second: by the requests of whoever is guilty. */
import { findCarriers } from "./domain/carriers.ts";
import type { SliceValues } from "./domain/cube.ts";
import type { Onset } from "./domain/finding.ts";
import type { Observations } from "./domain/observations.ts";
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

/** Refines an onset of requests by the second, where somebody stands out; gives it as it is where that tells nothing. */
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
  if (guilty === null) return onset;
  const { filter } = known;
  const bySecond = await slice.series({
    window: { startMs: onset.lowMs - BEFORE_MS, endMs: onset.highMs + AFTER_MS },
    stepMs: SECOND_MS,
    filter: { ...filter, only: { ...filter?.only, ...guilty } },
  });
  const { atMs, lowMs, highMs, restsOn } = refineOnset(bySecond, onset);
  return restsOn === "unrefined" ? onset : { ...onset, onsetMs: atMs, lowMs, highMs };
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
