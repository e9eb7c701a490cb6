import { decideApproval } from "../src/domain/approval.ts";
import type { Person, Proposal } from "../src/domain/proposal.ts";
import { UpstreamError, UserError } from "../src/errors.ts";
import { recordDone } from "../src/record.ts";
import { ACTION } from "../src/slack/action-ids.ts";
import type { ButtonHandler, Click } from "../src/slack/command.ts";
import { changeTitle } from "../src/slack/views/change.ts";
import { noticeMessage } from "../src/slack/views/failure.ts";
import { actorOf } from "./actor.ts";
import { proposalFor, refreshCard } from "./card.ts";
import type { CommandContext } from "./context.ts";
import { endedText } from "./ended.ts";
import { digestOf } from "./propose.ts";

/**
 * Approves a proposal. Of any number of clicks, on any number of machines, one moves the row; every other one is told
 * why not. What follows the move may fail and is made up for by the sweep.
 */
export const approve: ButtonHandler<CommandContext> = {
  actionId: ACTION.approve,
  run: async (click, context) => {
    const proposal = await proposalFor(click.value, context);
    const approver = await actorOf(click, context);
    await refuseUnlessAllowed(proposal, approver, context);
    const { id, digest } = proposal;
    const atMs = context.clock.now();
    const isFirst = await context.store.moveProposal({
      id,
      from: "pending",
      to: "approved",
      by: approver,
      atMs,
      digest,
    });
    if (!isFirst) {
      await refuseUnlessAllowed(await proposalFor(id, context), approver, context);
      throw new UserError("approval-lost", "Somebody else was faster; the card shows what they decided.");
    }
    // First of all: in a busy channel Slack makes the card wait for seconds.
    await enqueueApply(id, click, context);
    await refreshCard(id, context);
    await recordDone(context, {
      key: `approval:${id}`,
      kind: "approval",
      channelId: proposal.channelId,
      incidentId: proposal.incidentId,
      actor: approver,
      text: `Approved: ${changeTitle(proposal.change)}, asked for by ${proposal.requestedBy.name}.`,
      occurredMs: atMs,
      messageTs: proposal.messageTs,
    });
  },
};

/** @throws {UserError} with the code of why not; the card is refreshed, as it may be stale */
async function refuseUnlessAllowed(proposal: Proposal, approver: Person, context: CommandContext): Promise<void> {
  const decision = decideApproval({
    proposal,
    approver,
    policy: context.config.approvals,
    nowMs: context.clock.now(),
    digest: digestOf(proposal.change),
  });
  if (decision.allowed) return;
  if (decision.code !== "own-request" && decision.code !== "not-an-approver") await refreshCard(proposal.id, context);
  throw new UserError(decision.code, (await endedText(proposal, context)) ?? decision.reason);
}

/** The approval stands whether or not the queue takes the job: the sweep looks for what was left. */
async function enqueueApply(proposalId: string, click: Click, context: CommandContext): Promise<void> {
  try {
    await context.queue.enqueue("apply", { proposalId }, { id: `apply-${proposalId}` });
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    context.log.warn({ err: error, proposalId }, "approved, but the queue did not answer");
    await context.messenger.whisper(
      click,
      noticeMessage(
        "Approved, and kept. The queue did not answer, so it is carried out as soon as it does, within a minute or two of that; no need to click again.",
      ),
    );
  }
}
