/** A block, a limit and a challenge of the same addresses, in any order by workers that die at any step. */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { apply } from "../../jobs/apply.ts";
import type { JobContext } from "../../jobs/context.ts";
import { tellFailure } from "../../jobs/failed.ts";
import { reconcile } from "../../jobs/reconcile.ts";
import { sweep } from "../../jobs/sweep.ts";
import { undo } from "../../jobs/undo.ts";
import { ADDRESS_MEASURES, measureOf } from "../../src/domain/address-measure.ts";
import { SECOND } from "../support/build-proposal.ts";
import { blockOf, CRAWLER } from "../support/changes.ts";
import { approved, attempt } from "../support/job-context.ts";
import { measureOf as changeOf, type MeasuredContext, measuredContext } from "../support/measured-context.ts";
import { mortal, throughEachPort } from "../support/mortal.ts";

const MINUTE_MS = 60_000;
const NETWORK = "198.51.100.0/24";
const FOREIGN = "203.0.113.77/32";
const PROPOSALS = ["p0", "p1", "p2", "p3"];

const offer = fc.record({
  measure: fc.constantFrom(...ADDRESS_MEASURES),
  addresses: fc.constantFrom([CRAWLER], [NETWORK], [CRAWLER, NETWORK], [CRAWLER, FOREIGN]),
  minutes: fc.constantFrom(10, 20),
});
const job = fc.record({
  kind: fc.constantFrom("apply", "apply", "undo", "sweep", "reconcile"),
  id: fc.constantFrom(...PROPOSALS),
});
const deed = fc.oneof(
  fc.record({
    kind: fc.constant("dying"),
    job,
    step: fc.integer({ min: 0, max: 14 }),
    moment: fc.constantFrom("before", "after"),
  }),
  fc.record({ kind: fc.constant("together"), jobs: fc.array(job, { minLength: 2, maxLength: 3 }) }),
  fc.record({ kind: fc.constant("later"), minutes: fc.constantFrom(1, 9, 10) }),
);
type Job = { readonly kind: string; readonly id: string };

describe("measures of the same addresses", () => {
  it("are in their own sets until they end, then these are as they were, in any order of things", async () => {
    const lives = fc.tuple(fc.tuple(offer, offer, offer, offer), fc.array(deed, { maxLength: 12 }));
    const property = fc.asyncProperty(lives, fc.scheduler(), async ([offers, deeds], scheduler) => {
      const world = measuredContext({ blocked: [FOREIGN] });
      for (const measure of ["rate-limit", "challenge"] as const) world.of[measure].blocked.add(FOREIGN);
      for (const [index, { measure, addresses, minutes }] of offers.entries()) {
        const secs = minutes * 60;
        const change = measure === "block" ? blockOf(addresses, secs) : changeOf(measure, addresses, secs);
        await approved(world, { id: PROPOSALS[index] ?? "", change });
      }

      const failed: Job[] = [];
      const tryOnce = (one: Job, context: JobContext) => carryOut(one, context).catch(() => void failed.push(one));
      for (const one of deeds) {
        if (one.kind === "later") world.clock.advance(one.minutes * MINUTE_MS);
        if (one.kind === "together") {
          await scheduler.waitFor(Promise.all(one.jobs.map((each) => tryOnce(each, interleaved(world, scheduler)))));
        }
        if (one.kind === "dying") await tryOnce(one.job, mortal(world, one.step, one.moment).context);
      }
      await settle(world);
      for (const one of failed) if (one.kind === "undo") await carryOut(one, world);
      // What died while it put something back is taken for dead after three minutes.
      world.clock.advance(4 * MINUTE_MS);
      await settle(world);
      await expectTruth(world);
      world.clock.advance(60 * MINUTE_MS);
      await settle(world);

      await expectTruth(world);
      for (const { blocked } of Object.values(world.of)) expect([...blocked]).toEqual([FOREIGN]);
    });

    await fc.assert(property, { numRuns: 120 });
  }, 60_000);
});

/** A worker whose every step waits for its turn, which the scheduler gives in any order. */
function interleaved(world: MeasuredContext, scheduler: fc.Scheduler): JobContext {
  return throughEachPort(world, async (act) => {
    await scheduler.schedule(Promise.resolve());
    return act();
  });
}

async function carryOut({ kind, id }: Job, context: JobContext): Promise<void> {
  const work = {
    apply: () => apply(attempt<"apply">({ proposalId: id }), context),
    undo: () => undo(attempt<"undo">({ proposalId: id, userId: SECOND.id }), context),
    sweep: () => sweep(attempt<"sweep">({}), context),
    reconcile: () => reconcile(attempt<"reconcile">({}), context),
  }[kind];
  await work?.();
}

/** Lets the sweep, the reconciling and what they enqueue come to rest. */
async function settle(world: MeasuredContext): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    world.clock.advance(MINUTE_MS + 1);
    await sweep(attempt<"sweep">({}), world);
    await reconcile(attempt<"reconcile">({}), world);
    await world.queue.drain({
      apply: (run) =>
        apply(run, world).catch((error: unknown) => tellFailure({ name: "apply", payload: run.payload, error }, world)),
      check: async () => {},
      card: async () => {},
    });
  }
}

/** Each set holds what the rows of its measure say, and what others had put into it. */
async function expectTruth(world: MeasuredContext): Promise<void> {
  const rows = await world.store.blocks({ state: ["pending", "active"] });
  for (const measure of ADDRESS_MEASURES) {
    const held = rows.filter((row) => measureOf(row) === measure).map(({ address }) => address);
    expect([measure, ...[...world.of[measure].blocked].sort()]).toEqual([
      measure,
      ...new Set([...held, FOREIGN].sort()),
    ]);
  }
}
