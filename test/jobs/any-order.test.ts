/** Blocks of overlapping addresses, applied, undone and swept in any order by workers that die at any step. */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { apply } from "../../jobs/apply.ts";
import { tellFailure } from "../../jobs/failed.ts";
import { sweep } from "../../jobs/sweep.ts";
import { undo } from "../../jobs/undo.ts";
import { SECOND } from "../support/build-proposal.ts";
import { blockOf, CRAWLER } from "../support/changes.ts";
import { approved, attempt, jobContext, type TestJobContext } from "../support/job-context.ts";
import { mortal, throughEachPort } from "../support/mortal.ts";

const MINUTE_MS = 60_000;
const NETWORK = "198.51.100.0/24";
const FOREIGN = "203.0.113.77/32";
const PROPOSALS = ["p0", "p1", "p2"];

const death = fc.record({ step: fc.integer({ min: 0, max: 14 }), moment: fc.constantFrom("before", "after") });
const job = fc.record({ kind: fc.constantFrom("apply", "undo", "sweep"), id: fc.constantFrom(...PROPOSALS) });
const deed = fc.oneof(
  fc.record({ kind: fc.constant("dying"), job, death }),
  fc.record({ kind: fc.constant("together"), jobs: fc.array(job, { minLength: 2, maxLength: 3 }) }),
  fc.record({ kind: fc.constant("later"), minutes: fc.constantFrom(1, 9, 10) }),
);
const offer = fc.record({
  addresses: fc.constantFrom([CRAWLER], [NETWORK], [CRAWLER, NETWORK], [CRAWLER, FOREIGN]),
  minutes: fc.constantFrom(10, 10, 20),
});
type Job = { readonly kind: string; readonly id: string };

describe("blocks of overlapping addresses", () => {
  it.each([
    { numRuns: 150 },
    // A block that ended between two looks of another's apply, which took the address for somebody else's.
    { numRuns: 1, seed: -1989608296, path: "8:0:0:0" },
    // A block that began between the last look at who holds its address and the last taking out.
    { numRuns: 1, seed: 875180019, path: "185:0:0:0:0:0:0" },
  ])(
    "are all in the firewall until they end, then it is as it was, in any order of things: %j",
    async (runs) => {
      const lives = fc.tuple(fc.tuple(offer, offer, offer), fc.array(deed, { maxLength: 14 }));
      const property = fc.asyncProperty(lives, fc.scheduler(), async ([offers, deeds], scheduler) => {
        const world = jobContext({ blocked: [FOREIGN] });
        for (const [index, { addresses, minutes }] of offers.entries()) {
          await approved(world, { id: PROPOSALS[index] ?? "", change: blockOf(addresses, minutes * 60) });
        }

        const failed: Job[] = [];
        const tryOnce = (one: Job, context: TestJobContext) =>
          carryOut(one, context).catch(() => void failed.push(one));
        for (const one of deeds) {
          if (one.kind === "later") world.clock.advance(one.minutes * MINUTE_MS);
          if (one.kind === "together") {
            await scheduler.waitFor(Promise.all(one.jobs.map((each) => tryOnce(each, interleaved(world, scheduler)))));
          }
          if (one.kind === "dying") await tryOnce(one.job, mortal(world, one.death.step, one.death.moment).context);
        }
        await settle(world);
        // As the queue would: an undo that died, or came too early, runs again.
        for (const one of failed) if (one.kind === "undo") await carryOut(one, world);
        await expectTruth(world);
        world.clock.advance(60 * MINUTE_MS);
        await settle(world);

        expect([...world.firewall.blocked]).toEqual([FOREIGN]);
        expect(await world.store.blocks({ state: ["pending", "active"] })).toEqual([]);
      });

      await fc.assert(property, runs);
    },
    30_000,
  );
});

/** A worker whose every step waits for its turn, which the scheduler gives in any order. */
function interleaved(world: TestJobContext, scheduler: fc.Scheduler): TestJobContext {
  return throughEachPort(world, async (act) => {
    await scheduler.schedule(Promise.resolve());
    return act();
  });
}

async function carryOut({ kind, id }: Job, context: TestJobContext): Promise<void> {
  const work = {
    apply: () => apply(attempt<"apply">({ proposalId: id }), context),
    undo: () => undo(attempt<"undo">({ proposalId: id, userId: SECOND.id }), context),
    sweep: () => sweep(attempt<"sweep">({}), context),
  }[kind];
  await work?.();
}

/** Lets the sweep and what it enqueues come to rest. */
async function settle(world: TestJobContext): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    world.clock.advance(MINUTE_MS + 1);
    await sweep(attempt<"sweep">({}), world);
    await world.queue.drain({
      apply: (run) =>
        apply(run, world).catch((error: unknown) => tellFailure({ name: "apply", payload: run.payload, error }, world)),
      check: async () => {},
      card: async () => {},
    });
  }
}

/** The firewall holds what the store says, and a proposal is done only with the receipt of it. */
async function expectTruth(world: TestJobContext): Promise<void> {
  const held = (await world.store.blocks({ state: ["pending", "active"] })).map(({ address }) => address);
  expect([...world.firewall.blocked].sort()).toEqual([...new Set([...held, FOREIGN])].sort());
  for (const id of PROPOSALS) {
    const [proposal, receipt] = await Promise.all([world.store.proposal(id), world.store.receipt(id)]);
    expect([proposal?.state, receipt?.outcome]).toEqual(
      receipt?.outcome === "applied" ? ["done", "applied"] : ["failed", "failed"],
    );
  }
}
