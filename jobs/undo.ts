import { actingFor } from "../src/acting-for.ts";
import { UpstreamError } from "../src/errors.ts";
import type { JobRun } from "../src/queue/jobs.ts";
import { callOff } from "./call-off.ts";
import { showCard } from "./card.ts";
import type { JobContext } from "./context.ts";
import { type Ending, endBlocks } from "./end-blocks.ts";
import { endHold } from "./end-hold.ts";
import { whoAsked } from "./who-asked.ts";

/** Undoes an applied change before its time, because a person asked. */
export async function undo(run: JobRun<"undo">, context: JobContext): Promise<void> {
  await undoAsked(run, context);
  if (run.payload.wishId !== undefined) await context.store.forgetUndo(run.payload.wishId);
}

async function undoAsked(run: JobRun<"undo">, context: JobContext): Promise<void> {
  const { store } = context;
  const proposal = await store.proposal(run.payload.proposalId);
  if (proposal === null) return;
  const by = await whoAsked(run.payload.userId, context);
  if (await callOff(proposal, by, context)) return;
  if (proposal.state === "approved" || proposal.state === "executing") {
    // Taken out under its hands, it could come back after everybody was told that it is gone.
    throw new UpstreamError("undo-too-early", "The change is still being carried out", { retryable: true });
  }
  const { addresses: only, isForced = false } = run.payload;
  const end: Ending = { by, because: `undone by ${by.name}`, signal: run.signal };
  const standing = await store.blocks({ proposalId: proposal.id, state: ["pending", "active"] });
  const [first, ...more] = standing.filter((block) => only === undefined || only.includes(block.address));
  if (first !== undefined) await actingFor(proposal, () => endBlocks([first, ...more], end, context));
  const hold = (await store.capacityHolds()).find((held) => held.proposalId === proposal.id);
  if (hold !== undefined && !(await actingFor(proposal, () => endHold(hold, { ...end, isForced }, context)))) {
    throw new UpstreamError("capacity-busy", `The capacity of ${hold.service} is being put back by another just now`, {
      retryable: true,
    });
  }
  await showCard(proposal.id, context);
}
