import { filteredDimensions } from "../src/domain/filtered-dimensions.ts";
import type { Dimension } from "../src/domain/traffic.ts";
import { UserError } from "../src/errors.ts";
import type { LogSlice } from "../src/ports/log-slice.ts";
import type { JobPayload, JobRun } from "../src/queue/jobs.ts";
import { record } from "../src/record.ts";
import { breakdownMessage } from "../src/slack/views/breakdown.ts";
import { DIMENSION_NAMES } from "../src/slack/views/names.ts";
import { count } from "../src/slack/views/numbers.ts";
import { cancelledMessage } from "../src/slack/views/progress.ts";
import { unlessCancelled } from "./cancelling.ts";
import type { JobContext } from "./context.ts";
import { showProgress } from "./shown-progress.ts";
import { whoAsked } from "./who-asked.ts";

/** Rows that a message shows; the rest is counted. */
const ROWS_SHOWN = 15;

/** Answers `/top`: one dimension of a window, compared with the window of the same length before it. */
export async function breakdown(run: JobRun<"breakdown">, context: JobContext): Promise<void> {
  const { store, messenger } = context;
  const { service, channelId, messageTs } = run.payload;
  const cancelledBy = await unlessCancelled(
    { by: async () => (await store.breakdownEnd({ channelId, messageTs }))?.cancelledBy ?? null, signal: run.signal },
    (signal) => answer(run.payload, signal, context),
    context,
  );
  if (cancelledBy === null) return;
  await messenger.update({ channelId, ts: messageTs }, cancelledMessage({ service, by: cancelledBy.name }));
}

/** Gives false where it was cancelled before the answer was there. */
async function answer(payload: JobPayload<"breakdown">, signal: AbortSignal, context: JobContext): Promise<boolean> {
  const { service, dimension, window, channelId, messageTs, userId } = payload;
  const logs = context.services[service]?.logs;
  if (!logs) {
    throw new UserError(
      "logs-not-configured",
      `${service} has no \`logs\` in spillway.yaml, so there is nothing to read.`,
    );
  }
  const message = { channelId, ts: messageTs };
  const progress = showProgress({ service, window, investigationId: null }, message, context);
  const before = { startMs: 2 * window.startMs - window.endMs, endMs: window.startMs };
  let slice: LogSlice | null = null;
  try {
    const filter = withoutUnset(payload.filter);
    slice = await logs.read({
      window: { startMs: before.startMs, endMs: window.endMs },
      dimensions: [dimension, ...filteredDimensions(filter)],
      signal,
      onProgress: progress.onProgress,
      onEstimate: progress.onEstimate,
    });
    const answered = await slice.breakdown({
      baseline: before,
      spike: window,
      dimensions: [dimension],
      topN: ROWS_SHOWN,
      filter,
    });
    if (!(await isStillWanted(message, context))) return false;
    // Written down before it is shown: a failure after that would take the answer's place.
    const top = answered.by[dimension]?.rows[0];
    await record(context, {
      key: `breakdown:${channelId}:${messageTs}`,
      kind: "breakdown",
      channelId,
      actor: await whoAsked(userId, context),
      text: top
        ? `Looked at the top ${DIMENSION_NAMES[dimension].many} of ${service}: ${top.value} leads with ${count(top.spike.requests)} of ${count(answered.spike.requests)} requests.`
        : `Looked at the top ${DIMENSION_NAMES[dimension].many} of ${service}: the log gives none.`,
      messageTs,
    });
    await progress.stop();
    const { intake } = slice;
    const { description } = logs;
    await context.messenger.update(
      message,
      breakdownMessage({ service, dimension, breakdown: answered, window, intake, filter, description }),
    );
    return true;
  } finally {
    // Also where the log was not read: late progress would take the place of what people are told then.
    await progress.stop();
    await slice?.close();
  }
}

/** Ends it; from here on nobody can cancel it. */
async function isStillWanted(
  { channelId, ts }: { readonly channelId: string; readonly ts: string },
  { store }: JobContext,
): Promise<boolean> {
  const at = { channelId, messageTs: ts };
  const isEnd = await store.endBreakdown({ ...at, state: "done", cancelledBy: null });
  return isEnd || (await store.breakdownEnd(at))?.state !== "cancelled";
}

type Values = Partial<Record<Dimension, string>>;

/** Zod's optional keys may hold undefined; the contract's may not. */
function withoutUnset(filter: { only?: Values | undefined; not?: Values | undefined }): {
  only?: Values;
  not?: Values;
} {
  return { ...(filter.only && { only: filter.only }), ...(filter.not && { not: filter.not }) };
}
