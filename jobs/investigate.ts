import { filteredDimensions } from "../src/domain/filtered-dimensions.ts";
import { compareLogCount, type LogCount } from "../src/domain/log-count.ts";
import { SECOND_MS, type TimeWindow } from "../src/domain/time-window.ts";
import type { Intake, MetricSeries } from "../src/domain/traffic.ts";
import { UserError } from "../src/errors.ts";
import { type InvestigationResult, investigateSlice } from "../src/investigation.ts";
import type { Investigation, LogSlice, ServicePorts } from "../src/ports.ts";
import type { JobRun } from "../src/queue/jobs.ts";
import { record } from "../src/record.ts";
import { throttleUpdates } from "../src/slack/throttle.ts";
import { progressMessage } from "../src/slack/views/progress.ts";
import { verdictMessage } from "../src/slack/views/verdict.ts";
import type { JobContext } from "./context.ts";
import { uploadVerdictChart } from "./verdict-chart.ts";

/**
 * Pulls metrics and the matching slice of the logs, and turns the waiting message into the verdict.
 *
 * It only reads until the verdict is stored, so a second run repeats the first without harm.
 */
export async function investigate(run: JobRun<"investigate">, context: JobContext): Promise<void> {
  const investigation = await context.store.investigation(run.payload.investigationId);
  if (investigation === null || investigation.messageTs === null) {
    context.log.warn({ investigationId: run.payload.investigationId }, "investigation without a message");
    return;
  }
  const message = { channelId: investigation.channelId, ts: investigation.messageTs };
  const { logs, metrics } = readers(investigation.service, context);
  const span = withBaseline(investigation.window, context);
  const progress = throttleUpdates((shown) => context.messenger.update(message, shown), context.clock);
  const shown = { service: investigation.service, window: investigation.window };
  progress.offer(progressMessage({ ...shown, stage: "fetching", progress: null }));

  let slice: LogSlice | null = null;
  try {
    const pulledMetrics = readMetrics(metrics, span, run.signal, context);
    slice = await logs.read({
      window: span,
      dimensions: filteredDimensions(investigation.filter),
      signal: run.signal,
      onProgress: (read) => progress.offer(progressMessage({ ...shown, stage: "reading", progress: read })),
    });
    progress.offer(progressMessage({ ...shown, stage: "analysing", progress: null }));
    const metricsRead = await pulledMetrics;
    const result = await investigateSlice(slice, {
      service: investigation.service,
      span,
      baseline: null,
      filter: investigation.filter,
      metrics: metricsRead,
      limits: await limitsOf(investigation.service, context, run.signal),
    });
    await progress.stop();
    const { intake } = slice;
    const logCount = isFiltered(investigation)
      ? null
      : compareLogCount({ series: result.series, metrics: metricsRead, window: span, intake });
    await showVerdict(investigation, result, { intake, logCount, description: logs.description }, context);
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

async function limitsOf(name: string, context: JobContext, signal: AbortSignal) {
  const ports = context.services[name];
  const service = context.config.services[name];
  const capacity = await ports?.scaler?.read(signal).catch((error: unknown) => {
    context.log.warn({ err: error, service: name }, "capacity not read");
    return null;
  });
  return {
    neverBlock: service?.neverBlock ?? [],
    blocked: (await context.store.blocks({ service: name, state: ["active"] })).map(({ address }) => address),
    blockSecs: context.config.blocks.defaultSecs,
    maxAddresses: context.config.blocks.maxAddresses,
    capacity: capacity
      ? { ...capacity, max: Math.min(capacity.max, service?.scaling?.maxInstances ?? capacity.max) }
      : null,
    instanceHourUsd: service?.prices?.instanceHourUsd ?? null,
    mayBlock: ports?.firewall != null,
    offersForPast: false,
  };
}

async function showVerdict(
  investigation: Investigation,
  result: InvestigationResult,
  source: { readonly intake: Intake; readonly logCount: LogCount | null; readonly description: string },
  context: JobContext,
): Promise<void> {
  const { finding } = result;
  if (finding === null) {
    throw new UserError(
      "logs-empty",
      `No request of ${investigation.service}${isFiltered(investigation) ? " with this filter" : ""} was found in ${source.description} for this window. ` +
        "That is not the same as no traffic: the log may be late or elsewhere.",
    );
  }
  await context.store.finishInvestigation(investigation.id, { finding, intake: source.intake });
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
}

function isFiltered({ filter }: Investigation): boolean {
  return Object.keys({ ...filter.only, ...filter.not }).length > 0;
}
