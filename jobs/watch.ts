import { setImmediate } from "node:timers/promises";
import { type Sighting, sightingIn } from "../src/domain/sighting.ts";
import { DAY_MS, MINUTE_MS } from "../src/domain/time-window.ts";
import type { MetricName } from "../src/domain/traffic.ts";
import type { MetricsSource } from "../src/ports/metrics-source.ts";
import type { JobRun } from "../src/queue/jobs.ts";
import { sightingMessage } from "../src/slack/views/sighting.ts";
import type { JobContext } from "./context.ts";

/** Three Mondays; and too long for steps of a minute, of which there would be five times as many to look at. */
const HISTORY_MS = 20 * DAY_MS;
/** What has not been seen for so long is over. */
const NEWS_MS = 30 * MINUTE_MS;
/** The first two say what happens to people, the others why. */
const WATCHED: readonly MetricName[] = ["requests", "errors5xx", "latency", "latencyP95"];

/**
 * Looks at the metrics of every service that is watched, and tells once an episode where they do what they have not done
 * before. It decides nothing and changes nothing.
 */
export async function watch(run: JobRun<"watch">, context: JobContext): Promise<void> {
  const failures: unknown[] = [];
  for (const [service, { watch: watched }] of Object.entries(context.config.services)) {
    const metrics = context.services[service]?.metrics ?? null;
    if (watched === undefined || metrics === null) continue;
    await look({ service, channelId: watched.channel, metrics }, run.signal, context).catch(
      (error: unknown) => void failures.push(error),
    );
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} services could not be watched`);
}

async function look(
  { service, channelId, metrics }: { service: string; channelId: string; metrics: MetricsSource },
  signal: AbortSignal,
  { store, messenger, clock }: JobContext,
): Promise<void> {
  const nowMs = clock.now();
  const [first, ...more] = await sightings(metrics, nowMs, signal);
  if (first === undefined) return;
  const all = [first, ...more] as const;
  const openedMs = Math.min(...all.map((sighting) => sighting.openedMs));
  const seenMs = Math.max(...all.map((sighting) => sighting.seenMs));
  if (!(await store.claimSighting({ service, openedMs, seenMs }))) return;
  try {
    await messenger.post({ channelId }, sightingMessage(service, all, nowMs));
  } catch (error) {
    await store.releaseSighting(service);
    throw error;
  }
}

async function sightings(metrics: MetricsSource, nowMs: number, signal: AbortSignal): Promise<readonly Sighting[]> {
  const all = await metrics.read({ startMs: nowMs - HISTORY_MS, endMs: nowMs }, signal);
  const found: Sighting[] = [];
  for (const series of WATCHED.flatMap((metric) => all.filter((one) => one.metric === metric))) {
    const sighting = sightingIn(series, nowMs - NEWS_MS);
    if (sighting !== null) found.push(sighting);
    // Each took a tenth of a second of the thread on which Slack waits for answers too.
    await setImmediate();
  }
  // Mean and 95th percentile rise together, and one line is enough.
  const hasMean = found.some(({ metric }) => metric === "latency");
  return found.filter(({ metric }) => !(hasMean && metric === "latencyP95"));
}
