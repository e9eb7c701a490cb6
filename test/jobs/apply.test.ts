import { describe, expect, it } from "@jest/globals";
import { apply } from "../../jobs/apply.ts";
import { tellFailure } from "../../jobs/failed.ts";
import { sweep } from "../../jobs/sweep.ts";
import type { Proposal } from "../../src/domain/proposal.ts";
import { UpstreamError, UserError } from "../../src/errors.ts";
import { BUILT_AT_MS, buildBlock, SECOND } from "../support/build-proposal.ts";
import {
  approved,
  attempt,
  cardOf,
  jobContext,
  offered,
  type TestJobContext,
  timelineOf,
  withWeb,
} from "../support/job-context.ts";
import { mortal, stepsOf } from "../support/mortal.ts";

const HOUR_MS = 3_600_000;
const BLOCKED = "198.51.100.14/32";
const BLOCK_TWO = {
  kind: "block",
  service: "web",
  addresses: [BLOCKED, "203.0.113.77/32"],
  durationSecs: 7_200,
  reason: "they flood the login",
} as const;
const SCALE = {
  kind: "scale",
  service: "web",
  fromInstances: 4,
  toInstances: 6,
  durationSecs: 5_400,
  reason: "to serve the crowd",
} as const;

function applyOnce({ id }: Pick<Proposal, "id">, context: TestJobContext): Promise<void> {
  return apply(attempt<"apply">({ proposalId: id }), context);
}

