import { poissonLlr } from "../../src/domain/poisson.ts";
import { sum } from "../../src/domain/robust.ts";
import type { CubeCell } from "../../src/domain/scan/cube.ts";
import { expectedByRate } from "../../src/domain/scan/rates.ts";
import { rankSlices } from "../../src/domain/scan/scan.ts";
import { findSiblings } from "../../src/domain/scan/siblings.ts";
import { sliceName } from "../../src/domain/scan/slice-name.ts";
import type { AttributionCase } from "./cases.ts";

/** What can be chosen; `cross-validate.ts` says by how little it matters. */
export interface Settings {
  /** Events at the usual rate of everything that a leaf's own rate is smoothed with. */
  readonly priorEvents: number;
  /** See `RankOptions.cellShape`. */
  readonly cellShape: number;
  /** Whether two causes may be named; otherwise it is always one. */
  readonly mayNameTwo: boolean;
}

export const SETTINGS: Settings = { priorEvents: 50, cellShape: 5, mayNameTwo: true };

/** What the scan says of a case. */
export interface Answer {
  /** The minute that was taken for the incident's, as in the file. */
  readonly minute: number;
  /** As dim=value&dim=value by dimension: those that are named, then the others, the best first. */
  readonly ranked: readonly { readonly slice: string; readonly gain: number }[];
  /** The slices that are named as causes. */
  readonly named: readonly string[];
}

/** As many minutes as the published methods predict from. */
const HISTORY_MINUTES = 4;

/**
 * Names the slices in which more went wrong than the four minutes before make expect.
 *
 * Bad events are held against each leaf's events times its usual rate of bad ones, at a common ratio of 1: other slices
 * are not expected to get worse. `minute` is the incident's; where it is left out
 * or not in the file, it is found.
 */
export function answer(incident: AttributionCase, settings: Settings, minute?: number): Answer {
  const told = minute === undefined ? -1 : incident.minutes.indexOf(minute);
  const at = told < 0 ? worstMinute(incident) : told;
  const ranked = rankSlices(
    { dimensions: incident.dimensions, cells: cellsAt(incident, at, settings.priorEvents) },
    { timeFactor: 1, dispersion: 1, commonRatio: 1, maxDimensions: 3, cellShape: settings.cellShape },
  );
  const causes = (settings.mayNameTwo ? findSiblings(ranked) : null) ?? ranked.slice(0, 1);
  return {
    minute: incident.minutes[at] ?? Number.NaN,
    ranked: [...causes, ...ranked.filter((slice) => !causes.includes(slice))].map(({ values, gain }) => ({
      slice: sliceName(values),
      gain,
    })),
    named: causes.map(({ values }) => sliceName(values)),
  };
}

/** The minute that has most bad events beyond the rate of the minutes before it; the last one where there are too few. */
function worstMinute({ minutes, leaves }: AttributionCase): number {
  const bad = minutes.map((_, at) => sum(leaves.map((leaf) => leaf.bad[at] as number)));
  const all = minutes.map((_, at) => sum(leaves.map((leaf) => leaf.all[at] as number)));
  let worst = minutes.length - 1;
  let most = 0;
  for (let at = HISTORY_MINUTES; at < minutes.length; at += 1) {
    const usualAll = sum(all.slice(at - HISTORY_MINUTES, at));
    const expected = usualAll > 0 ? ((all[at] as number) * sum(bad.slice(at - HISTORY_MINUTES, at))) / usualAll : 0;
    const gain = (bad[at] as number) > expected ? poissonLlr(bad[at] as number, expected) : 0;
    if (gain > most) {
      most = gain;
      worst = at;
    }
  }
  return worst;
}

function cellsAt({ leaves }: AttributionCase, at: number, priorEvents: number): readonly CubeCell[] {
  const before = (counts: Float64Array) => sum([...counts.slice(Math.max(0, at - HISTORY_MINUTES), at)]);
  const cells = leaves.map(({ values, bad, all }) => ({
    values,
    baseline: { events: before(bad), all: before(all) },
    spike: { events: bad[at] as number, all: all[at] as number },
  }));
  return expectedByRate(cells, priorEvents);
}
