import { cellsOf, type SliceValues, totalOf } from "./cube.ts";
import { sum } from "./robust.ts";
import { amount, type EncodedValues, encodeValues } from "./scan/encoded-cube.ts";
import { scanEncoded } from "./scan/scan.ts";
import type { CubeCell, Dimension, Rank, TrafficCube } from "./traffic.ts";

/** A slice that carries a good part of an excess, with what all its counts are. */
export interface CarrierSlice {
  readonly values: SliceValues;
  /** Of the excess of what was measured; above 1 where others fell. */
  readonly excessShare: number;
  /** Of what was measured: counted over expected; null where nothing was expected. */
  readonly ratio: number | null;
  readonly requests: { readonly baseline: number; readonly spike: number };
  readonly backendSecs: { readonly baseline: number; readonly spike: number };
  /** Share of its requests that the cache could not answer; null where the log does not say what the cache did. */
  readonly missShare: { readonly baseline: number; readonly spike: number } | null;
}

/** Sessions, pages with their files and answers of all sizes make counts vary more than those of chance. */
const REQUEST_DISPERSION = 10;
/** Mean square over mean of sizes and durations that are spread as a log-normal with σ of about 1, by their mean. */
const AMOUNT_DISPERSION = 4;

const MIN_GAIN_NATS = 10;
const MIN_RATIO = 1.5;
const MIN_SHARE = 0.15;

/** By which of several names for the same requests people can do most. */
const PREFERENCE: readonly Dimension[] = [
  "ip",
  "subnet",
  "net",
  "wideNet",
  "queryShape",
  "userAgent",
  "refererHost",
  "pathTemplate",
  "host",
  "target",
  "status",
];
const TREES = [["wideNet", "net", "subnet", "ip"]];

/** Several questions about one spike look for the same slices, and a scan is what takes longest. */
const found = new WeakMap<TrafficCube, Map<string, readonly CarrierSlice[]>>();

/** Finds the slices of up to three dimensions that carry the excess of one measure, the largest first. */
export function findCarriers(cube: TrafficCube, rank: Rank, timeFactor: number): readonly CarrierSlice[] {
  const known = found.get(cube) ?? new Map<string, readonly CarrierSlice[]>();
  found.set(cube, known);
  const key = `${rank} ${timeFactor}`;
  const carriers = known.get(key) ?? scanFor(cube, rank, timeFactor);
  known.set(key, carriers);
  return carriers;
}

function scanFor(cube: TrafficCube, rank: Rank, timeFactor: number): readonly CarrierSlice[] {
  const all = totalOf(cube.cells, rank);
  if (all.spike <= all.baseline * timeFactor) return [];
  const { slices } = scanEncoded(
    {
      ...valuesOf(cube),
      baseline: Float64Array.from(cube.cells, ({ baseline }) => amount(baseline[rank] ?? 0)),
      spike: Float64Array.from(cube.cells, ({ spike }) => amount(spike[rank] ?? 0)),
    },
    {
      timeFactor,
      dispersion: dispersionOf(cube, rank),
      maxDimensions: 3,
      trees: TREES,
      minGain: MIN_GAIN_NATS,
      minRatio: MIN_RATIO,
      minShare: MIN_SHARE,
      preference: (dimension) => PREFERENCE.indexOf(dimension as Dimension),
    },
  );
  return slices
    .map(({ values, excessShare, ratio }) => {
      const ofSlice = cellsOf(cube, values);
      return {
        values,
        excessShare,
        ratio,
        requests: totalOf(ofSlice, "requests"),
        backendSecs: totalOf(ofSlice, "backendSecs"),
        missShare: missShareOf(ofSlice),
      };
    })
    .sort((a, b) => b.excessShare - a.excessShare);
}

function missShareOf(cells: readonly CubeCell[]): CarrierSlice["missShare"] {
  const shareIn = (window: "baseline" | "spike") => {
    const told = cells.map((cell) => cell[window]).filter(({ cacheMisses }) => cacheMisses !== null);
    const requests = sum(told.map((counts) => counts.requests));
    return requests === 0 ? null : sum(told.map(({ cacheMisses }) => cacheMisses ?? 0)) / requests;
  };
  const [baseline, spike] = [shareIn("baseline"), shareIn("spike")];
  return baseline === null || spike === null ? null : { baseline, spike };
}

const encoded = new WeakMap<TrafficCube, EncodedValues>();

/** One finding scans the same cube by five measures; to encode the texts takes longer than a scan. */
function valuesOf(cube: TrafficCube): EncodedValues {
  const known = encoded.get(cube) ?? encodeValues(cube.dimensions, cube.cells);
  encoded.set(cube, known);
  return known;
}

function dispersionOf(cube: TrafficCube, rank: Rank): number {
  if (rank !== "bytes" && rank !== "backendSecs") return REQUEST_DISPERSION;
  const requests = totalOf(cube.cells, "requests").baseline;
  const amount = totalOf(cube.cells, rank).baseline;
  return requests > 0 && amount > 0 ? (AMOUNT_DISPERSION * amount) / requests : 1;
}
