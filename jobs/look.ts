/** Looking at what an applied change did: the firewall or the group, the log, the metrics. */
import { contains } from "../src/domain/address.ts";
import { measureOf } from "../src/domain/address-measure.ts";
import {
  type BeforeAndAfter,
  checkBlock,
  checkBlockByMetrics,
  checkScale,
  type Surroundings,
} from "../src/domain/check.ts";
import { levelIn, loadAfter } from "../src/domain/load-after.ts";
import type { BlockChange, Change, Check, Proposal, Receipt, ScaleChange } from "../src/domain/proposal.ts";
import { STOP_STATUS } from "../src/domain/stop-status.ts";
import { MINUTE_MS, SECOND_MS } from "../src/domain/time-window.ts";
import type { MetricName, MetricSeries, TrafficFilter, TrafficSeries } from "../src/domain/traffic.ts";
import { UpstreamError, UserError } from "../src/errors.ts";
import type { LogSlice } from "../src/ports/log-slice.ts";
import type { JobContext } from "./context.ts";
import { firewallOf, scalerOf } from "./service-ports.ts";
import { usualLevel } from "./usual-level.ts";
import { withSamples } from "./with-samples.ts";

/** How much before the action is held against what came after it. */
const BEFORE_MS = 5 * MINUTE_MS;
/** WAF tells its nodes within seconds, now and then later; what gets through in that time says nothing. */
const SETTLING_MS = 5 * SECOND_MS;
/** Only the newest of what came after is judged, so that a node which heard late does not count for ever. */
const AFTER_MS = 2 * MINUTE_MS;
/** CloudWatch's minutes are a minute or two late, so more of them are asked for. */
const METRICS_AFTER_MS = 4 * MINUTE_MS;
/** What a rule answers where nobody said otherwise, or where the rules may not be read. */
const USUAL_STATUSES = {
  block: [STOP_STATUS.BLOCK],
  "rate-limit": [STOP_STATUS.BLOCK],
  challenge: [STOP_STATUS.CHALLENGE],
} as const;

/** What was seen, and what there is to draw of it. */
export interface Seen {
  readonly check: Check;
  /** What got through before and after; null where there is no log. */
  readonly series: TrafficSeries | null;
  readonly usualPerMin: number | null;
  /** Whether a later look may see more. */
  readonly mayTellLater: boolean;
}

