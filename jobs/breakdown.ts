import { filteredDimensions } from "../src/domain/filtered-dimensions.ts";
import type { Dimension } from "../src/domain/traffic.ts";
import { UserError } from "../src/errors.ts";
import type { LogSlice } from "../src/ports.ts";
import type { JobRun } from "../src/queue/jobs.ts";
import { record } from "../src/record.ts";
import { throttleUpdates } from "../src/slack/throttle.ts";
import { breakdownMessage } from "../src/slack/views/breakdown.ts";
import { progressMessage } from "../src/slack/views/progress.ts";
import type { JobContext } from "./context.ts";
import { whoAsked } from "./who-asked.ts";

/** Rows that a message shows; the rest is counted. */
const ROWS_SHOWN = 15;

/** Answers `/top`: one dimension of a window, compared with the window of the same length before it. */
export async function breakdown(run: JobRun<"breakdown">, context: JobContext): Promise<void> {
  const { service, dimension, window, channelId, messageTs, userId } = run.payload;
  const logs = context.services[service]?.logs;
  if (!logs) {
    throw new UserError(
      "logs-not-configured",
      `${service} has no \`logs\` in spillway.yaml, so there is nothing to read.`,
    );
  }
  const message = { channelId, ts: messageTs };
  const progress = throttleUpdates((shown) => context.messenger.update(message, shown), context.clock);
  const before = { startMs: 2 * window.startMs - window.endMs, endMs: window.startMs };
  let slice: LogSlice | null = null;
  try {
    const filter = withoutUnset(run.payload.filter);
    slice = await logs.read({
      window: { startMs: before.startMs, endMs: window.endMs },
      dimensions: [dimension, ...filteredDimensions(filter)],
      signal: run.signal,
      onProgress: (read) => progress.offer(progressMessage({ service, window, stage: "reading", progress: read })),
    });
    const answer = await slice.breakdown({
      baseline: before,
      spike: window,
      dimensions: [dimension],
      topN: ROWS_SHOWN,
      filter,
    });
    // Written down before it is shown: a failure after that would take the answer's place.
    const top = answer.by[dimension]?.rows[0];
    await record(context, {
      key: `breakdown:${channelId}:${messageTs}`,
      kind: "breakdown",
      channelId,
      actor: await whoAsked(userId, context),
      text: top
        ? `Looked at the top ${dimension} of ${service}: ${top.value} leads with ${top.spike.requests} of ${answer.spike.requests} requests.`
        : `Looked at the top ${dimension} of ${service}: the log gives none.`,
      messageTs,
    });
    await progress.stop();
    await context.messenger.update(
      message,
      breakdownMessage({
        service,
        dimension,
        breakdown: answer,
        window,
        intake: slice.intake,
        filter,
        description: logs.description,
      }),
    );
  } finally {
    // Also where the log was not read: late progress would take the place of what people are told then.
    await progress.stop();
    await slice?.close();
  }
}

type Values = Partial<Record<Dimension, string>>;

/** Zod's optional keys may hold undefined; the contract's may not. */
function withoutUnset(filter: { only?: Values | undefined; not?: Values | undefined }): {
  only?: Values;
  not?: Values;
} {
  return { ...(filter.only && { only: filter.only }), ...(filter.not && { not: filter.not }) };
}
