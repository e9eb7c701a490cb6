import { UpstreamError, UserError } from "../src/errors.ts";
import type { Message } from "../src/ports.ts";
import type { JobName, JobPayload } from "../src/queue/jobs.ts";
import { record, SPILLWAY } from "../src/record.ts";
import { showProposal } from "../src/slack/proposal-card.ts";
import { failureMessage } from "../src/slack/views/failure.ts";
import type { JobContext } from "./context.ts";

/** A job that was given up, after its last attempt. */
export type FailedJob = {
  readonly [Name in JobName]: { readonly name: Name; readonly payload: JobPayload<Name>; readonly error: unknown };
}[JobName];

/** Tells people about a job that was given up, where they are waiting for it, and leaves nothing half-done. */
export async function tellFailure(failed: FailedJob, context: JobContext): Promise<void> {
  const message = explain(failed.error, context);
  switch (failed.name) {
    case "investigate": {
      const investigation = await context.store.investigation(failed.payload.investigationId);
      if (investigation === null) return;
      await context.store.finishInvestigation(investigation.id, "failed");
      await showAt(investigation.channelId, investigation.messageTs, message, context);
      return;
    }
    case "breakdown":
      return showAt(failed.payload.channelId, failed.payload.messageTs, message, context);
    case "apply":
      return tellApplyFailure(failed.payload.proposalId, message, context);
    case "undo": {
      const proposal = await context.store.proposal(failed.payload.proposalId);
      if (proposal === null) return;
      await post(proposal.channelId, `Not undone yet. ${message.text} It ends by itself when its time is up.`, context);
      return;
    }
    case "postmortem":
      return post(failed.payload.channelId, `No postmortem was written. ${message.text}`, context);
    case "check":
    case "sweep":
      // Nobody waits for these: the sweep runs again by itself, and a missing check shows as missing.
      return;
  }
}

async function tellApplyFailure(proposalId: string, message: Message, context: JobContext): Promise<void> {
  const proposal = await context.store.proposal(proposalId);
  if (proposal === null || (await context.store.receipt(proposalId)) !== null) return;
  const nowMs = context.clock.now();
  // A firewall call may have gone through before a later one failed: let the sweep take out what is in.
  const begun = await context.store.blocks({ proposalId, state: ["pending", "active"] });
  if (begun.length > 0)
    await context.store.extendBlocks(
      begun.map((block) => block.id),
      nowMs,
    );
  const receipt = { proposalId, outcome: "failed", appliedMs: nowMs, calls: [], check: null } as const;
  await context.store.addReceipt(receipt);
  await context.store.moveProposal({ id: proposalId, from: "executing", to: "failed", by: null, atMs: nowMs });
  await context.store.moveProposal({ id: proposalId, from: "approved", to: "failed", by: null, atMs: nowMs });
  await record(context, {
    key: `failure:${proposalId}`,
    kind: "failure",
    channelId: proposal.channelId,
    incidentId: proposal.incidentId,
    actor: SPILLWAY,
    text: `Not carried out: ${message.text}`,
  });
  await showProposal(proposalId, context);
  await post(proposal.channelId, `Not carried out. ${message.text}`, context);
}

function explain(error: unknown, context: JobContext): Message {
  if (error instanceof UserError) return failureMessage({ what: error.message, errorId: null });
  if (error instanceof UpstreamError) {
    return failureMessage({
      what: `${error.message} It was tried several times; try again in a minute.`,
      errorId: null,
    });
  }
  const errorId = context.ids.next();
  context.log.error({ err: error, errorId }, "job failed");
  return failureMessage({ what: "Something went wrong in Spillway itself.", errorId });
}

async function showAt(channelId: string, ts: string | null, message: Message, context: JobContext): Promise<void> {
  if (ts === null) await context.messenger.post({ channelId }, message);
  else await context.messenger.update({ channelId, ts }, message);
}

async function post(channelId: string, what: string, context: JobContext): Promise<void> {
  await context.messenger.post({ channelId }, failureMessage({ what, errorId: null }));
}
