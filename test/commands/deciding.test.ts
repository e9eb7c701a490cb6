import { describe, expect, it } from "@jest/globals";
import { approve } from "../../commands/approve.ts";
import { block } from "../../commands/block.ts";
import { extend } from "../../commands/extend.ts";
import { refuse } from "../../commands/refuse.ts";
import { scale } from "../../commands/scale.ts";
import { scaleFormSent } from "../../commands/scale-form.ts";
import { undo } from "../../commands/undo.ts";
import { UpstreamError } from "../../src/errors.ts";
import { writeExtendValue } from "../../src/slack/extend-value.ts";
import { ASKING, BUILT_AT_MS, buildBlock, SECOND } from "../support/build-proposal.ts";
import { click, type TestContext, testContext, typed } from "../support/command-context.ts";

async function offered(context: TestContext): Promise<string> {
  await block.run(typed("198.51.100.14 for 2h because it floods"), context);
  const [proposal] = await context.store.openProposals();
  return proposal?.id ?? "";
}

function card(context: TestContext): string {
  return JSON.stringify(context.messenger.said().find(({ to }) => to === null)?.message);
}

describe("Approve", () => {
  it("moves the row, takes the buttons away, enqueues the action and writes it down", async () => {
    const context = testContext();
    const id = await offered(context);

    await approve.run(click("approve", id), context);

    expect(await context.store.proposal(id)).toMatchObject({
      state: "approved",
      decidedBy: SECOND,
      decidedMs: BUILT_AT_MS,
    });
    expect(context.queue.waiting()).toMatchObject([{ name: "apply", id: `apply-${id}`, payload: { proposalId: id } }]);
    expect(card(context)).toContain("Approved by *Robin*");
    expect(card(context)).not.toContain('"action_id"');
    expect(context.store.allEvents().map(({ kind }) => kind)).toEqual(["proposal", "approval"]);
  });

  it("acts once, however many click at the same time, and tells the others who was first", async () => {
    const context = testContext();
    const id = await offered(context);
    const others = Array.from({ length: 9 }, (_, index) => ({ id: `U0${index}`, name: `Person ${index}` }));

    const outcomes = await Promise.allSettled(
      others.map((person) => approve.run(click("approve", id, person), context)),
    );

    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(context.queue.waiting()).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect(String(outcome.reason)).toMatch(/approved this already|was faster/);
    }
  });

  it.each([
    ["the one who asked", ASKING, 0, "somebody else has to approve it"],
    ["anybody after its time", SECOND, 31 * 60_000, "This offer expired at 2026-11-21 14:35 UTC"],
  ])("refuses %s", async (_who, person, laterMs, message) => {
    const context = testContext();
    const id = await offered(context);
    context.clock.advance(laterMs);

    await expect(approve.run(click("approve", id, person), context)).rejects.toThrow(message);

    expect(context.queue.waiting()).toEqual([]);
    expect(await context.store.proposal(id)).toMatchObject({ state: "pending" });
  });

  it("refuses who is not on the list of approvers", async () => {
    const context = testContext({ yaml: "approvals: { approvers: [U0BOSS] }" });
    const id = await offered(context);

    await expect(approve.run(click("approve", id), context)).rejects.toThrow("not on the list of approvers");
  });

  it("keeps the approval where the queue is down, and says that it will be carried out", async () => {
    const context = testContext();
    const id = await offered(context);
    context.queue.failWith(new UpstreamError("queue-down", "no answer", { retryable: true }));

    await approve.run(click("approve", id), context);

    expect(await context.store.proposal(id)).toMatchObject({ state: "approved" });
    expect(context.messenger.whispers(SECOND.id)).toEqual([expect.stringContaining("Approved, and kept.")]);
  });

  it("changes nothing where the database is down", async () => {
    const context = testContext();
    const id = await offered(context);
    context.store.failWith(new UpstreamError("store-down", "no answer", { retryable: true }));

    await expect(approve.run(click("approve", id), context)).rejects.toThrow("no answer");

    expect(context.queue.waiting()).toEqual([]);
  });

  it("says that a card outlived its proposal", async () => {
    await expect(approve.run(click("approve", "prop-gone"), testContext())).rejects.toThrow("not known any more");
  });
});

