import { decideApproval } from "../src/domain/approval.ts";
import type { PolicyAct } from "../src/domain/approval-policy.ts";
import type { Person, Proposal } from "../src/domain/proposal.ts";
import { startsLater } from "../src/domain/scale-span.ts";
import { UpstreamError, UserError } from "../src/errors.ts";
import { recordDone } from "../src/record.ts";
import { ACTION } from "../src/slack/action-ids.ts";
import type { ButtonHandler } from "../src/slack/command.ts";
import { changeTitle } from "../src/slack/views/change.ts";
import { actorOf } from "./actor.ts";
import { type Asker, answerQuietly } from "./answer-quietly.ts";
import { proposalClicked, proposalFor, refreshCard } from "./card.ts";
import type { CommandContext } from "./context.ts";
import { endedText } from "./ended.ts";
import { policyRefusal } from "./policy-refusal.ts";
import { digestOf } from "./propose.ts";
import { standingOf } from "./standing.ts";

/** Approves a proposal, or is the first of two to do so. */
export const approve: ButtonHandler<CommandContext> = {
  actionId: ACTION.approve,
  run: async (click, context) => {
    const { id } = await proposalClicked(click, context);
    await giveApproval({ proposalId: id, from: click, act: { kind: "approve" } }, context);
  },
};

interface Given {
  readonly proposalId: string;
  readonly from: Asker;
  readonly act: Exclude<PolicyAct, { kind: "ask" }>;
}

/**
 * Counts somebody's approval. Of any number of clicks, on any number of machines, one moves the row; every other one is
 * told what became of it. What follows the move may fail and is made up for by the sweep.
 */
export async function giveApproval({ proposalId, from, act }: Given, context: CommandContext): Promise<void> {
  const proposal = await proposalFor(proposalId, context);
  const by = await actorOf(from, context);
  const { needed } = await refuseUnlessAllowed(proposal, by, act, context);
  const reason = act.kind === "break-glass" ? act.reason.trim() : null;
  const { id, digest } = proposal;
  const atMs = context.clock.now();
  const outcome = await context.store.approveProposal({ id, digest, by, atMs, needed, reason });
  if (outcome === "repeated" || outcome === "closed") {
    await refuseUnlessAllowed(await proposalFor(id, context), by, act, context);
    throw new UserError("approval-lost", "Somebody else was faster; the card shows what they decided.");
  }
  // First of all: in a busy channel Slack makes the card wait for seconds.
  const answer = outcome === "approved" ? await enqueueApply(proposal, context) : ONE_MORE;
  await refreshCard(id, context);
  await answerQuietly(from, answer, context);
  await recordDone(context, {
    key: `approval:${id}:${by.id}${reason === null ? "" : ":glass"}`,
    kind: "approval",
    channelId: proposal.channelId,
    incidentId: proposal.incidentId,
    actor: by,
    text: `${reason === null ? "Approved" : "Broke the glass"}: ${changeTitle(proposal.change)}, asked for by ${proposal.requestedBy.name}.${reason === null ? "" : ` ${reason}`}${outcome === "counted" ? " One more person has to approve it." : ""}`,
    occurredMs: atMs,
    messageTs: proposal.messageTs,
  });
}

const ONE_MORE = "Your approval counts; one more person has to approve it before anything is done.";
const CARRIED_OUT = "Approved; it is being carried out now, and the card says what it did.";
const REHEARSED = "Approved as a dry run: nothing is changed, and the card says what would have been done.";
const PLANNED = "Approved; it begins by itself at its time, and the card says what it did.";
const KEPT =
  "Approved, and kept. The queue did not answer, so it is carried out as soon as it does, within a minute or two of that; no need to click again.";

/** @throws {UserError} with the code of why not; the card is refreshed, as it may be stale */
async function refuseUnlessAllowed(
  proposal: Proposal,
  by: Person,
  act: Given["act"],
  context: CommandContext,
): Promise<{ readonly needed: number }> {
  const policy = context.config.approvals;
  const decide = (approver: Parameters<typeof decideApproval>[0]["approver"]) =>
    decideApproval({ proposal, approver, policy, act, nowMs: context.clock.now(), digest: digestOf(proposal.change) });
  const isOpen = proposal.state === "pending";
  const list = act.kind === "approve" ? policy.approvers : policy.breakGlass;
  const decision = decide(isOpen ? await standingOf(by.id, list, context) : { id: by.id });
  if (decision.allowed) return decision;
  const { code, reason } = decision;
  if (STALE.has(code)) {
    await refreshCard(proposal.id, context);
    throw new UserError(code, (await endedText(proposal, context)) ?? reason);
  }
  const { id: proposalId, incidentId } = proposal;
  throw await policyRefusal({ code, reason, actor: by, act: act.kind, proposalId, incidentId }, context);
}

/** What the policy has nothing to do with: the card that was clicked on is not as it was. */
const STALE: ReadonlySet<string> = new Set([
  "already-approved",
  "already-refused",
  "already-withdrawn",
  "offer-expired",
  "content-changed",
]);

/** The approval stands whether or not the queue takes the job: the sweep looks for what was left. */
async function enqueueApply({ id: proposalId, change }: Proposal, context: CommandContext): Promise<string> {
  try {
    await context.queue.enqueue("apply", { proposalId }, { id: `apply-${proposalId}` });
    if (change.dryRun) return REHEARSED;
    return startsLater(change, context.clock.now()) ? PLANNED : CARRIED_OUT;
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    context.log.warn({ err: error, proposalId }, "approved, but the queue did not answer");
    return KEPT;
  }
}
