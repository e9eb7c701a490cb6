import type { TimeWindow } from "../domain/time-window.ts";
import type { Breakdown, Dimension, SliceRow } from "../domain/traffic.ts";
import type { LogSlice } from "../ports/log-slice.ts";

/** One row of a table. */
export interface TopRow {
  readonly value: string;
  readonly requests: number;
  readonly bytes: number;
  readonly errors: number;
  readonly baselineRequests: number;
}

export interface TopValues {
  /** Largest first by requests, then by those of the baseline, then by value. */
  readonly rows: readonly TopRow[];
  readonly distinct: number;
  /** Requests in the span whose value the log does not give. */
  readonly unknownRequests: number;
}

export interface TopTables {
  readonly span: TimeWindow;
  readonly baseline: TimeWindow;
  readonly requests: number;
  readonly bytes: number;
  readonly clients: number;
  readonly by: Readonly<Partial<Record<Dimension, TopValues>>>;
}

export interface TopQuestion {
  readonly span: TimeWindow;
  /** Empty where there is none. */
  readonly baseline: TimeWindow;
  readonly dimensions: readonly Dimension[];
  readonly topN: number;
  /** What was counted already. */
  readonly known: Breakdown;
}

/** A breakdown keeps the largest of either window; to know that they are, so many times more are asked for. */
const ASK_TIMES = 20;
/** Among more than so many that are as large as each other, one is as good as another. */
const MAX_ASKED = 20_000;

/**
 * Finds the largest values over a whole span, exactly; of thousands that are equally large, some.
 *
 * Where the span was divided into baseline and spike before, the rows of the two are added up, which is much quicker
 * than to count again; what cannot be told for sure from those is asked for.
 */
export async function findTopValues(slice: LogSlice, question: TopQuestion): Promise<TopTables> {
  const { span, baseline, dimensions, topN, known } = question;
  const by: Partial<Record<Dimension, TopValues>> = {};
  const hasBaseline = baseline.startMs < baseline.endMs;
  if (isDivided(question)) {
    takeExact(by, known, { topN, counts: bothWindows, isCertain: (last, leftOut) => last > 2 * leftOut, hasBaseline });
    if (dimensions.every((dimension) => by[dimension] !== undefined)) {
      const clients = (await slice.distinct({ baseline: NO_TIME, spike: span, dimensions: ["ip"] })).ip?.spike ?? 0;
      const [requests, bytes] = (["requests", "bytes"] as const).map(
        (count) => known.baseline[count] + known.spike[count],
      );
      return { span, baseline, requests: requests ?? 0, bytes: bytes ?? 0, clients, by };
    }
  }
  for (let asked = topN * ASK_TIMES; ; asked *= ASK_TIMES) {
    const missing = dimensions.filter((dimension) => by[dimension] === undefined);
    const counted = await slice.breakdown({
      baseline,
      spike: span,
      dimensions: missing,
      topN: asked,
      countsClients: false,
    });
    const isLast = asked >= MAX_ASKED;
    takeExact(by, counted, {
      topN,
      counts: spikeAlone,
      isCertain: (last, leftOut) => isLast || last > leftOut,
      hasBaseline,
    });
    if (dimensions.every((dimension) => by[dimension] !== undefined)) {
      const { requests, bytes, clients } = counted.spike;
      return { span, baseline, requests, bytes, clients, by };
    }
  }
}

const NO_TIME: TimeWindow = { startMs: 0, endMs: 0 };

/** Whether what is known are the two parts of the span, the first of them the baseline. */
function isDivided({ span, baseline, known }: TopQuestion): boolean {
  const { baselineWindow, spikeWindow } = known;
  return (
    baselineWindow.startMs === span.startMs &&
    baselineWindow.endMs === spikeWindow.startMs &&
    spikeWindow.endMs === span.endMs &&
    (baseline.startMs === baseline.endMs || baseline.endMs === baselineWindow.endMs)
  );
}

interface Taking {
  readonly topN: number;
  /** What of the two windows' counts is the span's. */
  counts(baseline: number, spike: number): number;
  /**
   * Whether a value that has `last` requests in the span is among the largest for sure, where others that were left out
   * have up to `leftOut` in each window.
   */
  isCertain(last: number, leftOut: number): boolean;
  readonly hasBaseline: boolean;
}

/** Takes those tables in which no value can be missing that the breakdown left out. */
function takeExact(
  by: Partial<Record<Dimension, TopValues>>,
  breakdown: Breakdown,
  { topN, counts, isCertain, hasBaseline }: Taking,
): void {
  for (const [name, { rows, distinct, unknown }] of Object.entries(breakdown.by)) {
    const top = rows
      .map((row) => toTopRow(row, counts, hasBaseline))
      .filter(({ requests }) => requests > 0)
      .toSorted(byRequests)
      .slice(0, topN);
    // Of a value that was left out, each window has at most so many.
    const leftOut = rows.reduce(
      (least, row) => Math.min(least, Math.max(row.baseline.requests, row.spike.requests)),
      Number.POSITIVE_INFINITY,
    );
    const last = top[topN - 1]?.requests ?? 0;
    if (rows.length < distinct && !isCertain(last, leftOut)) continue;
    by[name as Dimension] = {
      rows: top,
      distinct,
      unknownRequests: counts(unknown.baselineRequests, unknown.spikeRequests),
    };
  }
}

function toTopRow({ value, baseline, spike }: SliceRow, counts: Taking["counts"], hasBaseline: boolean): TopRow {
  return {
    value,
    requests: counts(baseline.requests, spike.requests),
    bytes: counts(baseline.bytes, spike.bytes),
    errors: counts(baseline.errors, spike.errors),
    baselineRequests: hasBaseline ? baseline.requests : 0,
  };
}

function bothWindows(baseline: number, spike: number): number {
  return baseline + spike;
}

function spikeAlone(_baseline: number, spike: number): number {
  return spike;
}

function byRequests(a: TopRow, b: TopRow): number {
  return (
    b.requests - a.requests ||
    b.baselineRequests - a.baselineRequests ||
    (a.value < b.value ? -1 : Number(a.value > b.value))
  );
}
