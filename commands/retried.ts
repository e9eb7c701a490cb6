import type { Person, Proposal } from "../src/domain/proposal.ts";
import { MINUTE_MS } from "../src/domain/time-window.ts";
import { UserError } from "../src/errors.ts";
import { changeTitle } from "../src/slack/views/change.ts";
import type { CommandContext } from "./context.ts";

/** A card is posted within seconds of its row. One that lacks it for so long, its process died, or nobody knows of it. */
const CARDLESS_MS = MINUTE_MS;

/**
 * Lets a retry through where none stands, or one whose process died before its card was known.
 *
 * @throws {UserError} `retry-offered` says what became of the one that stands
 */
export async function refuseRetried(failedId: string, context: CommandContext): Promise<void> {
  const standing = await context.store.standingRetry(failedId);
  if (standing !== null && !isLeft(standing, context)) throw await retriedAlready(failedId, context);
}

/** Withdraws the one that was let through, for somebody who may offer another: of two cards one can be approved. */
export async function withdrawLeft(failedId: string, by: Person, context: CommandContext): Promise<void> {
  const { store, clock } = context;
  const standing = await store.standingRetry(failedId);
  if (standing === null || !isLeft(standing, context)) return;
  await store.moveProposal({ id: standing.id, from: "pending", to: "withdrawn", by, atMs: clock.now() });
}

function isLeft({ state, messageTs, createdMs }: Proposal, { clock }: CommandContext): boolean {
  return state === "pending" && messageTs === null && clock.now() >= createdMs + CARDLESS_MS;
}

/** Says to who came second what became of the retry, and where it is. */
export async function retriedAlready(failedId: string, { store, messenger }: CommandContext): Promise<UserError> {
  const standing = await store.standingRetry(failedId);
  if (standing === null) {
    return new UserError("retry-offered", "Somebody else is offering this again just now; retry if no card comes.");
  }
  const { channelId, messageTs: ts, requestedBy, change } = standing;
  const link = ts === null ? null : await messenger.permalink({ channelId, ts }).catch(() => null);
  const where = link ?? `${changeTitle(change)}.`;
  return new UserError(
    "retry-offered",
    `${requestedBy.name} offered this again, and it ${becameOf(standing)}: ${where}`,
  );
}

function becameOf({ change, state, messageTs, decidedBy }: Proposal): string {
  switch (state) {
    case "pending":
      return messageTs === null
        ? "is on its way to the channel (click again in a minute if no card comes)"
        : "waits for approval";
    case "approved":
    case "executing":
      return "is under way";
    case "done":
      return change.dryRun
        ? "was a dry run, which changed nothing; ask for it anew where it is meant"
        : "was carried out";
    case "failed":
      return "failed, too; retry it on its own card";
    default:
      return `was ${state}${decidedBy === null ? "" : ` by ${decidedBy.name}`}`;
  }
}
