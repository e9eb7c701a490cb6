import { describe, expect, it } from "@jest/globals";
import { approve } from "../../commands/approve.ts";
import { block } from "../../commands/block.ts";
import { breakGlassSent, openBreakGlass } from "../../commands/break-glass.ts";
import { extend } from "../../commands/extend.ts";
import { refuse } from "../../commands/refuse.ts";
import { scale } from "../../commands/scale.ts";
import { scaleFormSent } from "../../commands/scale-form.ts";
import { undo } from "../../commands/undo.ts";
import { withdraw } from "../../commands/withdraw.ts";
import type { Config } from "../../src/config.ts";
import type { Person } from "../../src/domain/proposal.ts";
import { UpstreamError } from "../../src/errors.ts";
import type { Submission } from "../../src/slack/command.ts";
import { writeExtendValue } from "../../src/slack/extend-value.ts";
import { writeOrigin } from "../../src/slack/origin.ts";
import { ASKING, BUILT_AT_MS, buildBlock, buildProposal, SECOND, THIRD } from "../support/build-proposal.ts";
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

  it("of a scale-out ahead of time says that it begins by itself", async () => {
    const context = testContext();
    await scale.run(typed("+2 at 23:00"), context);
    const [proposal] = await context.store.openProposals();

    await approve.run(click("approve", proposal?.id ?? ""), context);

    expect(context.messenger.whispers(SECOND.id)).toEqual([expect.stringContaining("it begins by itself at its time")]);
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

    const refusal = { act: "approve", code: "not-an-approver" };
    expect(context.store.audited()).toMatchObject([
      { kind: "policy-refusal", actor: SECOND, proposalId: id, details: refusal },
    ]);
  });

  it("takes two different people for what is a risk, and answers each on the way", async () => {
    const context = testContext();
    await block.run(typed("198.51.100.14 for 2d because it floods"), context);
    const id = (await context.store.openProposals())[0]?.id ?? "";
    expect(card(context)).toContain("Waits for two people to approve");
    expect(card(context)).toContain("It takes two because it lasts 2 d, over 1 d.");

    await approve.run(click("approve", id), context);
    expect(await context.store.proposal(id)).toMatchObject({ state: "pending", decidedBy: null });
    expect(card(context)).toContain("Approved by *Robin*; waits for one more person to approve");
    await expect(approve.run(click("approve", id), context)).rejects.toThrow("You have approved this already");
    expect(context.queue.waiting()).toEqual([]);
    await approve.run(click("approve", id, THIRD), context);

    expect(await context.store.proposal(id)).toMatchObject({ state: "approved", decidedBy: THIRD });
    expect(card(context)).toContain("Approved by *Robin and Kim*");
    expect(context.queue.waiting()).toHaveLength(1);
    expect(context.messenger.whispers(SECOND.id)).toEqual([expect.stringContaining("one more person has to approve")]);
    expect(context.messenger.whispers(THIRD.id)).toEqual([expect.stringContaining("being carried out now")]);
    await expect(approve.run(click("approve", id), context)).rejects.toThrow(
      "Robin and Kim approved this already at 2026-11-21 14:05 UTC, and it is being carried out",
    );
  });

  it("does not tell who approves a dry run that it is carried out", async () => {
    const context = testContext({ yaml: "dryRun: true" });
    await block.run(typed("198.51.100.14 because it floods"), context);
    const id = (await context.store.openProposals())[0]?.id ?? "";

    await approve.run(click("approve", id), context);

    expect(context.messenger.whispers(SECOND.id)).toEqual([expect.stringContaining("nothing is changed")]);
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

describe("who is in a user group", () => {
  const yaml = "approvals: { approvers: [S0ONCALL, U0BOSS], requesters: [S0ONCALL, U0ASKS] }";

  it("may approve, and nobody else", async () => {
    const context = testContext({ yaml });
    const id = await offered(context);
    context.messenger.setGroup("S0ONCALL", [THIRD.id]);

    await expect(approve.run(click("approve", id), context)).rejects.toThrow("not on the list of approvers");
    await approve.run(click("approve", id, THIRD), context);

    expect(await context.store.proposal(id)).toMatchObject({ state: "approved", decidedBy: THIRD });
  });

  it("is not guessed where Slack does not say, and those who are named need no answer", async () => {
    const context = testContext({ yaml });
    const id = await offered(context);

    await expect(approve.run(click("approve", id, THIRD), context)).rejects.toThrow(
      "Slack does not say who is in the user group S0ONCALL (no_such_subteam), so it cannot be told whether you may do this, and nothing was done.",
    );
    expect(await context.store.proposal(id)).toMatchObject({ state: "pending", approvals: [] });
    await approve.run(click("approve", id, { id: "U0BOSS", name: "Boss" }), context);

    expect(await context.store.proposal(id)).toMatchObject({ state: "approved" });
  });

  it("may ask, and nobody else", async () => {
    const context = testContext({ yaml });
    context.messenger.setGroup("S0ONCALL", [THIRD.id]);

    const asked = block.run(typed("198.51.100.14 because it floods", SECOND), context);

    await expect(asked).rejects.toThrow("You are not among those who may ask for a change here");
    expect(context.store.audited()).toMatchObject([{ actor: SECOND, details: { code: "not-a-requester" } }]);
    expect(await context.store.openProposals()).toEqual([]);
    await block.run(typed("198.51.100.14 because it floods", THIRD), context);
    expect(await context.store.openProposals()).toHaveLength(1);
  });
});

describe("breaking the glass", () => {
  const yaml = "approvals: { breakGlass: [U0ASKS, U0SECOND] }";
  const sent = (id: string, by: Person, reason = "nobody else is awake"): Submission => ({
    callbackId: "break-glass",
    userId: by.id,
    userName: by.name,
    values: { reason },
    privateMetadata: writeOrigin({ channelId: "C0WEB", threadTs: null, about: id }),
  });

  it("is offered only where somebody may, and asks why", async () => {
    const context = testContext({ yaml });
    const id = await offered(context);
    expect(card(context)).toContain("Break the glass");

    await openBreakGlass.run(click("break-glass", id, ASKING), context);

    expect(JSON.stringify(context.messenger.modals()[0]?.view)).toContain("Why it cannot wait");
    expect(breakGlassSent.check(sent(id, ASKING, " "), context)).toEqual({
      reason: "Say why it cannot wait; everybody will read it.",
    });
    const other = testContext();
    await offered(other);
    expect(card(other)).not.toContain("Break the glass");
  });

  it("lets one do alone what takes another, and keeps why where everybody sees it", async () => {
    const context = testContext({ yaml });
    const id = await offered(context);

    await breakGlassSent.run(sent(id, ASKING), context);

    expect(await context.store.proposal(id)).toMatchObject({ state: "approved", decidedBy: ASKING });
    expect(card(context)).toContain("*Dana* broke the glass: nobody else is awake");
    expect(context.store.allEvents().at(-1)?.text).toMatch(
      /^Broke the glass: Block 198\.51\.100\.14 .*nobody else is awake$/,
    );
    await expect(breakGlassSent.run(sent(id, SECOND), context)).rejects.toThrow("Dana approved this already");
  });

  it("is refused to those who may not", async () => {
    const context = testContext({ yaml });
    const id = await offered(context);

    await expect(breakGlassSent.run(sent(id, THIRD), context)).rejects.toThrow(
      "not among those who may break the glass",
    );

    expect(context.store.audited()).toMatchObject([{ actor: THIRD, details: { act: "break-glass" } }]);
    expect(await context.store.proposal(id)).toMatchObject({ state: "pending" });
  });

  it("takes two people against a guard, and no approval will do", async () => {
    const context = testContext({ yaml });
    await expect(block.run(typed("203.0.113.5 because it floods"), context)).rejects.toThrow(
      "Two people may override that: write `break-glass` before `because`.",
    );
    await block.run(typed("203.0.113.5 break-glass because it floods"), context);
    const [proposal] = await context.store.openProposals();
    const id = proposal?.id ?? "";
    expect(proposal?.change).toMatchObject({ overrides: ["never-block"] });
    expect(card(context)).toContain("*Against the guards* `never-block`");
    expect(card(context)).not.toContain('"approve"');

    await expect(approve.run(click("approve", id), context)).rejects.toThrow("two people who break the glass");
    await breakGlassSent.run(sent(id, ASKING), context);
    expect(await context.store.proposal(id)).toMatchObject({ state: "pending" });
    await expect(breakGlassSent.run(sent(id, ASKING), context)).rejects.toThrow("You have approved this already");
    await breakGlassSent.run(sent(id, SECOND), context);

    expect(await context.store.proposal(id)).toMatchObject({ state: "approved" });
  });

  it.each([
    ["10.0.0.1 break-glass because x", yaml, "private network"],
    ["198.51.100.7 break-glass because x", yaml, "No guard refuses this; ask for it without `break-glass`."],
    ["203.0.113.5 break-glass because x", "", "Nobody may break the glass here"],
  ])("%s is refused", async (text, configured, message) => {
    const context = testContext({ yaml: configured });

    await expect(block.run(typed(text), context)).rejects.toThrow(message);

    expect(await context.store.openProposals()).toEqual([]);
  });
});

describe("Withdraw", () => {
  it("is for whoever asked, and tells others so", async () => {
    const context = testContext();
    const id = await offered(context);

    await expect(withdraw.run(click("withdraw", id), context)).rejects.toThrow("Only Dana, who asked for it");
    await withdraw.run(click("withdraw", id, ASKING), context);

    expect(await context.store.proposal(id)).toMatchObject({ state: "withdrawn" });
    expect(card(context)).toContain("Withdrawn by *Dana*");
    await expect(withdraw.run(click("withdraw", id, ASKING), context)).rejects.toThrow("Dana withdrew this");
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
    expect(context.messenger.whispers(SECOND.id).at(-1)).toContain("Undoing it now");
  });

  it("is kept for the sweep where the queue does not answer, and says so", async () => {
    const context = testContext();
    const id = await applied(context);
    context.queue.failWith(new UpstreamError("queue-down", "The queue does not answer", { retryable: true }));

    await undo.run(click("undo", id), context);

    expect(await context.store.undoWishes(Number.MAX_SAFE_INTEGER)).toMatchObject([
      { proposalId: id, userId: SECOND.id },
    ]);
    expect(context.messenger.whispers(SECOND.id).at(-1)).toContain("Taken, and kept");
  });

  it("finds its card by the click where the database was lost as it was posted", async () => {
    const context = testContext();
    const proposal = buildProposal({ messageTs: null, incidentId: null });
    await context.store.createProposal(proposal);

    await refuse.run(click("refuse", proposal.id), context);

    expect((await context.store.proposal(proposal.id))?.messageTs).toBe(click("refuse", proposal.id).messageTs);
  });

  it("stays undone where Slack does not take the answer", async () => {
    const context = testContext();
    const id = await applied(context);
    context.messenger.failWith(new UpstreamError("slack-down", "Slack is away", { retryable: true }));

    await undo.run(click("undo", id), context);

    expect(context.queue.waiting().at(-1)).toMatchObject({ name: "undo" });
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
    ["+2 to 8", "one of them"],
    ["+1 for 1s", "1 s is too short for a scale-out; allowed are 1m to 168h."],
    ["+1 for 200h", "8 d 8 h is over the limit for a scale-out; allowed are 1m to 168h."],
    ["to many", "After `to` comes a number of instances such as 8"],
  ])("%s is answered with what is allowed", async (text, message) => {
    await expect(scale.run(typed(text), testContext())).rejects.toThrow(message);
  });
});

describe("/scale beyond the group's own maximum", () => {
  function contextWhere(allowed: { readonly mayRaiseMax?: boolean }, desired = 4): TestContext {
    const context = testContext();
    context.scaler.capacity = { min: 2, max: 6, desired, running: desired };
    const web = context.config.services["web"] as Config["services"][string];
    const scaling = { ...(web.scaling as NonNullable<typeof web.scaling>), ...allowed };
    return { ...context, config: { ...context.config, services: { web: { ...web, scaling } } } };
  }

  it.each([
    [4, "8 instances are over the maximum of 6 for web, which has 4 now; try `/scale web to 6`, or raise the group's"],
    [6, "which has 6 now; raise the group's maximum in AWS, or let Spillway do so with `scaling.mayRaiseMax: true`"],
  ])("says with %i what may be done where it may not be raised", async (desired, message) => {
    await expect(scale.run(typed("to 8"), contextWhere({}, desired))).rejects.toThrow(message);
  });

  it("offers to raise it where that is allowed, and not beyond what is", async () => {
    const context = contextWhere({ mayRaiseMax: true });

    await scale.run(typed("to 8"), context);
    await scale.run(typed("to 6"), context);

    const changes = (await context.store.openProposals()).map(({ change }) => change);
    expect(changes).toMatchObject([{ toInstances: 6 }, { toInstances: 8, raisesMaxFrom: 6 }]);
    expect(changes[0]).not.toHaveProperty("raisesMaxFrom");
    expect(card(context)).toContain(
      "Raises minimum and desired capacity of *web* from 4 to 8, and *its maximum from 6 to 8*",
    );
    await expect(scale.run(typed("to 9"), context)).rejects.toThrow("9 instances are over the maximum of 8 for web");
    await expect(scale.run(typed("to 9"), contextWhere({ mayRaiseMax: true }, 8))).rejects.toThrow(
      "raise `scaling.maxInstances` in spillway.yaml first.",
    );
  });

  it("says how far it goes", async () => {
    const context = contextWhere({ mayRaiseMax: true });

    await scale.run(typed("web"), context);

    expect(JSON.stringify(context.messenger.said())).toContain(
      "Spillway goes to 8 at most, and raises the maximum of 6 for it.",
    );
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
