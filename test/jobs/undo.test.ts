import { describe, expect, it } from "@jest/globals";
import { apply } from "../../jobs/apply.ts";
import { tellFailure } from "../../jobs/failed.ts";
import { sweep } from "../../jobs/sweep.ts";
import { undo } from "../../jobs/undo.ts";
import type { Proposal } from "../../src/domain/proposal.ts";
import { UpstreamError } from "../../src/errors.ts";
import { BUILT_AT_MS, SECOND } from "../support/build-proposal.ts";
import { blockOf, CRAWLER, FLOODER, SCALE_OUT } from "../support/changes.ts";
import {
  applied,
  approved,
  attempt,
  cardOf,
  jobContext,
  type TestJobContext,
  timelineOf,
  twoBehindOneFirewall,
  withWeb,
} from "../support/job-context.ts";
import { mortal, stepsOf } from "../support/mortal.ts";

const NETWORK = "198.51.100.0/24";

function undoOnce({ id }: Proposal, context: TestJobContext, addresses?: string[]): Promise<void> {
  return undo(attempt<"undo">({ proposalId: id, userId: SECOND.id, ...(addresses && { addresses }) }), context);
}

describe("undoing a block", () => {
  it("takes it out of the firewall, and says who did it on timeline and card", async () => {
    const context = jobContext();
    const proposal = await applied(context, { change: blockOf([CRAWLER, FLOODER]) });
    context.clock.advance(60_000);

    await undoOnce(proposal, context);

    expect([...context.firewall.blocked]).toEqual([]);
    expect(await context.store.blocks({})).toMatchObject([
      { state: "lifted", endedBy: SECOND, endedMs: BUILT_AT_MS + 60_000 },
      { state: "lifted", endedBy: SECOND, endedMs: BUILT_AT_MS + 60_000 },
    ]);
    expect(timelineOf(context).at(-1)).toBe("The block of 198.51.100.14, 203.0.113.77 on web ended: undone by Robin.");
    expect(cardOf(proposal, context)).toContain("Over since 14:06 UTC: lifted by *Robin*");
  });

  it("does nothing the second time", async () => {
    const context = jobContext();
    const proposal = await applied(context);
    await Promise.all([undoOnce(proposal, context), undoOnce(proposal, context)]);
    const after = [context.firewall.effective.length, timelineOf(context).length];

    await undoOnce(proposal, context);

    expect([context.firewall.effective.length, timelineOf(context).length]).toEqual(after);
    expect(context.firewall.effective).toEqual([`block ${CRAWLER}`, `unblock ${CRAWLER}`]);
  });

  it("is forgotten as a wish once it is done, or was given up and told", async () => {
    const context = jobContext();
    const { id } = await applied(context);
    const asked = { proposalId: id, userId: SECOND.id };
    for (const wish of ["done", "given up"]) await context.store.wishUndo({ ...asked, id: wish, atMs: BUILT_AT_MS });

    await undo(attempt<"undo">({ ...asked, wishId: "done" }), context);
    await tellFailure(
      {
        name: "undo",
        payload: { ...asked, wishId: "given up" },
        error: new UpstreamError("aws-down", "AWS is away", { retryable: true }),
      },
      context,
    );

    expect(await context.store.undoWishes(Number.MAX_SAFE_INTEGER)).toEqual([]);
  });

  it("is taken up again by the sweep where the queue forgot it", async () => {
    const context = jobContext();
    const { id } = await applied(context);
    const wish = { id: "undo-1", proposalId: id, userId: SECOND.id, addresses: [CRAWLER] };
    await context.store.wishUndo({ ...wish, atMs: context.clock.now() });
    await sweep(attempt<"sweep">({}), context);
    expect(context.queue.waiting().filter(({ name }) => name === "undo")).toEqual([]);

    context.clock.advance(60_001);
    await sweep(attempt<"sweep">({}), context);

    const { id: wishId, ...asked } = wish;
    expect(context.queue.waiting()).toContainEqual(
      expect.objectContaining({ name: "undo", payload: { ...asked, wishId } }),
    );
  });

  it("may be for a part of it; the rest stays with its end", async () => {
    const context = jobContext();
    const proposal = await applied(context, { change: blockOf([CRAWLER, FLOODER]) });

    await undoOnce(proposal, context, [CRAWLER]);

    expect([...context.firewall.blocked]).toEqual([FLOODER]);
    expect((await context.store.blocks({})).map(({ address, state }) => [address, state])).toEqual([
      [CRAWLER, "lifted"],
      [FLOODER, "active"],
    ]);
    expect(cardOf(proposal, context)).toContain("Ends by itself");
  });

  it("leaves an address that another block holds, says so, and the last of them takes it out", async () => {
    const context = jobContext();
    const first = await applied(context, { id: "first" });
    const second = await applied(context, { id: "second" });

    await undoOnce(first, context);
    expect([...context.firewall.blocked]).toEqual([CRAWLER]);
    expect(timelineOf(context).at(-1)).toContain("Another block holds 198.51.100.14 until 2026-11-21 16:05 UTC.");
    await undoOnce(second, context);

    expect([...context.firewall.blocked]).toEqual([]);
  });

  it.each([
    ["the network", NETWORK, CRAWLER],
    ["the address", CRAWLER, NETWORK],
  ])("of a network and of an address in it takes out each alone: %s first", async (_which, first, second) => {
    const context = jobContext();
    const one = await applied(context, { id: "one", change: blockOf([first]) });
    const other = await applied(context, { id: "other", change: blockOf([second]) });

    await undoOnce(one, context);
    expect([...context.firewall.blocked]).toEqual([second]);
    await undoOnce(other, context);

    expect([...context.firewall.blocked]).toEqual([]);
  });

  it("leaves an address that another service behind the same firewall holds", async () => {
    const context = twoBehindOneFirewall();
    const web = await applied(context, { id: "web" });
    const api = await applied(context, { id: "api", change: { ...blockOf([CRAWLER]), service: "api" } });

    await undoOnce(web, context);
    expect([...context.firewall.blocked]).toEqual([CRAWLER]);
    await undoOnce(api, context);

    expect([...context.firewall.blocked]).toEqual([]);
  });

  it("leaves what was in the firewall before, and says so", async () => {
    const context = jobContext({ blocked: [CRAWLER] });
    const proposal = await applied(context, { change: blockOf([CRAWLER, FLOODER]) });
    const again = await applied(context, { id: "again", change: blockOf([CRAWLER]) });

    await undoOnce(proposal, context);
    await undoOnce(again, context);

    expect([...context.firewall.blocked]).toEqual([CRAWLER]);
    expect((await context.store.receipt(proposal.id))?.calls).toContain(
      "In the set before this, and left in it at the end: 198.51.100.14",
    );
    expect(timelineOf(context).at(-1)).toContain("198.51.100.14 was in the firewall before, and stays there.");
  });

  it("leaves nothing where two blocks of one address end at the same instant", async () => {
    const context = jobContext();
    const first = await applied(context, { id: "first" });
    const second = await applied(context, { id: "second" });

    await Promise.all([undoOnce(first, context), undoOnce(second, context)]);

    expect([...context.firewall.blocked]).toEqual([]);
  });

  it.each([1, 2])("leaves an address blocked whose next block began just then, at taking out %i", async (beginsAt) => {
    const context = jobContext();
    const ending = await applied(context, { id: "ending" });
    const next = await approved(context, { id: "next" });
    let takings = 0;
    const slow = withWeb(context, {
      firewall: {
        ...context.firewall,
        unblock: async (addresses, options) => {
          takings += 1;
          if (takings === beginsAt) await apply(attempt<"apply">({ proposalId: next.id }), context);
          return context.firewall.unblock(addresses, options);
        },
      },
    });

    await undoOnce(ending, slow);

    expect([...context.firewall.blocked]).toEqual([CRAWLER]);
    expect((await context.store.blocks({ state: ["active"] })).map(({ proposalId }) => proposalId)).toEqual(["next"]);
  });

  it.each(["approved", "executing"] as const)("waits for a block that is still %s", async (state) => {
    const context = jobContext();
    const proposal = await approved(context);
    const move = { id: proposal.id, from: "approved", to: "executing", by: null, atMs: BUILT_AT_MS } as const;
    if (state === "executing") await context.store.moveProposal(move);

    await expect(undoOnce(proposal, context)).rejects.toMatchObject({ code: "undo-too-early", retryable: true });

    expect(context.firewall.asked).toEqual([]);
  });

  it("is done while Slack is away, by the id of who asked", async () => {
    const context = jobContext();
    const proposal = await applied(context);
    context.messenger.failWith(new UpstreamError("slack-down", "Slack does not answer", { retryable: true }));

    await undoOnce(proposal, context);

    expect([...context.firewall.blocked]).toEqual([]);
    expect((await context.store.blocks({}))[0]?.endedBy).toEqual({ id: SECOND.id, name: SECOND.id });
    expect(context.queue.waiting().map(({ name }) => name)).toContain("card");
  });

  it("is done where its card was deleted", async () => {
    const context = jobContext();
    const proposal = await applied(context, { messageTs: "1.2" });

    await undoOnce(proposal, context);

    expect([...context.firewall.blocked]).toEqual([]);
  });

  it("keeps its rows where the firewall does not answer, so that it is done later", async () => {
    const context = jobContext();
    const proposal = await applied(context);
    context.firewall.failNext = new UpstreamError("aws-down", "AWS does not answer", { retryable: true });

    await expect(undoOnce(proposal, context)).rejects.toThrow("AWS does not answer");

    expect(await context.store.blocks({ state: ["active"] })).toHaveLength(1);
    expect(timelineOf(context)).toHaveLength(1);
  });
});

