import { describe, expect, it } from "@jest/globals";
import { retry } from "../../commands/retry.ts";
import type { Change, Proposal } from "../../src/domain/proposal.ts";
import { ASKING, BUILT_AT_MS, buildProposal, SECOND } from "../support/build-proposal.ts";
import { blockOf, CRAWLER, SCALE_OUT } from "../support/changes.ts";
import { click, type TestContext, testContext } from "../support/command-context.ts";
import { measuredContext, measuredYaml, measureOf, RATE_LIMIT } from "../support/measured-context.ts";

const HOUR_MS = 3_600_000;

async function failed(context: TestContext, change: Change): Promise<Proposal> {
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
});
