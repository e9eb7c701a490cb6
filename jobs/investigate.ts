import { filteredDimensions } from "../src/domain/filtered-dimensions.ts";
import { compareLogCount, type LogCount } from "../src/domain/log-count.ts";
import type { Counts } from "../src/domain/season.ts";
import { DAY_MS, SECOND_MS, type TimeWindow } from "../src/domain/time-window.ts";
import type { Intake, MetricSeries } from "../src/domain/traffic.ts";
import { UserError } from "../src/errors.ts";
import { checkCrawlers } from "../src/guarding.ts";
import { INVESTIGATED } from "../src/investigated.ts";
import { type InvestigationResult, investigateSlice } from "../src/investigation.ts";
import type { LogSlice } from "../src/ports/log-slice.ts";
import type { Investigation } from "../src/ports/remembered.ts";
import type { ServicePorts } from "../src/ports.ts";
import type { JobRun } from "../src/queue/jobs.ts";
import { record } from "../src/record.ts";
import { cancelledMessage } from "../src/slack/views/progress.ts";
import { verdictMessage } from "../src/slack/views/verdict.ts";
import { unlessCancelled } from "./cancelling.ts";
import type { JobContext } from "./context.ts";
import { limitsOf } from "./limits.ts";
import { showProgress } from "./shown-progress.ts";
import { uploadVerdictChart } from "./verdict-chart.ts";

/**
 * Pulls metrics and the matching slice of the logs, and turns the waiting message into the verdict.
 *
 * It only reads until the verdict is stored, so a second run repeats the first without harm. What was cancelled is not
 * begun again, and its message says so last of all.
 */
export async function investigate(run: JobRun<"investigate">, context: JobContext): Promise<void> {
  const { store, messenger, log } = context;
  const { investigationId: id } = run.payload;
  const investigation = await store.investigation(id);
  if (investigation === null || investigation.messageTs === null) {
    log.warn({ investigationId: id }, "investigation without a message");
    return;
  }
  const { service, channelId, messageTs } = investigation;
  const message = { channelId, ts: messageTs };
  const cancelledBy = await unlessCancelled(
    { by: async () => (await store.investigation(id))?.cancelledBy ?? null, signal: run.signal },
    (signal) => answer(investigation, message, signal, context),
    context,
  );
  if (cancelledBy !== null) await messenger.update(message, cancelledMessage({ service, by: cancelledBy.name }));
}

/** Gives false where it was cancelled before the answer was there. */
async function answer(
  investigation: Investigation,
  message: { readonly channelId: string; readonly ts: string },
  signal: AbortSignal,
  context: JobContext,
): Promise<boolean> {
  const { id, service, window, filter } = investigation;
  const { logs, metrics } = readers(service, context);
  const span = withBaseline(window, context);
  const progress = showProgress({ service, window, investigationId: id }, message, context);
  progress.say("fetching");

  let slice: LogSlice | null = null;
  try {
    const pulledMetrics = readMetrics(metrics, span, signal, context);
    const pulledHistory = isFiltered(investigation) ? null : readHistory(metrics, span, signal, context);
    const { onProgress, onEstimate } = progress;
    slice = await logs.read({
      window: span,
      dimensions: [...new Set([...filteredDimensions(filter), ...INVESTIGATED.dimensions])],
      latencies: INVESTIGATED.latencies,
      signal,
      onProgress,
      onEstimate,
    });
    progress.say("analysing");
    const metricsRead = await pulledMetrics;
    const limits = await limitsOf(service, context, signal);
    const result = await investigateSlice(slice, {
      service,
      span,
      baseline: null,
      filter,
      metrics: metricsRead,
      history: await pulledHistory,
      limits,
      checkCrawlers: (clients) => checkCrawlers(clients, { ...context, ranges: limits.guarded }),
    });
    await progress.stop();
    const { intake } = slice;
    const logCount = isFiltered(investigation)
      ? null
      : compareLogCount({ series: result.series, metrics: metricsRead, window: span, intake });
    return await showVerdict(investigation, result, { intake, logCount, description: logs.description }, context);
  } finally {
    // Also where the log was not read: late progress would take the place of what people are told then.
    await progress.stop();
    await slice?.close();
  }
}

function readers(
  service: string,
  context: JobContext,
): Pick<ServicePorts, "metrics"> & { logs: NonNullable<ServicePorts["logs"]> } {
  const ports = context.services[service];
  if (ports === undefined) {
    throw new UserError(
      "service-unknown",
      `"${service}" is not configured any more; \`/spillway help\` lists the services.`,
    );
  }
  if (ports.logs === null) {
    throw new UserError(
      "logs-not-configured",
      `${service} has no \`logs\` in spillway.yaml, so there is nothing to read.`,
    );
  }
  return { logs: ports.logs, metrics: ports.metrics };
}

function withBaseline(window: TimeWindow, context: JobContext): TimeWindow {
  return { startMs: window.startMs - context.config.spike.baselineSecs * SECOND_MS, endMs: window.endMs };
}

/** Metrics add to a verdict; without them it is still made, and says less. */
async function readMetrics(
  source: ServicePorts["metrics"],
  span: TimeWindow,
  signal: AbortSignal,
  context: JobContext,
): Promise<readonly MetricSeries[]> {
  if (source === null) return [];
  try {
    return await source.read(span, signal);
  } catch (error) {
    context.log.warn({ err: error }, "metrics not read");
    return [];
  }
}

/** Twice each day of the week. */
const HISTORY_MS = 14 * DAY_MS;

/** What the days before were like tells a rise of every day from one that is news; without it both are told. */
async function readHistory(
  source: ServicePorts["metrics"],
  { startMs }: TimeWindow,
  signal: AbortSignal,
  context: JobContext,
): Promise<Counts | null> {
  if (source === null) return null;
  try {
    const read = await source.read({ startMs: startMs - HISTORY_MS, endMs: startMs }, signal, ["requests"]);
    const requests = read.find(({ metric }) => metric === "requests");
    return requests === undefined
      ? null
      : { ...requests, requests: requests.values.map((value) => value ?? Number.NaN) };
  } catch (error) {
    context.log.warn({ err: error }, "history of requests not read");
    return null;
  }
}

async function showVerdict(
  investigation: Investigation,
  result: InvestigationResult,
  source: { readonly intake: Intake; readonly logCount: LogCount | null; readonly description: string },
  context: JobContext,
): Promise<boolean> {
  const { finding } = result;
  if (finding === null) {
    throw new UserError(
      "logs-empty",
      `No request of ${investigation.service}${isFiltered(investigation) ? " with this filter" : ""} was found in ${source.description} for this window. ` +
        "That is not the same as no traffic: the log may be late or elsewhere.",
    );
  }
  const { intake } = source;
  if (!(await context.store.finishInvestigation(investigation.id, { finding, intake }))) return false;
  // Before it is shown: a failure after that would take the verdict's place.
  await record(context, {
    key: `finding:${investigation.id}`,
    kind: "finding",
    channelId: investigation.channelId,
    actor: investigation.requestedBy,
    text: finding.verdict,
    messageTs: investigation.messageTs,
  });
  const chartFileId = await uploadVerdictChart(investigation, result, finding, context);
  await context.messenger.update(
    { channelId: investigation.channelId, ts: investigation.messageTs as string },
    verdictMessage({ ...source, investigation, finding, chartFileId, breakdown: result.breakdown }),
  );
  return true;
}

function isFiltered({ filter }: Investigation): boolean {
  return Object.keys({ ...filter.only, ...filter.not }).length > 0;
}
