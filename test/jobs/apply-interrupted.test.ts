import { describe, expect, it } from "@jest/globals";
import { apply } from "../../jobs/apply.ts";
import { card } from "../../jobs/card.ts";
import { tellFailure } from "../../jobs/failed.ts";
import { sweep } from "../../jobs/sweep.ts";
import type { Proposal } from "../../src/domain/proposal.ts";
import { UpstreamError, UserError } from "../../src/errors.ts";
import { BUILT_AT_MS, buildBlock } from "../support/build-proposal.ts";
import { blockOf, CRAWLER, FLOODER, SCALE_OUT } from "../support/changes.ts";
import {
  applyOnce,
  approved,
  attempt,
  cardOf,
  jobContext,
  type TestJobContext,
  timelineOf,
  withWeb,
} from "../support/job-context.ts";
import { mortal, stepsOf } from "../support/mortal.ts";

describe.each([
  ["a block of two addresses", blockOf([CRAWLER, FLOODER])],
  ["a scale-out", SCALE_OUT],
] as const)("%s whose worker dies", (_what, change) => {
  it.each(["before", "after"] as const)("%s any step leaves the same once it runs again", async (moment) => {
    const whole = jobContext();
    const proposal = await approved(whole, { change });
    const steps = await stepsOf(whole, (context) => applyOnce(proposal, context));
    const expected = await outcome(proposal, whole);

    expect(steps).toBeGreaterThan(8);
    for (let step = 1; step <= steps; step += 1) {
      const world = jobContext();
      await approved(world, { change });
      await applyOnce(proposal, mortal(world, step, moment).context).catch(() => {});
      await applyOnce(proposal, world);

      expect({ step, ...(await outcome(proposal, world)) }).toEqual({ step, ...expected });
    }
  });
});

/** Everything that an applied change leaves, but for the wording of its calls. */
async function outcome(proposal: Proposal, context: TestJobContext) {
  const { calls: _calls, ...receipt } = (await context.store.receipt(proposal.id)) ?? { calls: [] };
  return {
    state: (await context.store.proposal(proposal.id))?.state,
    receipt,
    rows: await context.store.blocks({}),
    holds: await context.store.capacityHolds(),
    firewall: context.firewall.effective,
    scaler: context.scaler.asked,
    timeline: timelineOf(context),
    waiting: context.queue.waiting().map(({ name }) => name),
    card: cardOf(proposal, context),
  };
}

describe("a change that could not be carried out", () => {
  it("is told, leaves a failed receipt, and what was half done is taken out again", async () => {
    const context = jobContext();
    const proposal = await approved(context, { change: blockOf([CRAWLER, FLOODER]) });
    const half = withWeb(context, {
      firewall: {
        ...context.firewall,
        block: async ([first = ""]) => {
          await context.firewall.block([first]);
          throw new UpstreamError("aws-denied", "AWS refused to write IP set b", { retryable: false });
        },
      },
    });
    const error = await applyOnce(proposal, half).catch((failure: unknown) => failure);

    await tellFailure({ name: "apply", payload: { proposalId: proposal.id }, error }, context);
    await sweep(attempt<"sweep">({}), context);

    expect([...context.firewall.blocked]).toEqual([]);
    expect((await context.store.blocks({})).map(({ state }) => state)).toEqual(["expired", "expired"]);
    expect((await context.store.receipt(proposal.id))?.outcome).toBe("failed");
    expect((await context.store.proposal(proposal.id))?.state).toBe("failed");
    expect(timelineOf(context)).toEqual([
      "Not carried out: AWS refused to write IP set b.",
      "The block of 198.51.100.14, 203.0.113.77 on web ended: it was not carried out, so nothing of it stays.",
    ]);
    expect(cardOf(proposal, context)).toContain("but not carried out");
  });

  it("gives the service's capacity free again", async () => {
    const context = jobContext();
    context.scaler.capacity = { ...context.scaler.capacity, max: 5 };
    const proposal = await approved(context, { change: SCALE_OUT });
    const error = await applyOnce(proposal, context).catch((failure: unknown) => failure);

    await tellFailure({ name: "apply", payload: { proposalId: proposal.id }, error }, context);
    await sweep(attempt<"sweep">({}), context);

    expect(await context.store.capacityHolds()).toEqual([]);
    expect(context.scaler.capacity).toMatchObject({ min: 2, desired: 4 });
  });

  it("is never called done, also where the failure was interrupted after its receipt", async () => {
    const whole = jobContext();
    const error = new UserError("guard-refused", "Not blocked: it is ours.");
    const failed = { name: "apply", payload: { proposalId: "prop-0000000001" }, error } as const;
    await begun(whole);
    const steps = await stepsOf(whole, (context) => tellFailure(failed, context));

    for (let step = 1; step <= steps; step += 1) {
      const world = jobContext();
      const proposal = await begun(world);
      await tellFailure(failed, mortal(world, step, "after").context).catch(() => {});
      world.clock.advance(61_000);
      await sweep(attempt<"sweep">({}), world);
      await world.queue
        .drain({ apply: (run) => apply(run, world) })
        .catch((again: unknown) => tellFailure({ ...failed, error: again }, world));
      await sweep(attempt<"sweep">({}), world);
      await world.queue.drain({ card: (run) => card(run, world) }, { delayMs: 10_000 });

      if (step > 1) {
        expect([step, cardOf(proposal, world)]).toEqual([step, expect.stringContaining("but not carried out")]);
        const told = world.messenger.said().filter(({ message }) => message.text.includes("Not carried out."));
        expect([step, told.length > 0]).toEqual([step, true]);
      }
      const state = (await world.store.proposal(proposal.id))?.state;
      const receipt = await world.store.receipt(proposal.id);
      expect([step, receipt?.outcome, state]).toEqual([
        step,
        step === 1 ? "applied" : "failed",
        step === 1 ? "done" : "failed",
      ]);
      expect(timelineOf(world).filter((text) => text.startsWith("Not carried out"))).toHaveLength(step === 1 ? 0 : 1);
    }
  });
});

/** An approved block whose rows are written, and no more. */
async function begun(context: TestJobContext): Promise<Proposal> {
  const proposal = await approved(context);
  const { id } = proposal;
  await context.store.moveProposal({ id, from: "approved", to: "executing", by: null, atMs: BUILT_AT_MS });
  await context.store.addBlocks([buildBlock({ state: "pending", proposalId: id, incidentId: null })]);
  return (await context.store.proposal(id)) as Proposal;
}
