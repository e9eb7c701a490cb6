import { describe, expect, it } from "@jest/globals";
import { apply } from "../../jobs/apply.ts";
import { sweep } from "../../jobs/sweep.ts";
import { undo } from "../../jobs/undo.ts";
import { UpstreamError, UserError } from "../../src/errors.ts";
import { BUILT_AT_MS, SECOND } from "../support/build-proposal.ts";
import { blockOf, CRAWLER, FLOODER } from "../support/changes.ts";
import {
  applyOnce,
  approved,
  attempt,
  cardOf,
  jobContext,
  offered,
  timelineOf,
  withWeb,
} from "../support/job-context.ts";
import { mortal } from "../support/mortal.ts";

const HOUR_MS = 3_600_000;

describe("an approved block", () => {
  it("is put into the firewall, with rows that say when it ends, a receipt, an entry and a look to come", async () => {
    const context = jobContext();
    const proposal = await approved(context, { change: blockOf([CRAWLER, FLOODER]) });

    await applyOnce(proposal, context);

    expect([...context.firewall.blocked]).toEqual([CRAWLER, FLOODER]);
    expect(await context.store.blocks({})).toMatchObject(
      [CRAWLER, FLOODER].map((address) => ({
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
      "Blocked 198.51.100.14, 203.0.113.77 on web (asked for by Dana, approved by Robin): they flood the login",
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

    expect(context.firewall.effective).toEqual([`block ${CRAWLER}`]);
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
    const change = blockOf(["203.0.113.5/32"]);
    const proposal = await approved(context, { change });

    const applying = applyOnce(proposal, context);

    await expect(applying).rejects.toMatchObject({ code: "guard-refused" });
    await expect(applying).rejects.toThrow("203.0.113.5 overlaps 203.0.113.0/28");
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
    const proposal = await approved(context, { change: blockOf([CRAWLER, FLOODER]) });
    const forgetful = withWeb(context, { firewall: { ...context.firewall, list: async () => [CRAWLER] } });

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

    expect([...context.firewall.blocked]).toEqual([CRAWLER]);
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
    const context = jobContext({ blocked: [CRAWLER] });
    const proposal = await approved(context, { change: blockOf([CRAWLER, FLOODER]) });

    await applyOnce(proposal, context);

    const rows = await context.store.blocks({});
    expect(rows.map(({ address, isOurs }) => [address, isOurs])).toEqual([
      [CRAWLER, false],
      ["203.0.113.77/32", true],
    ]);
  });

  it("takes an address for its own that another of its blocks put there", async () => {
    const context = jobContext();
    await applyOnce(await approved(context, { id: "first" }), context);

    await applyOnce(await approved(context, { id: "second" }), context);

    expect((await context.store.blocks({})).map(({ isOurs }) => isOurs)).toEqual([true, true]);
  });

  it("takes an address for its own that another of its blocks held when the firewall was read, and no longer", async () => {
    const context = jobContext();
    await applyOnce(await approved(context, { id: "first" }), context);
    const second = await approved(context, { id: "second" });
    let isFirstUndone = false;
    const racing = withWeb(context, {
      firewall: {
        ...context.firewall,
        list: async (signal) => {
          const listed = await context.firewall.list(signal);
          if (!isFirstUndone) await undo(attempt<"undo">({ proposalId: "first", userId: SECOND.id }), context);
          isFirstUndone = true;
          return listed;
        },
      },
    });

    await applyOnce(second, racing);

    expect(await context.store.blocks({ state: ["active"] })).toMatchObject([{ proposalId: "second", isOurs: true }]);
    await undo(attempt<"undo">({ proposalId: "second", userId: SECOND.id }), context);
    expect([...context.firewall.blocked]).toEqual([]);
  });

  it("takes an address for its own that another of its blocks brought and took while the firewall was read", async () => {
    const context = jobContext();
    const first = await approved(context, { id: "first" });
    const second = await approved(context, { id: "second" });
    let isRead = false;
    const racing = withWeb(context, {
      firewall: {
        ...context.firewall,
        list: async (signal) => {
          if (isRead) return context.firewall.list(signal);
          isRead = true;
          await applyOnce(first, context);
          const listed = await context.firewall.list(signal);
          await undo(attempt<"undo">({ proposalId: "first", userId: SECOND.id }), context);
          return listed;
        },
      },
    });

    await applyOnce(second, racing);

    expect(await context.store.blocks({ state: ["active"] })).toMatchObject([{ proposalId: "second", isOurs: true }]);
    await undo(attempt<"undo">({ proposalId: "second", userId: SECOND.id }), context);
    expect([...context.firewall.blocked]).toEqual([]);
  });

  it("takes an address for its own that an ended block of ours may have left in the firewall", async () => {
    const context = jobContext();
    await applyOnce(await approved(context, { id: "first", change: blockOf([CRAWLER]) }), context);
    await context.store.unsettleBlocks(["first-0"], BUILT_AT_MS);
    const move = { ids: ["first-0"], from: "active", to: "lifted", by: SECOND, atMs: BUILT_AT_MS } as const;
    await context.store.moveBlocks(move);

    await applyOnce(await approved(context, { id: "second", change: blockOf([CRAWLER]) }), context);

    expect(await context.store.blocks({ state: ["active"] })).toMatchObject([{ proposalId: "second", isOurs: true }]);
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