describe("undoing a scale-out", () => {
  it("puts back what was there before", async () => {
    const context = jobContext();
    const proposal = await applied(context, { change: SCALE_OUT });

    await undoOnce(proposal, context);

    expect(context.scaler.capacity).toMatchObject({ min: 2, desired: 4 });
    expect(await context.store.capacityHolds()).toEqual([]);
    expect(timelineOf(context).at(-1)).toBe("The scale-out of web ended: undone by Robin.");
    expect(cardOf(proposal, context)).toContain("what was there before is put back");
  });

  it("leaves what somebody else changed since, and says so", async () => {
    const context = jobContext();
    const proposal = await applied(context, { change: SCALE_OUT });
    context.scaler.capacity = { ...context.scaler.capacity, desired: 9 };

    await undoOnce(proposal, context);

    expect(context.scaler.capacity).toMatchObject({ min: 2, desired: 9 });
    expect(timelineOf(context).at(-1)).toContain("The desired count stays at 9");
  });

  it("puts back nothing of a later one", async () => {
    const context = jobContext();
    const first = await applied(context, { id: "first", change: SCALE_OUT });
    await undoOnce(first, context);
    await applied(context, { id: "second", change: SCALE_OUT });

    await undoOnce(first, context);

    expect(context.scaler.capacity).toMatchObject({ min: 6, desired: 6 });
  });
});

