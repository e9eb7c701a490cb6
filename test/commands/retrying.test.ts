import { describe, expect, it } from "@jest/globals";
import { retry } from "../../commands/retry.ts";
import type { Change, Proposal } from "../../src/domain/proposal.ts";
import { ASKING, BUILT_AT_MS, buildProposal, SECOND, THIRD } from "../support/build-proposal.ts";
import { blockOf, CRAWLER, SCALE_OUT } from "../support/changes.ts";
import { CHANNEL, click, type TestContext, testContext } from "../support/command-context.ts";
import { jobContext } from "../support/job-context.ts";
import { measuredContext, measuredYaml, measureOf, RATE_LIMIT } from "../support/measured-context.ts";
import { mortal, stepsOf } from "../support/mortal.ts";

const HOUR_MS = 3_600_000;

async function failed(context: Pick<TestContext, "store">, change: Change): Promise<Proposal> {
  const proposal = buildProposal({ change, incidentId: null, messageTs: "1795269600.000001" });
  const atMs = BUILT_AT_MS;
  await context.store.createProposal(proposal);
  const { id, digest } = proposal;
  const reason = change.kind === "block" && change.overrides !== undefined ? "nobody else answers" : null;
  await context.store.approveProposal({ id, digest, by: SECOND, atMs, needed: 1, reason });
  await context.store.moveProposal({ id, from: "approved", to: "failed", by: null, atMs });
  return proposal;
}