describe("Refuse", () => {
  it.each([
    [SECOND, "refused", "Refused by *Robin*"],
    [ASKING, "withdrawn", "Withdrawn by *Dana*"],
  ])("by %j", async (person, state, shown) => {
    const context = testContext();
    const id = await offered(context);

    await refuse.run(click("refuse", id, person), context);

    expect(await context.store.proposal(id)).toMatchObject({ state });
    expect(card(context)).toContain(shown);
    expect(context.store.allEvents().map(({ kind }) => kind)).toEqual(["proposal", "refusal"]);
    await expect(approve.run(click("approve", id), context)).rejects.toThrow(
      `${person.name} ${state === "refused" ? "refused" : "withdrew"} this`,
    );
  });
});

describe("Undo and Extend", () => {
  async function applied(context: TestContext): Promise<string> {
    const id = await offered(context);
    await approve.run(click("approve", id), context);
    const atMs = context.clock.now();
    await context.store.moveProposal({ id, from: "approved", to: "executing", by: null, atMs });
    await context.store.addBlocks([buildBlock({ proposalId: id, createdMs: atMs, expiresMs: atMs + 7_200_000 })]);
    await context.store.moveBlocks({ ids: ["blk-0000000001"], from: "pending", to: "active", by: SECOND, atMs });
    await context.store.addReceipt({ proposalId: id, outcome: "applied", appliedMs: atMs, calls: [], check: null });
    await context.store.moveProposal({ id, from: "executing", to: "done", by: null, atMs });
    return id;
  }

  it("enqueues the undo and answers the click", async () => {
    const context = testContext();
    const id = await applied(context);

    await undo.run(click("undo", id), context);

    expect(context.queue.waiting().at(-1)).toMatchObject({
      name: "undo",
      payload: { proposalId: id, userId: SECOND.id },
    });
    expect(context.messenger.whispers(SECOND.id)).toEqual([expect.stringContaining("Undoing it now")]);
  });

  it("says that there is nothing left to undo", async () => {
    const context = testContext();
    const id = await offered(context);

    await expect(undo.run(click("undo", id), context)).rejects.toThrow("it ended already");
  });

  it("lets a block last as long again, for those who may approve it", async () => {
    const context = testContext();
    const id = await applied(context);

    await extend.run(click("extend", extendValue(id)), context);

    const [row] = await context.store.blocks({ proposalId: id });
    expect(row?.expiresMs).toBe(BUILT_AT_MS + 4 * 3_600_000);
    expect(card(context)).toContain("18:05 UTC");
    await expect(extend.run(click("extend", extendValue(id, 4), ASKING), context)).rejects.toThrow(
      "You asked for this yourself",
    );
  });

  it("extends once for a double click, and answers the second", async () => {
    const context = testContext();
    const id = await applied(context);

    const clicks = await Promise.allSettled([
      extend.run(click("extend", extendValue(id)), context),
      extend.run(click("extend", extendValue(id)), context),
    ]);

    const [row] = await context.store.blocks({ proposalId: id });
    expect(row?.expiresMs).toBe(BUILT_AT_MS + 4 * 3_600_000);
    expect(clicks.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(clicks.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { code: "extend-twice", message: expect.stringContaining("until 2026-11-21 18:05 UTC") },
    });
    expect(context.store.allEvents().filter(({ text }) => text.startsWith("Extended"))).toHaveLength(1);
  });

  it("undoes once for a double click", async () => {
    const context = testContext();
    const id = await applied(context);
    const before = context.queue.waiting().length;

    await Promise.all([undo.run(click("undo", id), context), undo.run(click("undo", id), context)]);

    expect(context.queue.waiting()).toHaveLength(before + 1);
  });

  it("says that a button of an earlier version is too old", async () => {
    const context = testContext();
    const id = await applied(context);

    await expect(extend.run(click("extend", id), context)).rejects.toMatchObject({ code: "button-outdated" });
  });

  it.each([
    ["lifted", SECOND, "Robin lifted it at 2026-11-21 14:05 UTC"],
    ["expired", null, "its time was up at 2026-11-21 14:05 UTC"],
  ] as const)("a click on a card that was left open says that it was %s, and how to ask again", async (to, by, how) => {
    const context = testContext();
    const id = await applied(context);
    const atMs = context.clock.now();
    await expect(approve.run(click("approve", id), context)).rejects.toThrow("it is done once only");
    await context.store.moveBlocks({ ids: ["blk-0000000001"], from: "active", to, by, atMs });

    const message = `Robin approved this, and it is over: ${how}. To block again: \`/block 198.51.100.14 web for 2h because …\`, or a new \`/spike web\` looks whether it is still needed.`;
    await expect(approve.run(click("approve", id), context)).rejects.toThrow(message);
    await expect(refuse.run(click("refuse", id), context)).rejects.toThrow(message);
  });

  it("extends nothing whose time is up: it is being taken out", async () => {
    const context = testContext();
    const id = await applied(context);
    context.clock.advance(7_200_000);

    await expect(extend.run(click("extend", extendValue(id)), context)).rejects.toThrow("the block ended already");

    const [row] = await context.store.blocks({ proposalId: id });
    expect(row?.expiresMs).toBe(BUILT_AT_MS + 7_200_000);
  });

  it("never lets a block last longer than allowed", async () => {
    const context = testContext({ yaml: "blocks: { maxSecs: 3h }" });
    const id = await applied(context);

    await extend.run(click("extend", extendValue(id)), context);

    const [row] = await context.store.blocks({ proposalId: id });
    expect(row?.expiresMs).toBe(BUILT_AT_MS + 3 * 3_600_000);
    await expect(extend.run(click("extend", extendValue(id, 3)), context)).rejects.toThrow("may last 3 h at most");
  });
});

