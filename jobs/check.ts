import { actingFor } from "../src/acting-for.ts";
import type { Change, Check, Proposal, Receipt } from "../src/domain/proposal.ts";
import { MINUTE_MS, SECOND_MS } from "../src/domain/time-window.ts";
import type { JobRun } from "../src/queue/jobs.ts";
import { record, SPILLWAY } from "../src/record.ts";
import { checkMessage } from "../src/slack/views/check.ts";
import { showCard } from "./card.ts";
import { uploadCheckChart } from "./check-chart.ts";
import type { JobContext } from "./context.ts";
import { look, type Seen } from "./look.ts";

/** A load balancer writes its log every five minutes, and it takes another until the last of a window is told. */
const LATE_MS = 6 * MINUTE_MS;

/**
 * Looks whether an applied change did what was predicted, and comes back until the watch is over: what reads "not
 * effective" after two minutes may have worked after four, and what worked then may be undone by what comes next.
 *
 * A success is told at once. All else is told at the end, also where it was a success before.
 */
export async function check(run: JobRun<"check">, context: JobContext): Promise<void> {
  const { proposalId, round } = run.payload;
  const { store, config } = context;
  const proposal = await store.proposal(proposalId);
  const receipt = await store.receipt(proposalId);
  if (proposal === null || receipt === null || receipt.outcome !== "applied") return;

  const change = await whatHolds(proposal, context);
  // What gets through after an undo is meant to; to call that not effective would be wrong on the timeline for ever.
  if (change === null) return;

  const seen = await actingFor(proposal, () => look(proposal, change, receipt, run.signal, context));
  const isOver = round >= config.check.rounds && !waitsForWindow(change, receipt, seen.check);
  const isFinal = isOver || !seen.mayTellLater;
  await store.setCheck(proposalId, { ...seen.check, isFinal });
  if (!isFinal) await lookAgain(proposalId, round + 1, context);
  if (seen.check.verdict === "worked" || isFinal) await tell(proposal, receipt, seen, context);
  await showCard(proposalId, context);
}

/** Whether what a limit lacks cannot be told, since the window that it counts over may not be over in log or metrics. */
function waitsForWindow(change: Change, { appliedMs }: Receipt, { verdict, checkedMs }: Check): boolean {
  if (change.kind !== "block" || change.rateLimit === undefined || verdict !== "cannot-tell") return false;
  return checkedMs < appliedMs + change.rateLimit.windowSecs * SECOND_MS + LATE_MS;
}

/** Plans the next look of a watch. */
export async function lookAgain(proposalId: string, round: number, { queue, config }: JobContext): Promise<void> {
  const delayMs = config.check.everySecs * SECOND_MS;
  await queue.enqueue("check", { proposalId, round }, { id: `check-${proposalId}-${round}`, delayMs });
}

/** The part of a change that was not undone and is not over; null where none is left. */
async function whatHolds({ id, change }: Proposal, context: JobContext): Promise<Change | null> {
  if (change.kind === "scale") {
    const holds = await context.store.capacityHolds();
    return holds.some((hold) => hold.proposalId === id) ? change : null;
  }
  const blocks = await context.store.blocks({ proposalId: id, state: ["active"] });
  return blocks.length === 0 ? null : { ...change, addresses: blocks.map((block) => block.address) };
}

/** On the timeline, and in the thread with a chart. A success and what became of it are two things to tell, once each. */
async function tell(proposal: Proposal, receipt: Receipt, seen: Seen, context: JobContext): Promise<void> {
  const { id, channelId, incidentId, messageTs } = proposal;
  const { check: found } = seen;
  const isNews = await record(context, {
    key: found.verdict === "worked" ? `check:${id}` : `check-end:${id}`,
    kind: "check",
    channelId,
    incidentId,
    actor: SPILLWAY,
    text: found.statement,
    messageTs,
  });
  if (!isNews) return;
  const chartFileId = await uploadCheckChart(proposal, receipt, seen, context);
  // The card and the timeline say it, too, so that a Slack that is away keeps nobody from knowing.
  await context.messenger
    .post({ channelId, threadTs: messageTs }, checkMessage({ check: found, chartFileId }))
    .catch((error: unknown) => context.log.warn({ err: error, proposalId: id }, "check not told in the thread"));
}
