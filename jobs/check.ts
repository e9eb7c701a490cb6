import { actingFor } from "../src/acting-for.ts";
import { checkBlock, checkScale } from "../src/domain/check.ts";
import type { BlockChange, Change, Check, Proposal, Receipt, ScaleChange } from "../src/domain/proposal.ts";
import { MINUTE_MS, SECOND_MS } from "../src/domain/time-window.ts";
import { UserError } from "../src/errors.ts";
import type { JobRun } from "../src/queue/jobs.ts";
import { record, SPILLWAY } from "../src/record.ts";
import { showCard } from "./card.ts";
import type { JobContext } from "./context.ts";
import { scalerOf } from "./service-ports.ts";

/** How much before the action is held against what came after it. */
const BEFORE_MS = 5 * MINUTE_MS;
/** WAF tells its nodes within seconds, now and then later; what gets through in that time says nothing. */
const SETTLING_MS = 5 * SECOND_MS;
/** Only the newest of what came after is judged, so that a node which heard late does not count for ever. */
const AFTER_MS = 2 * MINUTE_MS;

/**
 * Looks whether an applied change did what was predicted. Comes back later where the log is not there yet, and where
 * nothing is to be seen yet: what reads "not effective" after two minutes may have worked after four.
 */
export async function check(run: JobRun<"check">, context: JobContext): Promise<void> {
  const { proposalId, round } = run.payload;
  const proposal = await context.store.proposal(proposalId);
  const receipt = await context.store.receipt(proposalId);
  if (proposal === null || receipt === null || receipt.outcome !== "applied") return;

  const change = await whatHolds(proposal, context);
  // What gets through after an undo is meant to; to call that not effective would be wrong on the timeline for ever.
  if (change === null) return;

  const seen = await actingFor(proposal, () => look(change, receipt, run.signal, context));
  await context.store.setCheck(proposalId, seen);
  if (seen.verdict !== "worked" && round < context.config.check.rounds && mayTellLater(change, context)) {
    const next = round + 1;
    const delayMs = context.config.check.everySecs * SECOND_MS;
    await context.queue.enqueue("check", { proposalId, round: next }, { id: `check-${proposalId}-${next}`, delayMs });
  } else {
    await record(context, {
      key: `check:${proposalId}`,
      kind: "check",
      channelId: proposal.channelId,
      incidentId: proposal.incidentId,
      actor: SPILLWAY,
      text: seen.statement,
      messageTs: proposal.messageTs,
    });
  }
  await showCard(proposalId, context);
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

async function look(change: Change, receipt: Receipt, signal: AbortSignal, context: JobContext): Promise<Check> {
  try {
    return await (change.kind === "block"
      ? lookAtBlock(change, receipt, signal, context)
      : lookAtCapacity(change, signal, context));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // Such as a log of which not one file is there yet.
    const statement = `Cannot tell yet: ${error.message}`;
    const checkedMs = context.clock.now();
    return { checkedMs, verdict: "cannot-tell", statement, beforePerMin: null, afterPerMin: null };
  }
}

async function lookAtBlock(
  change: BlockChange,
  { appliedMs }: Receipt,
  signal: AbortSignal,
  context: JobContext,
): Promise<Check> {
  const checkedMs = context.clock.now();
  const logs = context.services[change.service]?.logs ?? null;
  if (logs === null) return checkBlock({ change, checkedMs, breakdown: null, newestMs: null });

  const before = { startMs: appliedMs - BEFORE_MS, endMs: appliedMs };
  const slice = await logs.read({ window: { startMs: before.startMs, endMs: checkedMs }, signal });
  try {
    const newestMs = slice.intake.lastMs;
    const settledMs = appliedMs + SETTLING_MS;
    const endMs = Math.max(settledMs, Math.min(checkedMs, newestMs ?? 0));
    const breakdown = await slice.breakdown({
      baseline: before,
      spike: { startMs: Math.max(settledMs, endMs - AFTER_MS), endMs },
      dimensions: ["ip"],
      topN: 100_000,
      // A balancer logs what its firewall stopped, too, as 403: that did not get through.
      filter: { not: { status: "403" } },
    });
    return checkBlock({ change, checkedMs, breakdown, newestMs });
  } finally {
    await slice.close();
  }
}

async function lookAtCapacity(change: ScaleChange, signal: AbortSignal, context: JobContext): Promise<Check> {
  const capacity = await scalerOf(change.service, context).read(signal);
  return checkScale({ change, capacity, checkedMs: context.clock.now() });
}

/** Without a log there is nothing to come back for. */
function mayTellLater({ kind, service }: Change, { services }: JobContext): boolean {
  return kind === "scale" || services[service]?.logs != null;
}
