import type { TimeWindow } from "../../src/domain/time-window.ts";
import type { Dimension, Regularity, RepeatCounts, RepeatRow, Repeats } from "../../src/domain/traffic.ts";
import { type FakeRequest, valueIn } from "./fake-request.ts";

type Requests = readonly FakeRequest[];

interface RepeatsAsked {
  readonly withinSecs: number;
  readonly by?: Dimension;
  readonly topN?: number;
}

export function countRepeats(
  before: Requests,
  during: Requests,
  { withinSecs, by, topN = 0 }: RepeatsAsked,
  comparesQuery: boolean,
): Repeats {
  const [earlier, later] = [before, during].map((requests) => withGaps(requests, withinSecs, comparesQuery)) as [
    Followed[],
    Followed[],
  ];
  return {
    comparesQuery,
    baseline: countsOf(earlier),
    spike: countsOf(later),
    gapsSecs: { baseline: spreadGaps(earlier, withinSecs), spike: spreadGaps(later, withinSecs) },
    rows: by === undefined ? [] : rowsBy(earlier, later, by, topN),
  };
}

/** A request, and how long after the one that it repeats it came; null where it repeats none. */
interface Followed {
  readonly request: FakeRequest;
  readonly gapMs: number | null;
}

function withGaps(requests: Requests, withinSecs: number, comparesQuery: boolean): Followed[] {
  const lastMs = new Map<string, number>();
  return inTurn(requests).map((request) => {
    const { atMs, ip, path, query } = request;
    const key = JSON.stringify([ip, path, comparesQuery ? (query ?? null) : null]);
    const gapMs = atMs - (lastMs.get(key) ?? Number.NEGATIVE_INFINITY);
    lastMs.set(key, atMs);
    return { request, gapMs: gapMs <= withinSecs * 1_000 ? gapMs : null };
  });
}

/** Those whose client and path are known, by time. */
function inTurn(requests: Requests): Requests {
  return requests.filter(({ ip, path }) => ip !== undefined && path !== undefined).toSorted((a, b) => a.atMs - b.atMs);
}

function spreadGaps(followed: readonly Followed[], withinSecs: number): readonly number[] {
  return Array.from(
    { length: Math.floor(withinSecs) + 1 },
    (_, secs) => followed.filter(({ gapMs }) => gapMs !== null && Math.floor(gapMs / 1_000) === secs).length,
  );
}

function rowsBy(earlier: readonly Followed[], later: readonly Followed[], by: Dimension, topN: number): RepeatRow[] {
  const firstMs = new Map<string, number>();
  for (const { request } of [...earlier, ...later]) {
    const value = valueIn(request, by);
    if (value !== null) firstMs.set(value, Math.min(firstMs.get(value) ?? request.atMs, request.atMs));
  }
  const rows = [...firstMs.keys()].sort().map((value) => {
    const own = (followed: readonly Followed[]) => followed.filter(({ request }) => valueIn(request, by) === value);
    return { value, baseline: countsOf(own(earlier)), spike: countsOf(own(later)) };
  });
  const larger = ({ baseline, spike }: RepeatRow, what: "requests" | "repeats") =>
    Math.max(baseline[what], spike[what]);
  return rows
    .toSorted(
      (a, b) =>
        larger(b, "repeats") - larger(a, "repeats") ||
        larger(b, "requests") - larger(a, "requests") ||
        (firstMs.get(a.value) ?? 0) - (firstMs.get(b.value) ?? 0),
    )
    .slice(0, topN)
    .sort((a, b) => (a.value < b.value ? -1 : 1))
    .toSorted((a, b) => b.spike.repeats - a.spike.repeats || b.baseline.repeats - a.baseline.repeats);
}

/** How many of the requests at each step repeat an earlier one so soon. */
export function countRepeatSteps(
  requests: Requests,
  asked: { window: TimeWindow; stepMs: number; withinSecs: number; comparesQuery: boolean },
): number[] {
  const { window, stepMs, withinSecs, comparesQuery } = asked;
  const counts = new Array<number>(Math.max(0, Math.ceil((window.endMs - window.startMs) / stepMs))).fill(0);
  const lastMs = new Map<string, number>();
  for (const { atMs, ip, path, query } of inTurn(requests)) {
    const key = JSON.stringify([ip, path, comparesQuery ? (query ?? null) : null]);
    const step = Math.floor((atMs - window.startMs) / stepMs);
    if (atMs - (lastMs.get(key) ?? Number.NEGATIVE_INFINITY) <= withinSecs * 1_000)
      counts[step] = (counts[step] ?? 0) + 1;
    lastMs.set(key, atMs);
  }
  return counts;
}

export function countRetries(before: Requests, during: Requests, withinSecs: number) {
  const retriesIn = (requests: Requests): RepeatCounts => {
    const known = inTurn(requests);
    const lastMs = new Map<string, number>();
    const retries = known
      .toSorted((a, b) => a.atMs - b.atMs || Number(isFailed(b)) - Number(isFailed(a)))
      .filter((request) => {
        const { atMs, ip, path } = request;
        const key = JSON.stringify([ip, path]);
        const isRetry = atMs - (lastMs.get(key) ?? Number.NEGATIVE_INFINITY) <= withinSecs * 1_000;
        if (isFailed(request)) lastMs.set(key, atMs);
        return isRetry;
      });
    return toCounts(known.length, retries.length);
  };
  return { baseline: retriesIn(before), spike: retriesIn(during) };
}

function isFailed({ status = 0 }: FakeRequest): boolean {
  return status >= 500 || [408, 429, 460, 499].includes(status);
}

export function measureRegularity(requests: Requests, clients: readonly string[]): Regularity[] {
  return [...new Set(clients)].flatMap((client) => {
    const times = requests
      .filter(({ ip }) => ip === client)
      .map(({ atMs }) => atMs)
      .sort((a, b) => a - b);
    const gaps = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    if (gaps.length < 2 || mean === 0) return [];
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    return { client, requests: times.length, meanGapSecs: mean / 1_000, gapVariation: Math.sqrt(variance) / mean };
  });
}

function countsOf(followed: readonly Followed[]): RepeatCounts {
  return toCounts(followed.length, followed.filter(({ gapMs }) => gapMs !== null).length);
}

function toCounts(requests: number, repeats: number): RepeatCounts {
  return { requests, repeats, share: requests === 0 ? null : repeats / requests };
}
