import type { ProposalState } from "../../src/domain/proposal.ts";
import type { FaultWorld } from "./fault-world.ts";

/** Longer than any connection takes to come back. */
const PATIENCE_MS = 15_000;

/** Has sweeps run until one finds nothing that it cannot do; while there is no queue, there is none. */
export async function untilSwept(world: FaultWorld): Promise<void> {
  let failure: unknown = "none ran";
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (performance.now() < deadlineMs) {
    failure = await world.run("sweep").catch((error: unknown) => error);
    if (failure === null) return;
    await new Promise(setImmediate);
  }
  throw new Error("no sweep could do all that it found", { cause: failure });
}

/** What no job is at, a sweep takes up after a minute. */
export async function untilTakenUp(world: FaultWorld, proposalId: string, state: ProposalState): Promise<void> {
  world.clock.step(61_000);
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (performance.now() < deadlineMs) {
    await untilSwept(world);
    if ((await world.store.proposal(proposalId))?.state === state) return;
  }
  throw new Error(`the proposal was never ${state}`);
}
