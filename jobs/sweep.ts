import { actingFor } from "../src/acting-for.ts";
import { formatNetworks } from "../src/domain/address.ts";
import { wordsOf } from "../src/domain/address-measure.ts";
import type { Block, Proposal } from "../src/domain/proposal.ts";
import { startsLater } from "../src/domain/scale-span.ts";
import { HOUR_MS, MINUTE_MS } from "../src/domain/time-window.ts";
import { formatUtc } from "../src/domain/utc.ts";
import { UpstreamError, UserError } from "../src/errors.ts";
import type { CapacityHold } from "../src/ports/remembered.ts";
import type { JobRun } from "../src/queue/jobs.ts";
import { recordDone, SPILLWAY } from "../src/record.ts";
import { changeTitle } from "../src/slack/views/change.ts";
import { noticeMessage } from "../src/slack/views/failure.ts";
import { showCard } from "./card.ts";
import type { JobContext } from "./context.ts";
import { type Ending, endBlocks } from "./end-blocks.ts";
import { endHold } from "./end-hold.ts";
import { enqueueMissedChecks } from "./missed-checks.ts";
import { tellStuck } from "./stuck.ts";
import { warnOfEnds } from "./warn-ending.ts";

/** What was approved, or is to be undone, and is not done for so long, was interrupted or forgotten. */
const UNFINISHED_AFTER_MS = MINUTE_MS;
/** Capacity that nobody decides about costs money; by then somebody may also have put it back by hand. */
const ASK_AGAIN_MS = HOUR_MS;

/** Proposals whose blocks end side by side; each takes a connection to the store now and then. */
const ENDED_AT_ONCE = 20;

/**
 * Brings the world in line with the store: ends what has reached its end, takes up what a crash left. Times live in
 * the store, so a lost queue or a stopped process delays an end and never loses it.
 *
 * Each end is looked at anew when its turn comes: the firewall takes one write a second, and meanwhile people extend
 * and undo. Those that end together share a write.
 */
