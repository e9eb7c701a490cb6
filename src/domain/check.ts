import { contains } from "./address.ts";
import type { Capacity } from "./capacity.ts";
import type { BlockChange, Check, ScaleChange } from "./proposal.ts";
import { MINUTE_MS, minutesIn, SECOND_MS } from "./time-window.ts";
import type { Breakdown, SliceRow } from "./traffic.ts";

/** Less than this of the log after the action is too little to judge by. */
const MIN_OBSERVED_MS = 5 * SECOND_MS;
/** What may still get through of what got through before, for a block to count as working: late nodes, clock skew. */
const LEAK_SHARE = 0.05;

/**
 * Judges a block by what still gets through.
 *
 * `breakdown` counts by `ip` what got through in the minutes before the action (its baseline) and after it (its
 * spike); null where there is no log to look at. `newestMs` is the newest record of that log.
 */
export function checkBlock(look: {
  readonly change: BlockChange;
  readonly checkedMs: number;
  readonly breakdown: Breakdown | null;
  readonly newestMs: number | null;
}): Check {
  const { breakdown, checkedMs, newestMs, change } = look;
  const unknown = { checkedMs, verdict: "cannot-tell", beforePerMin: null, afterPerMin: null } as const;
  if (breakdown === null) return { ...unknown, statement: `${change.service} has no log to look at; not checked.` };
  const { baselineWindow, spikeWindow } = breakdown;
  if (spikeWindow.endMs - spikeWindow.startMs < MIN_OBSERVED_MS) {
    return { ...unknown, statement: `Cannot tell yet: ${howFar(newestMs, baselineWindow.endMs, checkedMs)}.` };
  }

  const targets = rowsWithin(change.addresses, breakdown.by.ip?.rows ?? []);
  const targetBefore = perMin(
    sum(targets, (row) => row.baseline.requests),
    minutesIn(baselineWindow),
  );
  const targetAfter = perMin(
    sum(targets, (row) => row.spike.requests),
    minutesIn(spikeWindow),
  );
  const beforePerMin = perMin(breakdown.baseline.requests, minutesIn(baselineWindow));
  const afterPerMin = perMin(breakdown.spike.requests, minutesIn(spikeWindow));
  const measured = { checkedMs, beforePerMin, afterPerMin };
  const whole = `${change.service} went from ${count(beforePerMin)} to ${count(afterPerMin)} requests a minute that get through`;
  if (targetBefore === 0) {
    return {
      ...measured,
      verdict: "cannot-tell",
      statement: `Cannot tell: what was blocked sent nothing in the ${count(minutesIn(baselineWindow))} minutes before. ${whole}.`,
    };
  }
  const drop = `What was blocked went from ${count(targetBefore)} to ${count(targetAfter)} requests a minute that get through`;
  return targetAfter <= targetBefore * LEAK_SHARE
    ? { ...measured, verdict: "worked", statement: `Worked. ${drop}; ${whole}.` }
    : { ...measured, verdict: "no-effect", statement: `Not effective. ${drop}; ${whole}.` };
}

/** Judges a scale-out by the instances in service; what they do for latency is told by the metrics, not here. */
export function checkScale(look: {
  readonly change: ScaleChange;
  readonly capacity: Capacity;
  readonly checkedMs: number;
}): Check {
  const { capacity, change } = look;
  const unmeasured = { checkedMs: look.checkedMs, beforePerMin: null, afterPerMin: null };
  const now = `${change.service} has ${capacity.running} of ${change.toInstances} instances in service`;
  return capacity.running >= change.toInstances
    ? { ...unmeasured, verdict: "worked", statement: `Worked. ${now}.` }
    : { ...unmeasured, verdict: "cannot-tell", statement: `Cannot tell yet: ${now}; new ones take minutes to boot.` };
}

function howFar(newestMs: number | null, appliedMs: number, checkedMs: number): string {
  if (newestMs === null) return "the log has no record yet";
  return newestMs > appliedMs
    ? `the log holds only the first ${ageOf(newestMs - appliedMs)} after the action`
    : `the log does not reach past the action; its newest record is ${ageOf(checkedMs - newestMs)} old`;
}

function rowsWithin(addresses: readonly string[], rows: readonly SliceRow[]): readonly SliceRow[] {
  const single = new Set(addresses.filter((address) => address.endsWith("/32")).map((address) => address.slice(0, -3)));
  const wide = addresses.filter((address) => !address.endsWith("/32"));
  return rows.filter((row) => single.has(row.value) || wide.some((network) => contains(network, row.value)));
}

function sum(rows: readonly SliceRow[], of: (row: SliceRow) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}

function perMin(requests: number, minutes: number): number {
  return minutes > 0 ? requests / minutes : 0;
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function ageOf(ms: number): string {
  return ms < 2 * MINUTE_MS ? `${Math.round(ms / SECOND_MS)} s` : `${Math.round(ms / MINUTE_MS)} min`;
}
