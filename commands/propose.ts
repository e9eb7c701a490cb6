import { createHash } from "node:crypto";
import type { Config } from "../src/config.ts";
import { decide } from "../src/domain/approval-policy.ts";
import type { Incident } from "../src/domain/incident.ts";
import type { Prediction } from "../src/domain/prediction.ts";
import { type Change, digestInput, type Person, type Proposal } from "../src/domain/proposal.ts";
import { SECOND_MS } from "../src/domain/time-window.ts";
import { isDryRun } from "../src/dry-run.ts";
import { UserError } from "../src/errors.ts";
import { recordDone } from "../src/record.ts";
import { doubtsAbout } from "../src/slack/rule-doubts.ts";
import { changeTitle } from "../src/slack/views/change.ts";
import { proposalMessage } from "../src/slack/views/proposal.ts";
import type { CommandContext } from "./context.ts";
import { policyRefusal } from "./policy-refusal.ts";
import { retriedAlready, withdrawLeft } from "./retried.ts";
import { standingOf } from "./standing.ts";

export interface Wish {
  readonly change: Change;
  readonly predicted: Prediction | null;
  /** What whoever approves should know beside it. */
  readonly notes?: readonly string[];
  readonly by: Person;
  readonly channelId: string;
  /** The investigation that it comes from. */
  readonly findingId: string | null;
  /** The failed proposal that it offers anew. */
  readonly retryOf?: string;
}

/**
 * Offers a change for approval: the row first, then the card in the channel, where those who may approve see it.
 *
 * @throws {UserError} where the policy says no; `proposal-open` where the same change waits already, so that a double click offers once; `retry-offered`
 */
export async function propose(wish: Wish, context: CommandContext): Promise<Proposal> {
  const { store, messenger, config, clock } = context;
  const incident = await store.openIncident(wish.channelId);
  const change = dryOrMeant(wish.change, incident, config);
  const digest = digestOf(change);
  const { needed } = await refuseUnlessAllowed({ ...wish, change }, context);
  await refuseTwin(wish, digest, context);
  if (wish.retryOf !== undefined) await withdrawLeft(wish.retryOf, wish.by, context);
  const nowMs = clock.now();
  const proposal: Proposal = {
    id: context.ids.next(),
    change,
    digest,
    predicted: wish.predicted,
    ...(wish.notes !== undefined && { notes: wish.notes }),
    requestedBy: wish.by,
    channelId: wish.channelId,
    messageTs: null,
    threadTs: null,
    findingId: wish.findingId,
    incidentId: incident?.id ?? null,
    ...(wish.retryOf !== undefined && { retryOf: wish.retryOf }),
    createdMs: nowMs,
    expiresMs: nowMs + config.approvals.offerSecs * SECOND_MS,
    state: "pending",
    approversNeeded: needed,
    approvals: [],
    decidedBy: null,
    decidedMs: null,
  };
  const isTaken = await store.createProposal(proposal);
  // An answer that was lost on its way, and asked for again, says no to the row that it made.
  const isOther = !isTaken && (await store.proposal(proposal.id)) === null;
  if (isOther && wish.retryOf !== undefined) throw await retriedAlready(wish.retryOf, context);
  const doubts = await doubtsAbout(change, context);
  const card = proposalMessage({ proposal, receipt: null, blocks: [], doubts, policy: config.approvals, nowMs });
  const { ts } = await messenger.post({ channelId: wish.channelId }, card).catch(async (error: unknown) => {
    // Nobody has seen it, so nobody may approve it.
    await store.moveProposal({ id: proposal.id, from: "pending", to: "withdrawn", by: wish.by, atMs: nowMs });
    throw error;
  });
  await store.setProposalMessage(proposal.id, ts);
  await recordDone(context, {
    key: `proposal:${proposal.id}`,
    kind: "proposal",
    channelId: wish.channelId,
    incidentId: proposal.incidentId,
    actor: wish.by,
    text: `Proposed: ${changeTitle(change)}: ${change.reason}`,
    messageTs: ts,
  });
  return { ...proposal, messageTs: ts };
}

/** SHA-256 over everything that a change says; an approval holds for this and nothing else. */
export function digestOf(change: Change): string {
  return createHash("sha256").update(digestInput(change)).digest("hex");
}

/** @throws {UserError} with the policy's code of why not */
async function refuseUnlessAllowed(
  { change, predicted, by: actor }: Wish,
  context: CommandContext,
): Promise<{ readonly needed: 1 | 2 }> {
  const policy = context.config.approvals;
  const by = await standingOf(actor.id, policy.requesters, context);
  const act = { kind: "ask" } as const;
  const decision = decide({ act, by, change, predicted, requestedById: actor.id, approvals: [], policy });
  if (decision.allowed) return decision;
  throw await policyRefusal({ ...decision, actor, act: "ask", details: { change } }, context);
}

/** Said in the change itself: whoever approves a dry run has approved nothing else, and the other way round. */
function dryOrMeant(change: Change, incident: Incident | null, config: Config): Change {
  const isDry = incident?.isDrill || isDryRun(config, change.service);
  return isDry ? { ...change, dryRun: true } : change;
}

async function refuseTwin(wish: Wish, digest: string, { store, messenger }: CommandContext): Promise<void> {
  const open = await store.openProposals({ channelId: wish.channelId });
  const twin = open.find((proposal) => proposal.digest === digest && proposal.messageTs !== null);
  if (twin === undefined || twin.messageTs === null) return;
  const link = await messenger.permalink({ channelId: twin.channelId, ts: twin.messageTs }).catch(() => null);
  throw new UserError(
    "proposal-open",
    `This is offered already, by ${twin.requestedBy.name}, and ${twin.state === "pending" ? "waits for approval" : "is under way"}${link === null ? "" : `: ${link}`}.`,
  );
}