describe("an approved block", () => {
  it("is put into the firewall, with rows that say when it ends, a receipt, an entry and a look to come", async () => {
    const context = jobContext();
    const proposal = await approved(context, { change: BLOCK_TWO });

    await applyOnce(proposal, context);

    expect([...context.firewall.blocked]).toEqual(BLOCK_TWO.addresses);
    expect(await context.store.blocks({})).toMatchObject(
      BLOCK_TWO.addresses.map((address) => ({
        address,
        state: "active",
        isOurs: true,
        expiresMs: BUILT_AT_MS + 2 * HOUR_MS,
        blockedBy: SECOND,
      })),
    );
    expect(await context.store.receipt(proposal.id)).toEqual({
      proposalId: proposal.id,
      outcome: "applied",
      appliedMs: BUILT_AT_MS,
      calls: ["block 198.51.100.14/32, 203.0.113.77/32"],
      check: null,
    });
    expect((await context.store.proposal(proposal.id))?.state).toBe("done");
    expect(timelineOf(context)).toEqual([
      "Blocked 198.51.100.14/32, 203.0.113.77/32 on web (asked for by Dana, approved by Robin): they flood the login",
    ]);
    expect(context.queue.waiting()).toMatchObject([
      { name: "check", payload: { proposalId: proposal.id, round: 1 }, delayMs: 120_000 },
    ]);
    expect(cardOf(proposal, context)).toContain("applied at 14:05 UTC. Ends by itself at");
  });

  it("is done once, however often its job runs", async () => {
    const context = jobContext();
    const proposal = await approved(context);

    await Promise.all([applyOnce(proposal, context), applyOnce(proposal, context)]);
    await applyOnce(proposal, context);

    expect(context.firewall.effective).toEqual([`block ${BLOCKED}`]);
    expect(await context.store.blocks({})).toHaveLength(1);
    expect(timelineOf(context)).toHaveLength(1);
    expect(context.queue.waiting()).toHaveLength(1);
  });

  it.each(["pending", "refused", "expired"] as const)("changes nothing while its proposal is %s", async (state) => {
    const context = jobContext();
    const proposal = await offered(context);
    const by = state === "refused" ? SECOND : null;
    if (state !== "pending") {
      await context.store.moveProposal({ id: proposal.id, from: "pending", to: state, by, atMs: BUILT_AT_MS });
    }

    await applyOnce(proposal, context);

    expect(context.firewall.asked).toEqual([]);
    expect(await context.store.blocks({})).toEqual([]);
    expect(await context.store.receipt(proposal.id)).toBeNull();
  });

  it("changes nothing where the proposal is not known", async () => {
    const context = jobContext();

    await applyOnce({ id: "nowhere" }, context);

    expect(context.firewall.asked).toEqual([]);
  });

  it("is refused where an address went on the never-block list since it was proposed", async () => {
    const context = jobContext();
    const change = { ...BLOCK_TWO, addresses: ["203.0.113.5/32"] };
    const proposal = await approved(context, { change });

    const applying = applyOnce(proposal, context);

    await expect(applying).rejects.toMatchObject({ code: "guard-refused" });
    await expect(applying).rejects.toThrow("203.0.113.5/32 overlaps 203.0.113.0/28");
    expect(context.firewall.asked).toEqual([]);
    expect(await context.store.blocks({})).toEqual([]);
  });

  it("is refused where the service lost its firewall, or is gone", async () => {
    const context = jobContext();
    const proposal = await approved(context);

    await expect(applyOnce(proposal, withWeb(context, { firewall: null }))).rejects.toThrow("has no `firewall`");
    await expect(applyOnce(proposal, { ...context, services: {} })).rejects.toThrow(UserError);
  });

  it("is not claimed to be done where the firewall lists fewer addresses than were asked for", async () => {
    const context = jobContext();
    const proposal = await approved(context, { change: BLOCK_TWO });
    const forgetful = withWeb(context, { firewall: { ...context.firewall, list: async () => [BLOCKED] } });

    const applying = applyOnce(proposal, forgetful);

    await expect(applying).rejects.toMatchObject({
      name: "UpstreamError",
      code: "firewall-incomplete",
      retryable: true,
    });
    expect(await context.store.receipt(proposal.id)).toBeNull();
    expect((await context.store.blocks({})).map(({ state }) => state)).toEqual(["pending", "pending"]);
    expect(timelineOf(context)).toEqual([]);
  });

  it("is carried out while Slack is away, and shown when it is back", async () => {
    const context = jobContext();
    const proposal = await approved(context);
    context.messenger.failWith(new UpstreamError("slack-down", "Slack does not answer", { retryable: true }));

    await applyOnce(proposal, context);

    expect([...context.firewall.blocked]).toEqual([BLOCKED]);
    expect((await context.store.receipt(proposal.id))?.outcome).toBe("applied");
    expect(timelineOf(context)).toHaveLength(1);
    expect(context.queue.waiting()).toMatchObject([
      { name: "check" },
      { name: "card", payload: { proposalId: proposal.id } },
    ]);
  });

  it("is carried out where its card was deleted", async () => {
    const context = jobContext();
    const proposal = await approved(context, { messageTs: "1.2" });

    await applyOnce(proposal, context);

    expect((await context.store.proposal(proposal.id))?.state).toBe("done");
    expect(context.queue.waiting()).toMatchObject([{ name: "check" }]);
  });

  it("keeps its receipt where the queue takes no look, and takes it up again", async () => {
    const context = jobContext();
    const proposal = await approved(context);
    context.queue.failWith(new UpstreamError("queue-down", "The queue does not answer", { retryable: true }));
    await expect(applyOnce(proposal, context)).rejects.toThrow("The queue does not answer");

    context.queue.failWith(null);
    context.clock.advance(61_000);
    await sweep(attempt<"sweep">({}), context);
    await context.queue.drain({ apply: (run) => apply(run, context) });

    expect((await context.store.receipt(proposal.id))?.appliedMs).toBe(BUILT_AT_MS);
    expect((await context.store.proposal(proposal.id))?.state).toBe("done");
    expect(context.queue.waiting()).toMatchObject([{ name: "check" }]);
    expect(timelineOf(context)).toHaveLength(1);
  });

  it("blocks nothing where its time was over before it could be carried out", async () => {
    const context = jobContext();
    const proposal = await approved(context);
    const dies = mortal(context, 0);
    const stuck = withWeb(dies.context, {
      firewall: {
        ...context.firewall,
        block: () => Promise.reject(new UpstreamError("away", "x", { retryable: true })),
      },
    });
    await expect(applyOnce(proposal, stuck)).rejects.toThrow("x");

    context.clock.advance(3 * HOUR_MS);
    const applying = applyOnce(proposal, context);

    await expect(applying).rejects.toMatchObject({ code: "block-too-late" });
    expect([...context.firewall.blocked]).toEqual([]);
  });

  it("leaves nothing blocked that was ended while it was carried out", async () => {
    const context = jobContext();
    const proposal = await approved(context);
    const ending = withWeb(context, {
      firewall: {
        ...context.firewall,
        block: async (addresses, options) => {
          const rows = await context.store.blocks({ proposalId: proposal.id });
          const ids = rows.map(({ id }) => id);
          await context.store.moveBlocks({ ids, from: "pending", to: "lifted", by: SECOND, atMs: BUILT_AT_MS });
          return context.firewall.block(addresses, options);
        },
      },
    });

    await applyOnce(proposal, ending);

    expect([...context.firewall.blocked]).toEqual([]);
  });

  it("tells what an interrupted run did, not that there was nothing to do", async () => {
    const context = jobContext();
    const proposal = await approved(context);
    const dying = withWeb(context, { firewall: { ...context.firewall, list: once(context.firewall.list) } });
    await expect(applyOnce(proposal, dying)).rejects.toThrow("once only");

    await applyOnce(proposal, context);

    expect((await context.store.receipt(proposal.id))?.calls).toEqual([
      "An earlier run of this action, which was interrupted, had put every address into the set.",
    ]);
  });

  it("remembers which addresses were in the firewall before, by whomever", async () => {
    const context = jobContext({ blocked: [BLOCKED] });
    const proposal = await approved(context, { change: BLOCK_TWO });

    await applyOnce(proposal, context);

    const rows = await context.store.blocks({});
    expect(rows.map(({ address, isOurs }) => [address, isOurs])).toEqual([
      [BLOCKED, false],
      ["203.0.113.77/32", true],
    ]);
  });

  it("takes an address for its own that another of its blocks put there", async () => {
    const context = jobContext();
    await applyOnce(await approved(context, { id: "first" }), context);

    await applyOnce(await approved(context, { id: "second" }), context);

    expect((await context.store.blocks({})).map(({ isOurs }) => isOurs)).toEqual([true, true]);
  });
});

