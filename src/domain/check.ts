import { contains, formatNetwork } from "./address.ts";
import { formatRateLimit, measureOf, wordsOf } from "./address-measure.ts";
import type { Capacity } from "./capacity.ts";
import { type ExcessAfter, excessAfter, formatExcessAfter } from "./excess-after.ts";
import type { BlockChange, Check, ScaleChange } from "./proposal.ts";
import { MINUTE_MS, minutesIn, SECOND_MS } from "./time-window.ts";
import type { Breakdown, SliceRow } from "./traffic.ts";

/** Less than this of the log after the action is too little to judge by. */
const MIN_OBSERVED_MS = 5 * SECOND_MS;
/** What may still get through of what got through before, for a block to count as working: late nodes, clock skew. */
const LEAK_SHARE = 0.05;
/** Of those who are challenged, people pass: half gone is what a mixed network leaves. Chosen, not measured. */
const PASSED_SHARE = 0.5;
const MAY_PASS = { block: LEAK_SHARE, "rate-limit": LEAK_SHARE, challenge: PASSED_SHARE } as const;
/** AWS estimates rates, and takes its time to notice. Chosen, not measured. */
const ROUGHLY = 1.5;

/** What a look after an action knows beside the traffic itself. */
export interface Surroundings {
  /** What comes in a minute when nothing is unusual; null where no finding says. */
  readonly usualPerMin: number | null;
  /** The share of the excess that should have gone, 0–1; null where nobody predicted it. */
  readonly predictedRemoved: number | null;
  /** How the service is by its metrics, one sentence; null where they do not tell. */
  readonly load: string | null;
  /** Of the addresses, those that the firewall does not hold any more. */
  readonly missing: readonly string[];
}

/**
 * Judges a block by what still gets through, and by what became of the excess where the usual level is known.
 *
 * `breakdown` counts by `ip` what got through in the minutes before the action (its baseline) and after it (its
 * spike); null where there is no log to look at. `newestMs` is the newest record of that log, and `statuses` are those
 * that it did not count, since the firewall's rules answer so.
 */
