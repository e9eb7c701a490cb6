import type { Person, Proposal } from "../src/domain/proposal.ts";
import { MINUTE_MS } from "../src/domain/time-window.ts";
import { UserError } from "../src/errors.ts";
import { changeTitle } from "../src/slack/views/change.ts";
import type { CommandContext } from "./context.ts";

/** A card is posted within seconds of its row. One that lacks it for so long, its process died, or nobody knows of it. */
const CARDLESS_MS = MINUTE_MS;

/**
 * Lets a retry through where none stands: one whose process died before its card was known is withdrawn, so that of two
 * cards at most one can be approved.
 *
 * @throws {UserError} `retry-offered` says what became of the one that stands
 */
export async function refuseRetried(failedId: string, by: Person, context: CommandContext): Promise<void> {
  const { store, clock } = context;
  const standing = await store.standingRetry(failedId);
  if (standing === null) return;
  const { id, state, messageTs, createdMs } = standing;
  const nowMs = clock.now();
  const isLeft = state === "pending" && messageTs === null && nowMs >= createdMs + CARDLESS_MS;
  if (isLeft && (await store.moveProposal({ id, from: "pending", to: "withdrawn", by, atMs: nowMs }))) return;
  throw await retriedAlready(failedId, context);
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

function becameOf({ state, messageTs, decidedBy }: Proposal): string {
  switch (state) {
    case "pending":
      return messageTs === null
        ? "is on its way to the channel (click again in a minute if no card comes)"
        : "waits for approval";
    case "approved":
    case "executing":
      return "is under way";
    case "done":
      return "was carried out";
    case "failed":
      return "failed, too; retry it on its own card";
    default:
      return `was ${state}${decidedBy === null ? "" : ` by ${decidedBy.name}`}`;
  }
}
