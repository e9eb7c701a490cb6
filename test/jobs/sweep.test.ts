import { describe, expect, it } from "@jest/globals";
import { apply } from "../../jobs/apply.ts";
import { tellFailure } from "../../jobs/failed.ts";
import { reconcile } from "../../jobs/reconcile.ts";
import { sweep } from "../../jobs/sweep.ts";
import type { Proposal } from "../../src/domain/proposal.ts";
import { UpstreamError, UserError } from "../../src/errors.ts";
import { BUILT_AT_MS, buildBlock, SECOND } from "../support/build-proposal.ts";
import { blockOf, CRAWLER, FLOODER, SCALE_OUT } from "../support/changes.ts";
import { createFakeQueue } from "../support/fake-queue.ts";
import {
  applied,
  applyOnce,
  approved,
  attempt,
  cardOf,
  jobContext,
  offered,
  type TestJobContext,
  timelineOf,
  withWeb,
} from "../support/job-context.ts";
import { mortal, stepsOf, throughEachPort } from "../support/mortal.ts";

const MINUTE_MS = 60_000;
const TWO_HOURS_MS = 120 * MINUTE_MS;

function sweepOnce(context: TestJobContext): Promise<void> {
  return sweep(attempt<"sweep">({}), context);
}

describe("the sweep", () => {
  it("ends a block whose time is up, and says so on card and timeline", async () => {
    const context = jobContext();
    const proposal = await applied(context);
    context.clock.advance(TWO_HOURS_MS);

    await sweepOnce(context);

    expect([...context.firewall.blocked]).toEqual([]);
    expect(await context.store.blocks({})).toMatchObject([{ state: "expired", endedBy: null }]);
    expect(timelineOf(context).at(-1)).toBe("The block of 198.51.100.14 on web ended: its time was up.");
    expect(cardOf(proposal, context)).toContain("Over since 16:05 UTC: its time was up.");
  });

  it("leaves what still has time", async () => {
    const context = jobContext();
    await applied(context);
    await applied(context, { id: "scale", change: { ...SCALE_OUT, durationSecs: 7_200 } });
    context.clock.advance(TWO_HOURS_MS - 1);

    await sweepOnce(context);

    expect([...context.firewall.blocked]).toEqual([CRAWLER]);
    expect(await context.store.capacityHolds()).toHaveLength(1);
  });

  it("keeps an address in the firewall until the last block of it ends", async () => {
    const context = jobContext();
    await applied(context, { id: "short", change: blockOf([CRAWLER], 600) });
    await applied(context, { id: "long", change: blockOf([CRAWLER], 3_600) });

    context.clock.advance(11 * MINUTE_MS);
    await sweepOnce(context);
    expect([...context.firewall.blocked]).toEqual([CRAWLER]);
    context.clock.advance(50 * MINUTE_MS);
    await sweepOnce(context);

    expect([...context.firewall.blocked]).toEqual([]);
  });

  it("ends nothing that was extended while it was at work on others", async () => {
    const context = jobContext();
    for (let n = 0; n < 20; n += 1) await applied(context, { id: `p${n}`, change: blockOf([`192.0.2.${n}/32`]) });
    context.clock.advance(1);
    await applied(context, { id: "last", change: blockOf([FLOODER]) });
    context.clock.advance(TWO_HOURS_MS);
    const slow = withWeb(context, {
      firewall: {
        ...context.firewall,
        unblock: async (addresses, options) => {
          const [row] = await context.store.blocks({ proposalId: "last" });
          await context.store.extendBlocks([row?.id ?? ""], context.clock.now() + 1);
          return context.firewall.unblock(addresses, options);
        },
      },
    });

    await sweepOnce(slow);

    expect([...context.firewall.blocked]).toEqual([FLOODER]);
  });

  it("puts capacity back whose time is up", async () => {
    const context = jobContext();
    await applied(context, { change: SCALE_OUT });
    context.clock.advance(90 * MINUTE_MS);

    await sweepOnce(context);

    expect(context.scaler.capacity).toMatchObject({ min: 2, desired: 4 });
    expect(await context.store.capacityHolds()).toEqual([]);
    expect(timelineOf(context).at(-1)).toBe("The scale-out of web ended: its time was up.");
  });

  it("ends what a failed action left, whatever its state", async () => {
    const context = jobContext();
    const proposal = await approved(context);
    const { id } = proposal;
    await context.store.moveProposal({ id, from: "approved", to: "failed", by: null, atMs: BUILT_AT_MS });
    await context.store.addBlocks([buildBlock({ state: "pending", incidentId: null, expiresMs: BUILT_AT_MS })]);
    context.firewall.blocked.add(CRAWLER);

    await sweepOnce(context);

    expect([...context.firewall.blocked]).toEqual([]);
    expect((await context.store.blocks({})).map(({ state }) => state)).toEqual(["expired"]);
  });

  it("hands back to apply what apply is at work on, and ends it when its time is up", async () => {
    const context = jobContext();
    const { id } = await approved(context);
    await context.store.moveProposal({ id, from: "approved", to: "executing", by: null, atMs: BUILT_AT_MS });
    const expiresMs = BUILT_AT_MS + 3 * MINUTE_MS;
    await context.store.addBlocks([buildBlock({ state: "pending", incidentId: null, expiresMs })]);
    context.firewall.blocked.add(CRAWLER);
    context.clock.advance(2 * MINUTE_MS);

    await sweepOnce(context);
    expect((await context.store.blocks({})).map(({ state }) => state)).toEqual(["pending"]);
    expect(context.queue.waiting()).toContainEqual(
      expect.objectContaining({ name: "apply", id: `apply-${id}`, payload: { proposalId: id } }),
    );

    context.clock.advance(MINUTE_MS);
    await sweepOnce(context);
    expect((await context.store.blocks({})).map(({ state }) => state)).toEqual(["expired"]);
    expect([...context.firewall.blocked]).toEqual([]);
  });

  it.each(["taken up again", "given up"])(
    "leaves nothing in the firewall of what ended while it was applied, whatever died, and then was %s",
    async (next) => {
      const counted = jobContext();
      const { id } = await approved(counted);
      const steps = await stepsOf(counted, (context) => applyOnce({ id }, context));
      for (let ends = 1; ends <= steps; ends += 1) {
        for (let dies = ends; dies <= steps; dies += 1) {
          const world = jobContext();
          await approved(world);
          let step = 0;
          const raced = throughEachPort(world, async (act) => {
            step += 1;
            if (step > dies) throw new UpstreamError("died", "The process is dead", { retryable: true });
            const answer = await act();
            if (step === ends) world.clock.advance(TWO_HOURS_MS);
            if (step === ends) await sweepOnce(world);
            return answer;
          });
          await applyOnce({ id }, raced).catch(() => undefined);

          const error = new UpstreamError("worker-died", "Its workers died", { retryable: false });
          if (next === "given up") await tellFailure({ name: "apply", payload: { proposalId: id }, error }, world);
          else await applyOnce({ id }, world).catch(() => undefined);
          for (let minute = 0; minute < 4; minute += 1) {
            await sweepOnce(world);
            world.clock.advance(TWO_HOURS_MS / 2);
            await reconcile(attempt<"reconcile">({}), world);
          }
          await sweepOnce(world);

          expect({ ends, dies, blocked: [...world.firewall.blocked] }).toEqual({ ends, dies, blocked: [] });
        }
      }
    },
  );

  it("closes offers that nobody answered, and no others", async () => {
    const context = jobContext();
    const late = await offered(context, { id: "late" });
    const fresh = await offered(context, { id: "fresh", expiresMs: BUILT_AT_MS + 31 * MINUTE_MS });
    context.clock.advance(30 * MINUTE_MS);

    await sweepOnce(context);

    expect((await context.store.proposal(late.id))?.state).toBe("expired");
    expect((await context.store.proposal(fresh.id))?.state).toBe("pending");
    expect(cardOf(late, context)).toContain("Expired at 14:35 UTC without an answer");
  });

  it("says under the card that an offer expired, and on the timeline, once", async () => {
    const context = jobContext();
    const { messageTs } = await offered(context);
    context.clock.advance(30 * MINUTE_MS);

    await sweepOnce(context);
    await sweepOnce(context);

    const text =
      "The offer expired at 2026-11-21 14:35 UTC without an answer, and nothing was done: Block 198.51.100.14 on web for 2 h.";
    expect(timelineOf(context)).toEqual([text]);
    const replies = context.messenger.said().filter(({ threadTs }) => threadTs === messageTs);
    expect(replies.map(({ message }) => message.text)).toEqual([expect.stringContaining(text)]);
  });

  it("expires an offer though Slack does not hear of it", async () => {
    const context = jobContext();
    const { id } = await offered(context);
    context.clock.advance(30 * MINUTE_MS);
    context.messenger.failWith(new UpstreamError("slack-down", "gone", { retryable: true }));

    await sweepOnce(context);

    expect((await context.store.proposal(id))?.state).toBe("expired");
  });

  it("and an approval at the same instant agree on one of the two", async () => {
    const context = jobContext();
    const { id } = await offered(context);
    context.clock.advance(30 * MINUTE_MS);

    const [isApproved] = await Promise.all([
      context.store.moveProposal({ id, from: "pending", to: "approved", by: SECOND, atMs: context.clock.now() }),
      sweepOnce(context),
    ]);

    expect((await context.store.proposal(id))?.state).toBe(isApproved ? "approved" : "expired");
  });

  it("does all of it where the queue lost everything", async () => {
    const context = jobContext();
    await applied(context, { id: "over" });
    const { id } = await approved(context, { id: "interrupted", change: blockOf([FLOODER]) });
    context.clock.advance(TWO_HOURS_MS);
    const emptied = { ...context, queue: createFakeQueue() };

    await sweepOnce(emptied);
    await emptied.queue.drain({ apply: (run) => apply(run, emptied) });

    expect((await context.store.proposal(id))?.state).toBe("done");
    expect([...context.firewall.blocked]).toEqual([FLOODER]);
  });

  it("has a change looked at that nobody looked at, because the queue lost it", async () => {
    const context = jobContext();
    await applied(context, { id: "lost" });
    await applied(context, { id: "lost too", change: SCALE_OUT });
    const { id } = await applied(context, { id: "seen", change: blockOf([FLOODER]) });
    const seen = {
      checkedMs: 1,
      verdict: "cannot-tell",
      statement: "?",
      beforePerMin: null,
      afterPerMin: null,
    } as const;
    await context.store.setCheck(id, seen);
    const emptied = { ...context, queue: createFakeQueue() };

    context.clock.advance(2 * MINUTE_MS);
    await sweepOnce(emptied);
    expect(emptied.queue.waiting()).toEqual([]);
    context.clock.advance(MINUTE_MS);
    await sweepOnce(emptied);

    expect(emptied.queue.waiting().map(({ payload }) => payload)).toEqual([
      { proposalId: "lost", round: 1 },
      { proposalId: "lost too", round: 1 },
    ]);
  });

  it("does the rest where one part fails, and fails so that the log says so", async () => {
    const context = jobContext();
    await applied(context, { id: "first" });
    await applied(context, { id: "second", change: blockOf([FLOODER]) });
    await offered(context, { id: "offer" });
    context.clock.advance(TWO_HOURS_MS);
    context.firewall.failNext = new UpstreamError("aws-down", "AWS does not answer", { retryable: true });

    await expect(sweepOnce(context)).rejects.toThrow("1 steps of the sweep failed");

    expect(context.firewall.blocked.size).toBe(1);
    expect((await context.store.proposal("offer"))?.state).toBe("expired");
    await sweepOnce(context);
    expect([...context.firewall.blocked]).toEqual([]);
  });

  it("runs beside another without doing anything twice", async () => {
    const context = jobContext();
    await applied(context, { id: "first" });
    await applied(context, { id: "second", change: blockOf([FLOODER]) });
    await applied(context, { id: "third", change: SCALE_OUT });
    context.clock.advance(TWO_HOURS_MS);

    await Promise.all([sweepOnce(context), sweepOnce(context)]);

    expect(context.firewall.effective.slice(2)).toEqual([`unblock ${CRAWLER}`, `unblock ${FLOODER}`]);
    expect(context.scaler.asked).toEqual(["raise to 6", "restore 2 of 4"]);
    expect(timelineOf(context)).toHaveLength(6);
  });

  it("ends blocks while Slack is away, and has their cards shown later", async () => {
    const context = jobContext();
    const { id } = await applied(context);
    context.clock.advance(TWO_HOURS_MS);
    context.messenger.failWith(new UpstreamError("slack-down", "Slack does not answer", { retryable: true }));

    await sweepOnce(context);

    expect([...context.firewall.blocked]).toEqual([]);
    expect(context.queue.waiting()).toContainEqual(
      expect.objectContaining({ name: "card", payload: { proposalId: id } }),
    );
  });

  it("of one address together leaves it in the firewall to none of them, whatever died", async () => {
    for (let dies = 1; dies <= 40; dies += 1) {
      const world = jobContext();
      for (const id of ["one", "two"]) await applied(world, { id });
      world.clock.advance(TWO_HOURS_MS);
      const dying = mortal(world, dies, "after").context;

      await Promise.allSettled([sweepOnce(dying), sweepOnce(world)]);
      await sweepOnce(world);

      expect({ dies, blocked: [...world.firewall.blocked] }).toEqual({ dies, blocked: [] });
    }
  });

  it.each(["before", "after"] as const)(
    "when its worker dies %s any step, has what ended shown as over all the same, within two minutes",
    async (moment) => {
      const steps = await stepsOf(await due(), sweepOnce);

      for (let step = 1; step <= steps; step += 1) {
        const world = await due();
        await sweepOnce(mortal(world, step, moment).context).catch(() => {});
        await sweepOnce(world);
        world.clock.advance(MINUTE_MS);
        await reconcile(attempt<"reconcile">({}), world);

        const cards: string[] = [];
        for (const id of ["block", "scale"]) cards.push(cardOf((await world.store.proposal(id)) as Proposal, world));
        expect([step, ...cards]).toEqual([
          step,
          expect.stringMatching(/Over since .* its time was up/),
          expect.stringMatching(/Over since .* its time was up/),
        ]);
      }
    },
  );

  it.each(["before", "after"] as const)(
    "when its worker dies %s any step, leaves the rest to the next",
    async (moment) => {
      const whole = await due();
      const steps = await stepsOf(whole, sweepOnce);
      const expected = [whole.firewall.effective, whole.scaler.asked, timelineOf(whole).toSorted()];

      for (let step = 1; step <= steps; step += 1) {
        const world = await due();
        await sweepOnce(mortal(world, step, moment).context).catch(() => {});
        await sweepOnce(world);

        expect([step, world.firewall.effective, world.scaler.asked, timelineOf(world).toSorted()]).toEqual([
          step,
          ...expected,
        ]);
      }
    },
  );
});