describe("/scale", () => {
  it.each([
    ["+2", 6],
    ["web to 8 for 90m because the show begins", 8],
  ])("%s offers it", async (text, toInstances) => {
    const context = testContext();

    await scale.run(typed(text), context);

    expect(await context.store.openProposals()).toMatchObject([
      { change: { kind: "scale", service: "web", fromInstances: 4, toInstances, durationSecs: 5_400 } },
    ]);
    expect(context.scaler.asked).toEqual([]);
  });

  it.each([
    ["to 9", "9 instances are over the maximum of 8 for web, which has 4 now; try `/scale web to 8`."],
    ["to 4", "web has 4 instances already"],
    ["", "How many instances? Write `/scale +2` or `/scale to 8`"],
    ["+2 to 8", "one of them"],
    ["+1 for 1s", "1 s is too short for a scale-out; allowed are 1m to 168h."],
    ["+1 for 200h", "8 d 8 h is over the limit for a scale-out; allowed are 1m to 168h."],
    ["to many", "After `to` comes a number of instances such as 8"],
  ])("%s is answered with what is allowed", async (text, message) => {
    await expect(scale.run(typed(text), testContext())).rejects.toThrow(message);
  });
});

describe("the form to scale", () => {
  it.each([
    ["1s", "1 s is too short for a scale-out; allowed are 1m to 24h."],
    ["99h", "4 d 3 h is over the limit for a scale-out; allowed are 1m to 24h."],
    ["soon", "Write a duration such as 30m, 2h or 1d."],
  ])("answers %s beside its field", (duration, message) => {
    const values = { instances: "6", duration, reason: "the show begins" };
    const submission = { callbackId: "scale", userId: ASKING.id, userName: "dana", values, privateMetadata: "" };

    const errors = scaleFormSent.check(submission, testContext({ yaml: "blocks: { maxSecs: 24h }" }));

    expect(errors).toEqual({ duration: message });
  });
});

/** What the button of a card carries that shows this end. */
function extendValue(id: string, hours = 2): string {
  return writeExtendValue(id, BUILT_AT_MS + hours * 3_600_000);
}
