/** Scale-outs at once and for later, applied, undone and swept in any order by workers that die at any step. */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { apply } from "../../jobs/apply.ts";
import { tellFailure } from "../../jobs/failed.ts";
import { sweep } from "../../jobs/sweep.ts";
import { undo } from "../../jobs/undo.ts";
import { BUILT_AT_MS, SECOND } from "../support/build-proposal.ts";
import { SCALE_OUT } from "../support/changes.ts";
import { approved, attempt, jobContext, type TestJobContext } from "../support/job-context.ts";
import { mortal, stepsOf, throughEachPort } from "../support/mortal.ts";

const MINUTE_MS = 60_000;
const PROPOSALS = ["p0", "p1", "p2"];

type Job = { readonly kind: string; readonly id: string };

const death = fc.record({ step: fc.integer({ min: 0, max: 16 }), moment: fc.constantFrom("before", "after") });
const job = fc.record({ kind: fc.constantFrom("apply", "undo", "forced", "sweep"), id: fc.constantFrom(...PROPOSALS) });
/** Mostly about one of them, as that is where they meet. */
const together: fc.Arbitrary<readonly Job[]> = fc.oneof(
  fc.array(job, { minLength: 2, maxLength: 3 }),
  fc
    .tuple(
      fc.constantFrom(...PROPOSALS),
      fc.array(fc.constantFrom("apply", "undo", "sweep"), { minLength: 2, maxLength: 4 }),
    )
    .map(([id, kinds]) => kinds.map((kind) => ({ kind, id }))),
);
const deed = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("dying"), job, death }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("together"), jobs: together }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("later"), minutes: fc.constantFrom(1, 9, 30) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("slow"),
      job,
      step: fc.integer({ min: 1, max: 12 }),
      meanwhile: fc.subarray(["apply", "undo", "sweep"]),
    }),
  },
  // Somebody at the console, and a policy, which never goes below the minimum.
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("person"), min: fc.constantFrom(2, 3, 7) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("policy"), desired: fc.integer({ min: 2, max: 9 }) }) },
);
const offer = fc.record({
  toInstances: fc.constantFrom(5, 6, 8),
  minutes: fc.constantFrom(10, 20),
  startsInMin: fc.constantFrom(null, null, 5, 30),
});

describe("scale-outs of one service", () => {
  it("are put back, or somebody is asked, in whatever order things happen: none stays raised in silence", async () => {
    // The lower one has to be raised with the others.
    const ownMax = fc.constantFrom(10, 5);
    const lives = fc.tuple(fc.tuple(offer, offer, offer), fc.array(deed, { maxLength: 14 }), ownMax);
    const property = fc.asyncProperty(lives, fc.scheduler(), async ([offers, deeds, max], scheduler) => {
      const world = jobContext();
      world.scaler.capacity = { ...world.scaler.capacity, max };
      for (const [index, { toInstances, minutes, startsInMin }] of offers.entries()) {
        const scaled = { ...SCALE_OUT, toInstances, durationSecs: minutes * 60 };
        const change = toInstances > max ? { ...scaled, raisesMaxFrom: max } : scaled;
        const startMs = startsInMin === null ? null : BUILT_AT_MS + startsInMin * MINUTE_MS;
        await approved(world, {
          id: PROPOSALS[index] ?? "",
          change: startMs === null ? change : { ...change, startMs },
        });
      }
      // What people set last; the scale-outs of ours must come back to it, or to what was in the beginning.
      let isTouched = false;
      const failed: Job[] = [];
      const tryOnce = (one: Job, context: TestJobContext) => carryOut(one, context).catch(() => void failed.push(one));
      for (const one of deeds) {
        const { capacity } = world.scaler;
        if (one.kind === "later") world.clock.advance(one.minutes * MINUTE_MS);
        if (one.kind === "person") {
          isTouched = true;
          world.scaler.capacity = {
            ...capacity,
            min: one.min,
            max: Math.max(capacity.max, one.min),
            desired: Math.max(capacity.desired, one.min),
          };
        }
        if (one.kind === "policy") {
          isTouched = true;
          world.scaler.capacity = { ...capacity, desired: Math.min(Math.max(capacity.min, one.desired), capacity.max) };
        }
        if (one.kind === "together") {
          await scheduler.waitFor(Promise.all(one.jobs.map((each) => tryOnce(each, interleaved(world, scheduler)))));
        }
        if (one.kind === "slow") {
          const { id } = one.job;
          const meanwhile = async () => {
            for (const kind of one.meanwhile) await tryOnce({ kind, id }, world);
          };
          await tryOnce(one.job, pausing(world, one.step, meanwhile));
        }
        if (one.kind === "dying") await tryOnce(one.job, mortal(world, one.death.step, one.death.moment).context);
      }
      await settle(world);
      // As the queue would: an undo that died, or came too early, runs again.
      for (const one of failed)
        if (one.kind === "undo" || one.kind === "forced") await carryOut(one, world).catch(() => {});
      await expectUndoneStaysUndone(world);
      world.clock.advance(120 * MINUTE_MS);
      await settle(world);

      await expectNothingSilent(world, isTouched, max);
    });

    await fc.assert(property, { numRuns: 1_000 });
  }, 60_000);
});