/** A world in which a block and a scale-out are over. */
async function due(): Promise<TestJobContext> {
  const context = jobContext();
  await applied(context, { id: "block" });
  await applied(context, { id: "scale", change: SCALE_OUT });
  context.clock.advance(TWO_HOURS_MS);
  return context;
}

describe("what cannot be ended", () => {
  it("is told once, where trying again will not help", async () => {
    const context = jobContext();
    await applied(context);
    context.clock.advance(TWO_HOURS_MS);
    const without = withWeb(context, { firewall: null });
    const before = context.messenger.said().length;

    await expect(sweepOnce(without)).rejects.toThrow(AggregateError);
    await expect(sweepOnce(without)).rejects.toThrow(AggregateError);

    expect(context.messenger.said()).toHaveLength(before + 1);
    expect(context.messenger.said().at(-1)?.message.text).toContain(
      "The block of 198.51.100.14 on web should have ended at 2026-11-21 16:05 UTC, and has not. web has no `firewall`",
    );
    expect(await context.store.blocks({ state: ["active"] })).toHaveLength(1);
  });

  it("is told after five minutes, where it may pass", async () => {
    const context = jobContext();
    await applied(context, { change: SCALE_OUT });
    context.clock.advance(90 * MINUTE_MS);
    const away = withWeb(context, {
      scaler: {
        ...context.scaler,
        restore: () => Promise.reject(new UpstreamError("aws-down", "AWS does not answer", { retryable: true })),
      },
    });

    await expect(sweepOnce(away)).rejects.toThrow(AggregateError);
    expect(timelineOf(context)).toHaveLength(1);
    context.clock.advance(5 * MINUTE_MS);
    await expect(sweepOnce(away)).rejects.toThrow(AggregateError);

    expect(timelineOf(context).at(-1)).toContain("The scale-out of web should have ended at 2026-11-21 15:35 UTC");
    expect(timelineOf(context).at(-1)).toContain("AWS does not answer.");
  });

  it("tells an error of our own by its id alone", async () => {
    const context = jobContext();
    await applied(context);
    context.clock.advance(TWO_HOURS_MS + 5 * MINUTE_MS);
    context.firewall.failNext = new TypeError("secret of 198.51.100.14");

    await expect(sweepOnce(context)).rejects.toThrow(AggregateError);

    expect(timelineOf(context).at(-1)).toMatch(/Something went wrong in Spillway itself\. The log has it as id-\d+\./);
    expect(timelineOf(context).at(-1)).not.toContain("secret");
  });

  it("does not hide why it failed where nobody can be told", async () => {
    const context = jobContext();
    await applied(context);
    context.clock.advance(TWO_HOURS_MS);
    context.firewall.failNext = new UserError("aws-denied", "AWS refused");
    context.messenger.failWith(new UpstreamError("slack-down", "Slack does not answer", { retryable: true }));

    const failure = await sweepOnce(context).catch((error: unknown) => error);

    expect((failure as AggregateError).errors).toMatchObject([{ code: "aws-denied" }]);
  });
});
