import type { Person } from "../src/domain/proposal.ts";
import type { TimeWindow } from "../src/domain/time-window.ts";
import type { Dimension, TrafficFilter } from "../src/domain/traffic.ts";
import { UserError } from "../src/errors.ts";
import type { Investigation } from "../src/ports/remembered.ts";
import { recordDone } from "../src/record.ts";
import { failureMessage } from "../src/slack/views/failure.ts";
import { progressMessage } from "../src/slack/views/progress.ts";
import type { CommandContext } from "./context.ts";

interface Question {
  readonly service: string;
  readonly window: TimeWindow;
  readonly filter: TrafficFilter;
  readonly channelId: string;
  readonly threadTs: string | null;
}

/** Begins a `/spike`: a row, a message that waits for the verdict, a job. Nothing is left behind where one fails. */
export async function startInvestigation(question: Question, by: Person, context: CommandContext): Promise<void> {
  const { store, messenger, queue } = context;
  const { service, window, filter, channelId, threadTs } = question;
  const id = context.ids.next();
  await store.createInvestigation({
    id,
    service,
    channelId,
    requestedBy: by,
    window,
    filter,
    messageTs: null,
    createdMs: context.clock.now(),
    state: "running",
    cancelledBy: null,
    finding: null,
    intake: null,
    incidentId: (await store.openIncident(channelId))?.id ?? null,
  });
  const { ts } = await postWaiting(question, context).catch(async (error: unknown) => {
    await store.finishInvestigation(id, "failed");
    throw error;
  });
  try {
    await store.setInvestigationMessage(id, ts);
    await queue.enqueue("investigate", { investigationId: id }, { id });
  } catch (error) {
    await messenger.update({ channelId, ts }, NOT_STARTED);
    await store.finishInvestigation(id, "failed");
    throw error;
  }
  await recordDone(context, {
    key: `investigation:${id}`,
    kind: "investigation",
    channelId,
    actor: by,
    text: `Asked what is going on at ${service}.`,
    messageTs: ts,
  });

  async function postWaiting(asked: Question, { messenger: speaker }: CommandContext) {
    const waiting = progressMessage({
      service: asked.service,
      window: asked.window,
      stage: "starting",
      progress: null,
      investigationId: id,
    });
    return speaker.post({ channelId, threadTs }, waiting);
  }
}

/** Begins a `/top`: a message that waits for the answer, and a job. */
export async function startBreakdown(
  question: Question & { readonly dimension: Dimension },
  userId: string,
  { messenger, queue }: CommandContext,
): Promise<void> {
  const { service, dimension, window, filter, channelId, threadTs } = question;
  const waiting = progressMessage({ service, window, stage: "starting", progress: null, investigationId: null });
  const { ts } = await messenger.post({ channelId, threadTs }, waiting);
  try {
    const payload = { service, dimension, window, filter, channelId, messageTs: ts, userId };
    await queue.enqueue("breakdown", payload, { id: `breakdown-${channelId}-${ts}` });
  } catch (error) {
    await messenger.update({ channelId, ts }, NOT_STARTED);
    throw error;
  }
}

const NOT_STARTED = failureMessage({
  what: "Not started: the queue or the database did not answer. Ask again in a minute.",
  errorId: null,
});

/** @throws {UserError} `investigation-unknown` for a button of a message that outlived its row */
export async function investigationFor(id: string, { store }: CommandContext): Promise<Investigation> {
  const investigation = await store.investigation(id);
  if (investigation !== null) return investigation;
  throw new UserError("investigation-unknown", "This verdict is not known any more; ask anew with `/spike`.");
}