describe("a run of an approved scale-out that stands still before any step", () => {
  it("raises nothing that another run raised and a person undid meanwhile", async () => {
    const steps = await stepsOf(await approvedWorld(), (context) => carryOut({ kind: "apply", id: "p0" }, context));

    expect(steps).toBeGreaterThan(10);
    for (let step = 1; step <= steps; step += 1) {
      const world = await approvedWorld();
      const meanwhile = async () => {
        await carryOut({ kind: "apply", id: "p0" }, world);
        await carryOut({ kind: "undo", id: "p0" }, world);
      };
      await carryOut({ kind: "apply", id: "p0" }, pausing(world, step, meanwhile));

      expect({ step, ...world.scaler.capacity }).toMatchObject({ step, min: 2, desired: 4 });
      expect(await world.store.capacityHolds()).toEqual([]);
    }
  });
});

async function approvedWorld(): Promise<TestJobContext> {
  const world = jobContext();
  await approved(world, { id: "p0", change: SCALE_OUT });
  return world;
}

async function expectUndoneStaysUndone(world: TestJobContext): Promise<void> {
  for (const { proposalId, askedMs } of await world.store.capacityHolds()) {
    if (askedMs === undefined) expect(await world.store.capacityEnd(proposalId)).toBeNull();
  }
}

/** Nothing is held but what people were asked about; with nobody else at work, capacity is as in the beginning. */
async function expectNothingSilent(world: TestJobContext, isTouched: boolean, max: number): Promise<void> {
  const holds = await world.store.capacityHolds();
  const questions = world.messenger.said().filter(({ message }) => message.text.startsWith("Put the capacity of"));
  for (const hold of holds) {
    expect(hold.askedMs).toBeDefined();
    expect(questions.length).toBeGreaterThan(0);
  }
  for (const id of PROPOSALS) {
    const [proposal, receipt, end] = await Promise.all([
      world.store.proposal(id),
      world.store.receipt(id),
      world.store.capacityEnd(id),
    ]);
    expect(["done", "failed"]).toContain(proposal?.state);
    // What was applied has an end that the card tells, unless it is being asked about.
    if (receipt?.outcome === "applied" && !holds.some((hold) => hold.proposalId === id)) expect(end).not.toBeNull();
  }
  if (!isTouched) {
    expect(holds).toEqual([]);
    expect(world.scaler.capacity).toMatchObject({ min: 2, max, desired: 4 });
  }
}

/** A worker whose every step waits for its turn, which the scheduler gives in any order. */
function interleaved(world: TestJobContext, scheduler: fc.Scheduler): TestJobContext {
  return throughEachPort(world, async (act) => {
    await scheduler.schedule(Promise.resolve());
    return act();
  });
}

/** A worker that stands still before its nth step, while all else goes on. */
function pausing(world: TestJobContext, step: number, meanwhile: () => Promise<void>): TestJobContext {
  let steps = 0;
  return throughEachPort(world, async (act) => {
    steps += 1;
    if (steps === step) await meanwhile();
    return act();
  });
}

async function carryOut({ kind, id }: Job, context: TestJobContext): Promise<void> {
  const work = {
    apply: () => apply(attempt<"apply">({ proposalId: id }), context),
    undo: () => undo(attempt<"undo">({ proposalId: id, userId: SECOND.id }), context),
    forced: () => undo(attempt<"undo">({ proposalId: id, userId: SECOND.id, isForced: true }), context),
    sweep: () => sweep(attempt<"sweep">({}), context),
  }[kind];
  await work?.();
}

/** Lets the sweep and what it enqueues come to rest. */
async function settle(world: TestJobContext): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    world.clock.advance(MINUTE_MS + 1);
    await sweep(attempt<"sweep">({}), world).catch(() => {});
    await world.queue.drain({
      apply: (run) =>
        apply(run, world).catch((error: unknown) => tellFailure({ name: "apply", payload: run.payload, error }, world)),
      check: async () => {},
      card: async () => {},
    });
  }
}
