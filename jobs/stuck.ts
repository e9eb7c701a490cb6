import type { Proposal } from "../src/domain/proposal.ts";
import { MINUTE_MS } from "../src/domain/time-window.ts";
import { formatUtc } from "../src/domain/utc.ts";
import { record, SPILLWAY } from "../src/record.ts";
import { showCard } from "./card.ts";
import type { JobContext } from "./context.ts";
import { explainOnce } from "./explain.ts";
import { tellFailed } from "./tell.ts";

/** What fails for less may be over with the next sweep. */
const TELL_AFTER_MS = 5 * MINUTE_MS;

/** Tells once, on the timeline and under the card, that something did not end when it should have. */
export async function tellStuck(
  stuck: {
    /** The beginning of a sentence: "The block of 198.51.100.14/32 on web". */
    readonly what: string;
    readonly dueMs: number;
    readonly proposal: Proposal;
    readonly error: unknown;
    /** Where trying again will not help, nobody should wait to hear it. */
    readonly isHopeless: boolean;
  },
  context: JobContext,
): Promise<void> {
  const { what, dueMs, proposal, error, isHopeless } = stuck;
  if (!isHopeless && context.clock.now() - dueMs < TELL_AFTER_MS) return;
  const text = `${what} should have ended at ${formatUtc(dueMs)}, and has not. ${explainOnce(error, context)} It is tried again every few seconds; look whether it can be ended by hand.`;
  const isNews = await record(context, {
    key: `stuck:${proposal.id}`,
    kind: "failure",
    channelId: proposal.channelId,
    incidentId: proposal.incidentId,
    actor: SPILLWAY,
    text,
    messageTs: proposal.messageTs,
  });
  if (!isNews) return;
  await tellFailed(proposal, text, context);
  await showCard(proposal.id, context);
}