export function checkBlock(
  look: {
    readonly change: BlockChange;
    readonly checkedMs: number;
    readonly breakdown: Breakdown | null;
    readonly newestMs: number | null;
    readonly statuses?: readonly number[];
  },
  around: Surroundings = NOTHING_KNOWN,
): Check {
  const { breakdown, checkedMs, newestMs, change, statuses = [] } = look;
  const unknown = { checkedMs, verdict: "cannot-tell", beforePerMin: null, afterPerMin: null } as const;
  if (breakdown === null) {
    return { ...unknown, statement: join(`${change.service} has no log to look at; not checked.`, around) };
  }
  const { baselineWindow, spikeWindow } = breakdown;
  if (spikeWindow.endMs - spikeWindow.startMs < MIN_OBSERVED_MS) {
    const statement = `Cannot tell yet: ${howFar(newestMs, baselineWindow.endMs, checkedMs)}.`;
    return { ...unknown, statement: join(statement, around) };
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
  const target = `${change.measure === undefined ? "was" : "is"} ${wordsOf(change).past}`;
  if (targetBefore === 0) {
    const but = statuses.length === 0 ? "" : ` that was not answered ${statuses.join(" or ")}, as the rule answers,`;
    const statement = `Cannot tell: what ${target} sent nothing${but} in the ${count(minutesIn(baselineWindow))} minutes before. ${whole}.`;
    return { ...measured, verdict: "cannot-tell", statement: join(statement, around) };
  }
  const drop = `What ${target} went from ${count(targetBefore)} to ${count(targetAfter)} requests a minute that get through${allowanceText(change)}`;
  const isGone = targetAfter <= targetBefore * MAY_PASS[measureOf(change)];
  const isStopped = isGone || targetAfter <= allowedPerMin(change, targets, minutesIn(spikeWindow));
  const excess = excessOf(around, beforePerMin, afterPerMin);
  const isPlain = isGone || (isStopped && excess?.isEnough === true);
  if (!isPlain && isTooEarly(change, spikeWindow.endMs - baselineWindow.endMs)) {
    const statement = `${WINDOW_NOT_OVER} ${drop}; ${whole}.`;
    return { ...measured, verdict: "cannot-tell", statement: join(statement, around) };
  }
  const verdict = isStopped && (excess === null || excess.isEnough) ? "worked" : "no-effect";
  const statement = `${headline(change, isStopped, excess)} ${drop}; ${whole}.`;
  return { ...measured, verdict, statement: join(statement, around) };
}

/**
 * What a limit lets through of those who were there after it, a minute; 0 for all else. In less time than its window, as
 * much as in the whole of it.
 */
function allowedPerMin({ rateLimit }: BlockChange, targets: readonly SliceRow[], mins: number): number {
  if (rateLimit === undefined) return 0;
  const clients = targets.filter((row) => row.spike.requests > 0).length;
  const windows = Math.max(1, (mins * 60) / rateLimit.windowSecs);
  return perMin(ROUGHLY * clients * rateLimit.limit * windows, mins);
}

const WINDOW_NOT_OVER = "Cannot tell yet: the limit counts over a window that is not over.";

function isTooEarly({ rateLimit }: BlockChange, sinceMs: number): boolean {
  return rateLimit !== undefined && sinceMs < rateLimit.windowSecs * SECOND_MS;
}

function allowanceText({ rateLimit }: BlockChange): string {
  return rateLimit === undefined ? "" : `, of ${formatRateLimit(rateLimit)} that each may send`;
}

/** Requests a minute on both sides of an action. */
export interface BeforeAndAfter {
  readonly beforePerMin: number;
  readonly afterPerMin: number;
}

/** A firewall that stops less than a tenth more than before stops nothing new. */
const MORE_STOPPED = 1.1;

/**
 * Judges a block where there is no log, by what got through in all and by what the firewall stopped.
 *
 * @param look.knownMs how long after the action the metrics reach; where they do not, 0
 * @param look.requests null where the metrics do not tell both sides yet; so for `blocked`, one of them is there
 */
export function checkBlockByMetrics(
  look: {
    readonly change: BlockChange;
    readonly checkedMs: number;
    readonly knownMs: number;
    readonly requests: BeforeAndAfter | null;
    readonly blocked: BeforeAndAfter | null;
  },
  around: Surroundings,
): Check {
  const { change, checkedMs, knownMs, requests, blocked } = look;
  const excess = requests === null ? null : excessOf(around, requests.beforePerMin, requests.afterPerMin);
  const stopsMore = blocked !== null && blocked.afterPerMin > MORE_STOPPED * blocked.beforePerMin;
  const isKnown = excess !== null || blocked !== null;
  const didWork = excess === null ? stopsMore : excess.isEnough;
  const isWaiting = isKnown && excess?.isEnough !== true && isTooEarly(change, knownMs);
  const verdict = !isKnown || isWaiting ? "cannot-tell" : didWork ? "worked" : "no-effect";
  const head = !isKnown
    ? `Cannot tell: neither the usual level nor what the firewall ${change.measure === "challenge" ? "challenges" : "stops"} is known.`
    : isWaiting
      ? WINDOW_NOT_OVER
      : headline(change, didWork || stopsMore, excess);
  const whole =
    requests === null
      ? ""
      : ` ${change.service} went from ${count(requests.beforePerMin)} to ${count(requests.afterPerMin)} requests a minute that get through, as the metrics have it.`;
  return {
    checkedMs,
    verdict,
    statement: join(`${head}${whole}`, around),
    beforePerMin: requests?.beforePerMin ?? null,
    afterPerMin: requests?.afterPerMin ?? null,
  };
}

const NOTHING_KNOWN: Surroundings = { usualPerMin: null, predictedRemoved: null, load: null, missing: [] };

function excessOf(around: Surroundings, beforePerMin: number, afterPerMin: number): ExcessAfter | null {
  const { usualPerMin, predictedRemoved: predicted } = around;
  return usualPerMin === null ? null : excessAfter({ usualPerMin, beforePerMin, afterPerMin, predicted });
}

function headline(of: BlockChange, isStopped: boolean, excess: ExcessAfter | null): string {
  const change = excess === null ? "" : `: ${formatExcessAfter(excess)}`;
  if (!isStopped) return `Not effective${change}.`;
  if (excess === null || excess.isEnough) return `Worked${change}.`;
  return `${wordsOf(of).done}, but without the effect that was hoped for${change}; something else came in its place.`;
}

function join(statement: string, { missing, load }: Surroundings): string {
  const [first] = missing;
  const gone =
    first === undefined
      ? []
      : [
          `The firewall does not hold ${missing.length === 1 ? formatNetwork(first) : `${missing.length} of the addresses`} any more.`,
        ];
  return [statement, ...gone, ...(load === null ? [] : [load])].join(" ");
}

/** Judges a scale-out by the instances in service; what they do for the load is told beside it, and not judged. */
export function checkScale(look: {
  readonly change: ScaleChange;
  readonly capacity: Capacity;
  readonly checkedMs: number;
  /** How the service is by its metrics, one sentence; null where they do not tell. */
  readonly load?: string | null;
}): Check {
  const { capacity, change, load = null } = look;
  const unmeasured = { checkedMs: look.checkedMs, beforePerMin: null, afterPerMin: null };
  const now = `${change.service} has ${capacity.running} of ${change.toInstances} instances in service`;
  const lowered =
    capacity.min < change.toInstances ? ` Its minimum is ${capacity.min} by now, which a policy may go down to.` : "";
  const more = `${lowered}${load === null ? "" : ` ${load}`}`;
  return capacity.running >= change.toInstances
    ? { ...unmeasured, verdict: "worked", statement: `Worked. ${now}.${more}` }
    : {
        ...unmeasured,
        verdict: "cannot-tell",
        statement: `Cannot tell yet: ${now}; new ones take minutes to boot.${more}`,
      };
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