/** Looks once. Where there is nothing to see yet, that is what was seen. */
export async function look(
  proposal: Proposal,
  /** What of it holds. */
  change: Change,
  receipt: Receipt,
  signal: AbortSignal,
  context: JobContext,
): Promise<Seen> {
  try {
    if (change.kind === "scale") return await lookAtCapacity(change, receipt, signal, context);
    const seen = await lookAtBlock(proposal, change, receipt, signal, context);
    const samplesSinceMs = Math.max(receipt.appliedMs + SETTLING_MS, seen.check.checkedMs - METRICS_AFTER_MS);
    return { ...seen, check: await withSamples(seen.check, change, samplesSinceMs, signal, context) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // Such as a log of which not one file is there yet.
    const statement = `Cannot tell yet: ${error.message}`;
    const checkedMs = context.clock.now();
    const check = { checkedMs, verdict: "cannot-tell", statement, beforePerMin: null, afterPerMin: null } as const;
    return { check, series: null, usualPerMin: null, mayTellLater: true };
  }
}

async function lookAtBlock(
  proposal: Proposal,
  change: BlockChange,
  receipt: Receipt,
  signal: AbortSignal,
  context: JobContext,
): Promise<Seen> {
  const { appliedMs } = receipt;
  const checkedMs = context.clock.now();
  const metrics = await readMetrics(change.service, appliedMs, signal, context);
  const around: Surroundings = {
    usualPerMin: await usualLevel(proposal, context),
    predictedRemoved: proposal.predicted?.excessRemoved ?? null,
    load: metrics.load,
    missing: await missingFrom(change, signal, context),
  };
  const logs = context.services[change.service]?.logs ?? null;
  if (logs === null) return lookAtMetrics({ change, checkedMs, around, metrics });

  const statuses = await stopStatuses(change, signal, context);
  const gotThrough = { noneOf: { status: statuses.map(String) } };
  const before = { startMs: appliedMs - BEFORE_MS, endMs: appliedMs };
  const slice = await logs.read({ window: { startMs: before.startMs, endMs: checkedMs }, signal });
  try {
    const newestMs = slice.intake.lastMs;
    const settledMs = appliedMs + SETTLING_MS;
    const endMs = Math.max(settledMs, Math.min(checkedMs, newestMs ?? 0));
    const breakdown = await slice.breakdown({
      baseline: before,
      spike: { startMs: Math.max(settledMs, endMs - AFTER_MS), endMs },
      dimensions: ["ip"],
      topN: 100_000,
      filter: gotThrough,
    });
    const check = checkBlock({ change, checkedMs, breakdown, newestMs, statuses }, around);
    const series = await seriesOf(slice, { startMs: before.startMs, endMs }, gotThrough);
    return { check, series, usualPerMin: around.usualPerMin, mayTellLater: true };
  } finally {
    await slice.close();
  }
}

/** Second best to a log: how much got through in all, and how much was stopped. */
function lookAtMetrics(seen: {
  readonly change: BlockChange;
  readonly checkedMs: number;
  readonly around: Surroundings;
  readonly metrics: Metrics;
}): Seen {
  const { change, checkedMs, around, metrics } = seen;
  const { requests } = metrics;
  const blocked = change.measure === "challenge" ? metrics.challenged : metrics.blocked;
  const check =
    requests === null && blocked === null
      ? checkBlock({ change, checkedMs, breakdown: null, newestMs: null }, around)
      : checkBlockByMetrics({ change, checkedMs, knownMs: metrics.knownMs, requests, blocked }, around);
  return { check, series: null, usualPerMin: around.usualPerMin, mayTellLater: metrics.areKept };
}

/** Steps that make a picture of a minute, and of ten. */
async function seriesOf(
  slice: LogSlice,
  window: { startMs: number; endMs: number },
  filter: TrafficFilter,
): Promise<TrafficSeries> {
  const stepMs = window.endMs - window.startMs > 2 * BEFORE_MS ? 30 * SECOND_MS : 10 * SECOND_MS;
  const steps = Math.floor((window.endMs - window.startMs) / stepMs);
  const whole = { startMs: window.startMs, endMs: window.startMs + steps * stepMs };
  return slice.series({ window: whole, stepMs, filter });
}

/**
 * A load balancer logs what its firewall stopped, too, with the status that the rule gives: that did not get through.
 *
 * @throws {UpstreamError} where it may be known later
 */
async function stopStatuses(change: BlockChange, signal: AbortSignal, context: JobContext): Promise<readonly number[]> {
  const usual = USUAL_STATUSES[measureOf(change)];
  try {
    const known = await firewallOf(change, context).stopStatuses(signal);
    return known.length === 0 ? usual : known;
  } catch (error) {
    if (signal.aborted || !(error instanceof UpstreamError) || error.retryable) throw error;
    context.log.warn({ err: error, service: change.service }, "rules not read for the check");
    return usual;
  }
}

async function lookAtCapacity(
  change: ScaleChange,
  { appliedMs }: Receipt,
  signal: AbortSignal,
  context: JobContext,
): Promise<Seen> {
  const capacity = await scalerOf(change.service, context).read(signal);
  const { load } = await readMetrics(change.service, appliedMs, signal, context);
  const check = checkScale({ change, capacity, load, checkedMs: context.clock.now() });
  return { check, series: null, usualPerMin: null, mayTellLater: true };
}

interface Metrics {
  /** How the service is, one sentence; null where nothing reaches past the action. */
  readonly load: string | null;
  /** Requests a minute that got through, that were stopped, and that were challenged; null where either side is not known. */
  readonly requests: BeforeAndAfter | null;
  readonly blocked: BeforeAndAfter | null;
  readonly challenged: BeforeAndAfter | null;
  /** How long after the action they reach; 0 where they do not. */
  readonly knownMs: number;
  /** Whether requests or blocks are counted at all, so that they will be known. */
  readonly areKept: boolean;
}

/** By which a block is judged where there is no log. */
const COUNTED = ["requests", "blockedRequests"] as const satisfies readonly MetricName[];

/** Metrics only tell more: without them, the look is as good as the log. */
async function readMetrics(
  service: string,
  appliedMs: number,
  signal: AbortSignal,
  context: JobContext,
): Promise<Metrics> {
  const source = context.services[service]?.metrics ?? null;
  const nowMs = context.clock.now();
  const before = { startMs: appliedMs - BEFORE_MS, endMs: appliedMs };
  const after = { startMs: Math.max(appliedMs + SETTLING_MS, nowMs - METRICS_AFTER_MS), endMs: nowMs };
  const series = await readSeries();
  const named = (name: MetricName) => series.find(({ metric }) => metric === name);
  const sides = (name: MetricName) => {
    const [was, is] = [levelIn(named(name), before), levelIn(named(name), after)];
    return was === null || is === null ? null : { beforePerMin: was, afterPerMin: is };
  };
  return {
    load: loadAfter(series, { before, after }),
    requests: sides("requests"),
    blocked: sides("blockedRequests"),
    challenged: sides("challengedRequests"),
    knownMs: Math.max(0, ...COUNTED.map((name) => Math.min(nowMs, knownUntilMs(named(name))) - appliedMs)),
    areKept: named("requests") !== undefined || named("blockedRequests") !== undefined,
  };

  async function readSeries(): Promise<readonly MetricSeries[]> {
    try {
      return source === null ? [] : await source.read({ startMs: before.startMs, endMs: nowMs }, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      context.log.warn({ err: error, service }, "metrics not read for the check");
      return [];
    }
  }
}

/** The end of the last step of which something is known; 0 where nothing is. */
function knownUntilMs(series: MetricSeries | undefined): number {
  const last = series?.values.findLastIndex((value) => value !== null) ?? -1;
  return series === undefined || last < 0 ? 0 : series.startMs + (last + 1) * series.stepMs;
}

/** What the firewall was told, it may have been told otherwise since, by whoever else writes to it. */
async function missingFrom(change: BlockChange, signal: AbortSignal, context: JobContext): Promise<readonly string[]> {
  const held = await firewallOf(change, context).list(signal);
  const known = new Set(held);
  return change.addresses.filter(
    (address) => !known.has(address) && !held.some((network) => contains(network, address)),
  );
}