export async function sweep(run: JobRun<"sweep">, context: JobContext): Promise<void> {
  const { store, clock, queue } = context;
  const failures: unknown[] = [];
  const attempt = async (step: () => Promise<void>) => step().catch((error: unknown) => void failures.push(error));

  const due = [...new Set((await store.dueBlocks(clock.now())).map((block) => block.proposalId))];
  for (let first = 0; first < due.length; first += ENDED_AT_ONCE) {
    const together = due.slice(first, first + ENDED_AT_ONCE);
    await Promise.all(together.map((id) => attempt(() => endDueBlocks(id, run.signal, context))));
  }
  for (const hold of await store.capacityHolds()) {
    await attempt(() => endDueHold(hold, run.signal, context));
  }
  for (const proposal of await store.openProposals()) {
    await attempt(() => expireOffer(proposal, context));
  }
  for (const { id, change } of await store.unfinishedProposals(clock.now() - UNFINISHED_AFTER_MS)) {
    if (startsLater(change, clock.now())) continue;
    await attempt(() => queue.enqueue("apply", { proposalId: id }, { id: `apply-${id}` }));
  }
  for (const { id, atMs: _, ...asked } of await store.undoWishes(clock.now() - UNFINISHED_AFTER_MS)) {
    await attempt(() => queue.enqueue("undo", { ...asked, wishId: id }, { id }));
  }
  await attempt(() => enqueueMissedChecks(context));
  await attempt(() => warnOfEnds(context));
  await attempt(() => planEnds(context));
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} steps of the sweep failed`);
}

/** What ends sooner than this gets a sweep of its own at that moment. The next sweep plans anew what a queue has lost. */
const PLANNED_AHEAD_MS = MINUTE_MS;

async function planEnds({ store, clock, queue }: JobContext): Promise<void> {
  const nowMs = clock.now();
  const soon = (await store.dueBlocks(nowMs + PLANNED_AHEAD_MS)).filter(({ expiresMs }) => expiresMs > nowMs);
  for (const endMs of new Set(soon.map(({ expiresMs }) => expiresMs))) {
    await queue.enqueue("sweep", {}, { id: `end-${endMs}`, delayMs: endMs - nowMs });
  }
}

async function endDueBlocks(proposalId: string, signal: AbortSignal, context: JobContext): Promise<void> {
  const proposal = await context.store.proposal(proposalId);
  if (proposal === null) return;
  const due = (await context.store.dueBlocks(context.clock.now())).filter((block) => block.proposalId === proposalId);
  const [first, ...more] = due;
  if (first === undefined) return;
  const addresses = formatNetworks(due.map((block: Block) => block.address));
  await endOrTell(
    `The ${wordsOf(first).noun} of ${addresses} on ${first.service}`,
    first.expiresMs,
    proposal,
    context,
    () => {
      const end = { ...ending(proposal, signal), isBeingApplied: isBeingApplied(proposal) };
      return endBlocks([first, ...more], end, context);
    },
  );
}

async function endDueHold(hold: CapacityHold, signal: AbortSignal, context: JobContext): Promise<void> {
  const proposal = await context.store.proposal(hold.proposalId);
  if (proposal === null || isBeingApplied(proposal)) return;
  const nowMs = context.clock.now();
  // One that has an end already is what a crash left between two steps of that end.
  const isOver = proposal.state === "failed" || (await context.store.capacityEnd(proposal.id)) !== null;
  if (hold.untilMs > nowMs && !isOver) return;
  if (hold.askedMs !== undefined && nowMs < hold.askedMs + ASK_AGAIN_MS) return;
  await endOrTell(`The scale-out of ${hold.service}`, hold.untilMs, proposal, context, () =>
    endHold(hold, ending(proposal, signal), context),
  );
}

/** What apply is at work on may come back when it was put back under its hands. */
function isBeingApplied({ state }: Proposal): boolean {
  return state === "approved" || state === "executing";
}

function ending({ state }: Proposal, signal: AbortSignal): Ending {
  const isFailed = state === "failed";
  const because = isFailed ? "it was not carried out, so nothing of it stays" : "its time was up";
  return { by: null, because, signal };
}

async function endOrTell(
  what: string,
  dueMs: number,
  proposal: Proposal,
  context: JobContext,
  end: () => Promise<unknown>,
): Promise<void> {
  try {
    await actingFor(proposal, end);
  } catch (error) {
    const isHopeless = error instanceof UserError || (error instanceof UpstreamError && !error.retryable);
    await tellStuck({ what, dueMs, proposal, error, isHopeless }, context).catch((failure: unknown) =>
      context.log.warn({ err: failure, proposalId: proposal.id }, "nobody could be told"),
    );
    throw error;
  }
}

/** Nobody was there to hear the buttons go, so it is said once more under the card. */
async function expireOffer(proposal: Proposal, context: JobContext): Promise<void> {
  const { id, state, expiresMs, channelId, messageTs } = proposal;
  const nowMs = context.clock.now();
  if (state !== "pending" || expiresMs > nowMs) return;
  const isMoved = await context.store.moveProposal({ id, from: "pending", to: "expired", by: null, atMs: nowMs });
  if (!isMoved) return;
  await showCard(id, context);
  const text = `The offer expired at ${formatUtc(expiresMs)} without an answer, and nothing was done: ${changeTitle(proposal.change)}.`;
  await recordDone(context, {
    key: `expiry:${id}`,
    kind: "refusal",
    channelId,
    incidentId: proposal.incidentId,
    actor: SPILLWAY,
    text,
    occurredMs: nowMs,
    messageTs,
  });
  if (messageTs === null) return;
  const again = `${text} Ask for it again where it is still needed; it is checked anew.`;
  await context.messenger
    .post({ channelId, threadTs: messageTs }, noticeMessage(again))
    .catch((error: unknown) => context.log.warn({ err: error, proposalId: id }, "expiry not told"));
}