describe.each([
  ["a block", blockOf([CRAWLER, FLOODER])],
  ["a scale-out", SCALE_OUT],
] as const)("undoing %s, when the worker dies", (_what, change) => {
  it.each(["before", "after"] as const)("%s any step ends the same once it runs again", async (moment) => {
    const whole = jobContext();
    const steps = await stepsOf(whole, undoOf(await applied(whole, { change })));
    const expected = await outcome(whole);

    expect(steps).toBeGreaterThan(6);
    for (let step = 1; step <= steps; step += 1) {
      const world = jobContext();
      const work = undoOf(await applied(world, { change }));
      await work(mortal(world, step, moment).context).catch(() => {});
      await work(world);

      expect({ step, ...(await outcome(world)) }).toEqual({ step, ...expected });
    }
  });
});

function undoOf(proposal: Proposal): (context: TestJobContext) => Promise<void> {
  return (context) => undoOnce(proposal, context);
}

/** What an undo leaves; who asked is an id where Slack died on the question. */
async function outcome(context: TestJobContext) {
  const rows = await context.store.blocks({});
  return {
    rows: rows.map(({ address, state, endedMs }) => [address, state, endedMs]),
    holds: await context.store.capacityHolds(),
    firewall: context.firewall.effective,
    scaler: context.scaler.asked,
    entries: timelineOf(context).length,
  };
}