/** Does it the first time, and fails after that. */
function once<Args extends unknown[], Result>(act: (...args: Args) => Promise<Result>) {
  let isDone = false;
  return async (...args: Args): Promise<Result> => {
    if (isDone) throw new UpstreamError("away", "once only", { retryable: true });
    isDone = true;
    return act(...args);
  };
}

describe("an approved scale-out", () => {
  it("raises the group, remembers what to put back, and says so", async () => {
    const context = jobContext();
    const proposal = await approved(context, { change: SCALE });

    await applyOnce(proposal, context);

    expect(context.scaler.capacity).toMatchObject({ min: 6, desired: 6 });
    expect(await context.store.capacityHolds()).toMatchObject([
      { proposalId: proposal.id, before: { min: 2, desired: 4 }, untilMs: BUILT_AT_MS + 1.5 * HOUR_MS },
    ]);
    expect((await context.store.receipt(proposal.id))?.calls).toEqual(["raise to 6"]);
    expect(timelineOf(context)).toEqual([
      "Scaled web from 4 to 6 instances (asked for by Dana, approved by Robin): to serve the crowd",
    ]);
  });

  it("is refused while an earlier one holds the service", async () => {
    const context = jobContext();
    await applyOnce(await approved(context, { id: "first", change: SCALE }), context);
    const second = await approved(context, { id: "second", change: { ...SCALE, toInstances: 8 } });

    await expect(applyOnce(second, context)).rejects.toMatchObject({ code: "scale-held" });

    expect(context.scaler.asked).toEqual(["raise to 6"]);
    expect(await context.store.capacityHolds()).toHaveLength(1);
  });

  it("is put back where it was undone while the group was raised", async () => {
    const context = jobContext();
    const proposal = await approved(context, { change: SCALE });
    const undone = withWeb(context, {
      scaler: {
        ...context.scaler,
        raiseTo: async (instances, options) => {
          await context.store.dropCapacityHold(proposal.id);
          return context.scaler.raiseTo(instances, options);
        },
      },
    });

    await applyOnce(proposal, undone);

    expect(context.scaler.capacity).toMatchObject({ min: 2, desired: 4 });
  });

  it("raises nothing where its time was over before it could be carried out", async () => {
    const context = jobContext();
    const proposal = await approved(context, { change: SCALE });
    const away = new UpstreamError("away", "x", { retryable: true });
    const stuck = withWeb(context, { scaler: { ...context.scaler, raiseTo: () => Promise.reject(away) } });
    await expect(applyOnce(proposal, stuck)).rejects.toThrow("x");

    context.clock.advance(2 * HOUR_MS);

    await expect(applyOnce(proposal, context)).rejects.toMatchObject({ code: "scale-too-late" });
    expect(context.scaler.asked).toEqual([]);
  });
});

describe.each([
  ["a block of two addresses", BLOCK_TWO],
  ["a scale-out", SCALE],
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
    const proposal = await approved(context, { change: BLOCK_TWO });
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
      "The block of 198.51.100.14/32, 203.0.113.77/32 on web ended: it was not carried out, so nothing of it stays.",
    ]);
    expect(cardOf(proposal, context)).toContain("but not carried out");
  });

  it("gives the service's capacity free again", async () => {
    const context = jobContext();
    context.scaler.capacity = { ...context.scaler.capacity, max: 5 };
    const proposal = await approved(context, { change: SCALE });
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