describe("a change that failed, retried", () => {
  it("is offered anew, to be approved anew, and says by whom", async () => {
    const context = testContext();
    const { id, change } = await failed(context, blockOf([CRAWLER]));

    await retry.run(click("retry", id, SECOND), context);

    const [again] = await context.store.openProposals();
    expect(again).toMatchObject({ change, state: "pending", approvals: [], requestedBy: SECOND });
    expect(again?.id).not.toBe(id);
  });

  it("is checked against the guards of now", async () => {
    const context = testContext();
    const { id } = await failed(context, blockOf(["203.0.113.7/32"]));

    await expect(retry.run(click("retry", id), context)).rejects.toMatchObject({ code: "block-refused" });
  });

  it("overrides no guard that does not refuse it any more", async () => {
    const context = testContext();
    const { id } = await failed(context, { ...blockOf([CRAWLER]), overrides: ["never-block"] });

    await retry.run(click("retry", id), context);

    expect((await context.store.openProposals())[0]?.change).toEqual(blockOf([CRAWLER]));
  });

  it("is refused at once where its rule is not configured any more", async () => {
    const context = testContext();
    const { id } = await failed(context, measureOf("challenge", [CRAWLER]));

    await expect(retry.run(click("retry", id), context)).rejects.toThrow("web has no `firewall.challenge`");

    expect(await context.store.openProposals()).toEqual([]);
  });

  it.each([
    [300, true],
    [2_000, false],
  ])("limits to what the rule allows now, %d, and keeps its prediction: %s", async (limit, isKept) => {
    const context = measuredContext({}, measuredYaml({ limit }));
    const { id, change, predicted } = await failed(context, measureOf("rate-limit", [CRAWLER]));

    await retry.run(click("retry", id), context);

    const [again] = await context.store.openProposals();
    expect(again?.change).toEqual({ ...change, rateLimit: { ...RATE_LIMIT, limit } });
    expect(again?.predicted).toEqual(isKept ? predicted : null);
  });

  it("scales from what the group is now, and at once where its time has begun", async () => {
    const context = testContext();
    const { id } = await failed(context, { ...SCALE_OUT, startMs: BUILT_AT_MS + HOUR_MS });
    context.clock.advance(2 * HOUR_MS);

    await retry.run(click("retry", id), context);

    const [again] = await context.store.openProposals();
    expect(again?.change).toEqual(SCALE_OUT);
  });

  it("is not where it did not fail", async () => {
    const context = testContext();
    const proposal = buildProposal({ requestedBy: ASKING, messageTs: "1795269600.000001" });
    await context.store.createProposal(proposal);

    await expect(retry.run(click("retry", proposal.id), context)).rejects.toMatchObject({ code: "retry-nothing" });
  });

  describe("by two clicks", () => {
    it("is offered once, and the second is told where, whatever became of it", async () => {
      const context = testContext();
      const { id } = await failed(context, blockOf([CRAWLER]));
      await retry.run(click("retry", id, SECOND), context);
      const told = async () => retry.run(click("retry", id, THIRD), context).catch((error: Error) => error.message);

      expect(await told()).toMatch(/^Robin offered this again, and it waits for approval: https:/);

      const [again] = (await context.store.openProposals()) as [Proposal];
      const { digest } = again;
      await context.store.approveProposal({
        id: again.id,
        digest,
        by: THIRD,
        atMs: BUILT_AT_MS,
        needed: 1,
        reason: null,
      });
      expect(await told()).toMatch(/^Robin offered this again, and it is under way: /);

      await context.store.moveProposal({ id: again.id, from: "approved", to: "failed", by: null, atMs: BUILT_AT_MS });
      expect(await told()).toMatch(/^Robin offered this again, and it failed, too; retry it on its own card: /);
      expect(cards(context)).toHaveLength(1);
    });

    it("names the offer where Slack gives no link", async () => {
      const context = testContext();
      const { id } = await failed(context, blockOf([CRAWLER]));
      await retry.run(click("retry", id, SECOND), context);
      context.messenger.permalink = () => Promise.reject(new Error("no link"));

      await expect(retry.run(click("retry", id, THIRD), context)).rejects.toMatchObject({
        code: "retry-offered",
        message: "Robin offered this again, and it waits for approval: Block 198.51.100.14 on web for 2 h.",
      });
    });

    it("at the same instant, is offered once", async () => {
      const context = testContext();
      const { id } = await failed(context, SCALE_OUT);

      const clicks = [SECOND, THIRD, ASKING].map((by) => retry.run(click("retry", id, by), context));
      const ends = await Promise.allSettled(clicks);

      expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect(await context.store.openProposals()).toHaveLength(1);
      expect(cards(context)).toHaveLength(1);
    });

    it.each(["withdrawn", "expired"] as const)("is offered anew where the offer is %s", async (to) => {
      const context = testContext();
      const { id } = await failed(context, blockOf([CRAWLER]));
      await retry.run(click("retry", id, SECOND), context);
      const [first] = (await context.store.openProposals()) as [Proposal];
      await context.store.moveProposal({ id: first.id, from: "pending", to, by: SECOND, atMs: BUILT_AT_MS });

      await retry.run(click("retry", id, THIRD), context);

      expect(await context.store.openProposals()).toMatchObject([{ retryOf: id, requestedBy: THIRD }]);
    });

    it("tells of a dry run that it changed nothing", async () => {
      const context = testContext();
      const { id } = await failed(context, blockOf([CRAWLER]));
      await retry.run(click("retry", id, SECOND), { ...context, config: { ...context.config, dryRun: true } });
      const [dry] = (await context.store.openProposals()) as [Proposal];
      const { digest } = dry;
      await context.store.approveProposal({ id: dry.id, digest, by: THIRD, atMs: 0, needed: 1, reason: null });
      await context.store.moveProposal({ id: dry.id, from: "approved", to: "executing", by: null, atMs: BUILT_AT_MS });
      await context.store.moveProposal({ id: dry.id, from: "executing", to: "done", by: null, atMs: BUILT_AT_MS });

      await expect(retry.run(click("retry", id, THIRD), context)).rejects.toThrow(
        "Robin offered this again, and it was a dry run, which changed nothing; ask for it anew where it is meant: ",
      );
    });

    it("leaves an offer that waits for its card to who may not ask for another", async () => {
      const context = testContext({ yaml: `approvals: { requesters: [${SECOND.id}] }` });
      const { id, change } = await failed(context, blockOf([CRAWLER]));
      const left = buildProposal({ id: "prop-left", change, messageTs: null, retryOf: id });
      await context.store.createProposal(left);
      context.clock.advance(2 * 60_000);

      await expect(retry.run(click("retry", id, THIRD), context)).rejects.toMatchObject({ code: "not-a-requester" });

      expect(await context.store.openProposals()).toMatchObject([{ id: left.id, state: "pending" }]);
      await retry.run(click("retry", id, SECOND), context);
      expect(await context.store.openProposals()).toMatchObject([{ retryOf: id, requestedBy: SECOND }]);
    });

    it("is offered anew where Slack did not take the card", async () => {
      const context = testContext();
      const { id } = await failed(context, blockOf([CRAWLER]));
      const { post } = context.messenger;
      context.messenger.post = () => Promise.reject(new Error("Slack is away"));
      await expect(retry.run(click("retry", id), context)).rejects.toThrow("Slack is away");
      context.messenger.post = post;

      await retry.run(click("retry", id), context);

      expect(await context.store.openProposals()).toHaveLength(1);
    });
  });

  it.each(["before", "after"] as const)(
    "has one offer that can be approved, wherever the process dies (%s a step) and somebody clicks again",
    async (moment) => {
      const steps = await (async () => {
        const world = jobContext();
        const { id } = await failed(world, blockOf([CRAWLER]));
        return stepsOf(world, (context) => retry.run(click("retry", id), context));
      })();

      for (let step = 1; step <= steps; step += 1) {
        const world = jobContext();
        const { id } = await failed(world, blockOf([CRAWLER]));
        await retry.run(click("retry", id), mortal(world, step, moment).context).catch(() => undefined);
        world.clock.advance(2 * 60_000);
        await retry.run(click("retry", id, THIRD), world).catch(() => undefined);

        const open = await world.store.openProposals();
        expect(open).toMatchObject([{ retryOf: id, state: "pending", messageTs: expect.any(String) }]);
      }
      expect(steps).toBeGreaterThan(5);
    },
  );
});

function cards({ messenger }: TestContext) {
  return messenger.said().filter(({ to, channelId }) => to === null && channelId === CHANNEL);
}
