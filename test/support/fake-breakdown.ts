import {
  DIMENSIONS,
  type Dimension,
  type DimensionBreakdown,
  type PairBreakdown,
  type Rank,
  type SliceRow,
  type TrafficCounts,
  type TrafficCube,
} from "../../src/domain/traffic.ts";
import { count, type FakeRequest, valueIn } from "./fake-request.ts";

interface Ranking {
  readonly topN: number;
  readonly rankBy?: Rank;
}

/** Divides requests by one dimension. */
export function divide(
  before: readonly FakeRequest[],
  during: readonly FakeRequest[],
  dimension: Dimension,
  ranking: Ranking,
): DimensionBreakdown {
  const { rows, ...rest } = divideBy(before, during, (request) => valueIn(request, dimension), ranking);
  return { rows: rows.map(({ key, ...row }) => ({ value: key, ...row })), ...rest };
}

/** Divides requests by what they have of two dimensions. */
export function dividePairs(
  before: readonly FakeRequest[],
  during: readonly FakeRequest[],
  { dimensions: [first, second], ...ranking }: Ranking & { dimensions: readonly [Dimension, Dimension] },
): PairBreakdown {
  const keyOf = (request: FakeRequest) => {
    const values = [valueIn(request, first), valueIn(request, second)];
    return values.includes(null) ? null : values.join("\0");
  };
  const { rows, ...rest } = divideBy(before, during, keyOf, ranking);
  return {
    rows: rows.map(({ key, ...row }) => {
      const [one = "", other = ""] = key.split("\0");
      return { ...row, values: [one, other] };
    }),
    ...rest,
  };
}

/** Divides requests by all dimensions named, as places in the lists of their values. */
export function divideIntoCells(
  before: readonly FakeRequest[],
  during: readonly FakeRequest[],
  question: { values: Readonly<Partial<Record<Dimension, readonly string[]>>>; countsClients?: boolean },
): TrafficCube {
  const dimensions = DIMENSIONS.filter((dimension) => question.values[dimension] !== undefined);
  const placesOf = (request: FakeRequest) =>
    dimensions.map((dimension) => (question.values[dimension] ?? []).indexOf(valueIn(request, dimension) ?? ""));
  const keyOf = (request: FakeRequest) => JSON.stringify(placesOf(request));
  const [beforeOf, duringOf] = [groupBy(before, keyOf), groupBy(during, keyOf)];
  const keys = [...new Set([...beforeOf.keys(), ...duringOf.keys()])].map((key) => JSON.parse(key ?? "") as number[]);
  const counted = (requests: readonly FakeRequest[] = []): TrafficCounts =>
    question.countsClients ? count(requests) : { ...count(requests), clients: 0 };
  return {
    dimensions,
    cells: keys.toSorted(comparePlaces).map((places) => ({
      values: places.map((place, index) => question.values[dimensions[index] as Dimension]?.[place] ?? null),
      baseline: counted(beforeOf.get(JSON.stringify(places))),
      spike: counted(duringOf.get(JSON.stringify(places))),
    })),
  };
}

function comparePlaces(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((place, at) => place !== b[at]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

function divideBy(
  before: readonly FakeRequest[],
  during: readonly FakeRequest[],
  keyOf: (request: FakeRequest) => string | null,
  { topN, rankBy = "requests" }: Ranking,
) {
  const beforeOf = groupBy(before, keyOf);
  const duringOf = groupBy(during, keyOf);
  const keys = [...new Set([...beforeOf.keys(), ...duringOf.keys()])].filter((key) => key !== null);
  const rows = keys.map((key) => {
    const all = [...(beforeOf.get(key) ?? []), ...(duringOf.get(key) ?? [])];
    return {
      key,
      baseline: count(beforeOf.get(key) ?? []),
      spike: count(duringOf.get(key) ?? []),
      firstSeenMs: Math.min(...all.map(({ atMs }) => atMs)),
    };
  });
  const larger = ({ baseline, spike }: Omit<SliceRow, "value">) => Math.max(spike[rankBy] ?? 0, baseline[rankBy] ?? 0);
  const largest = rows.toSorted(
    (a, b) => larger(b) - larger(a) || a.firstSeenMs - b.firstSeenMs || compare(a.key, b.key),
  );
  return {
    rows: largest
      .slice(0, topN)
      .toSorted(
        (a, b) =>
          (b.spike[rankBy] ?? 0) - (a.spike[rankBy] ?? 0) ||
          (b.baseline[rankBy] ?? 0) - (a.baseline[rankBy] ?? 0) ||
          compare(a.key, b.key),
      ),
    distinct: keys.length,
    unknown: {
      baselineRequests: beforeOf.get(null)?.length ?? 0,
      spikeRequests: duringOf.get(null)?.length ?? 0,
    },
  };
}

function groupBy(
  requests: readonly FakeRequest[],
  keyOf: (request: FakeRequest) => string | null,
): ReadonlyMap<string | null, readonly FakeRequest[]> {
  const groups = new Map<string | null, FakeRequest[]>();
  for (const request of requests) {
    const key = keyOf(request);
    const group = groups.get(key) ?? [];
    group.push(request);
    groups.set(key, group);
  }
  return groups;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
