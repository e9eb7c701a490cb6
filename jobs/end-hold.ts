import type { Proposal } from "../src/domain/proposal.ts";
import type { CapacityHold } from "../src/ports/remembered.ts";
import { record, SPILLWAY } from "../src/record.ts";
import { capacityQuestionMessage } from "../src/slack/views/capacity-question.ts";
import { noticeMessage } from "../src/slack/views/failure.ts";
import { showCard } from "./card.ts";
import type { JobContext } from "./context.ts";
import type { Ending } from "./end-blocks.ts";
import { scalerOf } from "./service-ports.ts";

/**
 * Puts capacity back as it was before the change. Where a person changed it since, asks what to do and holds it on;
 * nothing of it stays without somebody having said so.
 *
 * One at a time: what was read before another put it back, and somebody raised it again, must not be written after that.
 *
 * @param end.isForced where somebody answered that it is to be put back whatever it is now
 * @returns false where another process is at it
 */
export async function endHold(
  hold: CapacityHold,
  end: Ending & { readonly isForced?: boolean },
  context: JobContext,
): Promise<boolean> {
  const free = await context.store.tryLock(`capacity of ${hold.service}`);
  if (free === null) return false;
  try {
    await endHeld(hold, end, context);
    return true;
  } finally {
    await free();
  }
}

async function endHeld(
  hold: CapacityHold,
  end: Ending & { readonly isForced?: boolean },
  context: JobContext,
): Promise<void> {
  const { store, clock } = context;
  // A later scale-out may hold the service by now; that one is not to be put back.
  const isHeld = (await store.capacityHolds()).some(({ proposalId }) => proposalId === hold.proposalId);
  if (!isHeld) return;
  const proposal = await store.proposal(hold.proposalId);
  const { left, conflict } = await scalerOf(hold.service, context).restore(hold.before, {
    ...(proposal?.change.kind === "scale" && { raisedTo: proposal.change.toInstances }),
    isForced: end.isForced ?? false,
    signal: end.signal,
  });
  if (conflict !== undefined) return ask(hold, proposal, conflict, context);
  const isNews = await record(context, {
    key: `scale-back:${hold.proposalId}`,
    kind: "undo",
    channelId: hold.channelId,
    incidentId: proposal?.incidentId ?? null,
    actor: end.by ?? SPILLWAY,
    text: [`The scale-out of ${hold.service} ended: ${end.because}.`, ...left].join(" "),
  });
  if (isNews && left.length > 0) await tellLeft(hold, proposal, left, context);
  await store.addCapacityEnd({ proposalId: hold.proposalId, kind: "restored", by: end.by, atMs: clock.now() });
  // While the hold is there an interruption is found, and the card shown again.
  await showCard(hold.proposalId, context);
  await store.dropCapacityHold(hold.proposalId);
}

/** Asks in the thread of the card. Written down after it was asked: asked twice is better than never. */
async function ask(
  hold: CapacityHold,
  proposal: Proposal | null,
  conflict: string,
  context: JobContext,
): Promise<void> {
  const { store, clock, messenger } = context;
  const nowMs = clock.now();
  const now = await scalerOf(hold.service, context).read();
  const raisedTo = proposal?.change.kind === "scale" ? proposal.change.toInstances : now.min;
  const to = { channelId: hold.channelId, threadTs: proposal?.messageTs ?? null };
  const { ts } = await messenger.post(to, capacityQuestionMessage({ hold, conflict, now, raisedTo }));
  await store.setCapacityAsked(hold.proposalId, nowMs);
  await record(context, {
    key: `scale-asked:${hold.proposalId}`,
    kind: "undo",
    channelId: hold.channelId,
    incidentId: proposal?.incidentId ?? null,
    actor: SPILLWAY,
    text: `The scale-out of ${hold.service} was not put back: ${conflict}. Asked what to do.`,
    messageTs: ts,
  });
  await showCard(hold.proposalId, context);
}

/** What a policy holds up is no question, but nobody should find it by chance. */
async function tellLeft(
  hold: CapacityHold,
  proposal: Proposal | null,
  left: readonly string[],
  { messenger, log }: JobContext,
): Promise<void> {
  const to = { channelId: hold.channelId, threadTs: proposal?.messageTs ?? null };
  const text = `The scale-out of ${hold.service} ended. ${left.join(" ")}`;
  await messenger.post(to, noticeMessage(text)).catch((error: unknown) => {
    log.warn({ err: error, proposalId: hold.proposalId }, "what stays was not told");
  });
}
