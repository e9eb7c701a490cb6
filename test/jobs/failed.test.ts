import { describe, expect, it } from "@jest/globals";
import { type FailedJob, tellFailure } from "../../jobs/failed.ts";
import { tell as tellLater } from "../../jobs/tell.ts";
import { UpstreamError, UserError } from "../../src/errors.ts";
import type { JobPayload } from "../../src/queue/jobs.ts";
import { buildFinding, buildIntake, buildInvestigation } from "../support/build-finding.ts";
import { ASKING, SECOND } from "../support/build-proposal.ts";
import {
  applied,
  approved,
  attempt,
  cardOf,
  jobContext,
  type TestJobContext,
  timelineOf,
} from "../support/job-context.ts";

const REFUSED = new UserError("logs-empty", "No request of web was found & that is not the same as no traffic.");
const AWAY = new UpstreamError("aws-down", "AWS does not answer", { retryable: true });
const DENIED = new UpstreamError("aws-denied", "AWS refused wafv2:UpdateIPSet", { retryable: false });
const BUG = new TypeError("cannot read secret of 198.51.100.14");

/** A world where somebody waits for each job. */
async function waiting(): Promise<TestJobContext> {
  const context = jobContext();
  const { ts } = await context.messenger.post({ channelId: "C0WEB" }, { text: "Looking…", blocks: [] });
  await context.store.createInvestigation(
    buildInvestigation({ messageTs: ts, state: "running", finding: null, intake: null }),
  );
  await approved(context);
  return context;
}

function jobs(context: TestJobContext) {
  const messageTs = context.messenger.said()[0]?.ts ?? "";
  const proposalId = "prop-0000000001";
  const window = { startMs: 0, endMs: 1 };
  const to = { channelId: "C0WEB", userId: ASKING.id };
  return {
    investigate: { name: "investigate", payload: { investigationId: "inv-0000000001" } },
    breakdown: {
      name: "breakdown",
      payload: { ...to, service: "web", dimension: "ip", window, filter: {}, messageTs },
    },
    apply: { name: "apply", payload: { proposalId } },
    undo: { name: "undo", payload: { proposalId, userId: SECOND.id } },
    postmortem: { name: "postmortem", payload: { ...to, incidentId: "inc" } },
  } as const;
}

const TOLD = ["investigate", "breakdown", "apply", "undo", "postmortem"] as const;

async function tell(name: (typeof TOLD)[number], error: unknown, context: TestJobContext): Promise<string> {
  await tellFailure({ ...jobs(context)[name], error } as FailedJob, context);
  return context.messenger.said().reduce((text, { message }) => `${text}\n${message.text}`, "");
}

describe.each(TOLD)("%s, given up,", (name) => {
  it("tells in the channel what the person can put right, as it was written", async () => {
    expect(await tell(name, REFUSED, await waiting())).toContain(
      "No request of web was found &amp; that is not the same as no traffic.",
    );
  });

  it("tells calmly that something else was away, and that trying again may help", async () => {
    expect(await tell(name, AWAY, await waiting())).toContain(
      "AWS does not answer. It was tried several times; try again in a minute.",
    );
  });

  it("does not promise that trying again helps where it does not", async () => {
    const said = await tell(name, DENIED, await waiting());

    expect(said).toContain("AWS refused wafv2:UpdateIPSet.");
    expect(said).not.toContain("try again");
  });

  it("tells of a mistake of our own by its id in the log, and nothing else of it", async () => {
    const context = await waiting();

    const said = await tell(name, BUG, context);

    expect(said).toMatch(/Something went wrong in Spillway itself\. The log has it as id-\d+\./);
    expect(said).not.toContain("secret");
    expect(timelineOf(context).join()).not.toContain("secret");
  });
});

describe("an investigation that was given up", () => {
  it("shows why in place of the waiting message, and is failed", async () => {
    const context = await waiting();

    await tell("investigate", AWAY, context);

    expect(context.messenger.said()[0]?.message.text).toContain("AWS does not answer.");
    expect((await context.store.investigation("inv-0000000001"))?.state).toBe("failed");
  });

  it("keeps a finding that it had", async () => {
    const context = await waiting();
    const done = { finding: buildFinding(), intake: buildIntake() };
    await context.store.finishInvestigation("inv-0000000001", done);

    await tell("investigate", AWAY, context);

    expect((await context.store.investigation("inv-0000000001"))?.state).toBe("done");
  });

  it("is told in the channel where its message is not known", async () => {
    const context = jobContext();
    await context.store.createInvestigation(buildInvestigation({ messageTs: null, state: "running" }));

    expect(await tell("investigate", AWAY, context)).toContain("AWS does not answer.");
  });
});

describe("an action that was given up", () => {
  it("is failed on row, receipt, card and timeline, where its words are not escaped for Slack", async () => {
    const context = await waiting();

    await tell("apply", REFUSED, context);

    const proposal = await context.store.proposal("prop-0000000001");
    expect(proposal?.state).toBe("failed");
    expect((await context.store.receipt("prop-0000000001"))?.outcome).toBe("failed");
    expect(proposal && cardOf(proposal, context)).toContain("but not carried out");
    expect(timelineOf(context)).toEqual([`Not carried out: ${REFUSED.message}`]);
  });

  it("is told under its card, or as soon as Slack takes it", async () => {
    const context = await waiting();
    const card = (await context.store.proposal("prop-0000000001"))?.messageTs;
    context.messenger.failWith(new UpstreamError("slack-down", "Slack is away", { retryable: true }));
    await tellFailure({ name: "apply", payload: { proposalId: "prop-0000000001" }, error: DENIED }, context);

    context.messenger.failWith(null);
    const [later] = context.queue.waiting().filter(({ name }) => name === "tell");
    await tellLater(attempt<"tell">(later?.payload as JobPayload<"tell">), context);

    const last = context.messenger.said().at(-1);
    expect(last?.message.text).toBe("Not carried out. AWS refused wafv2:UpdateIPSet.");
    expect(last?.threadTs).toBe(card);
  });

  it("stays done where it was done, and only its telling failed", async () => {
    const context = jobContext();
    const { id } = await applied(context);
    const before = context.messenger.said().length;

    await tellFailure({ name: "apply", payload: { proposalId: id }, error: AWAY }, context);

    expect((await context.store.proposal(id))?.state).toBe("done");
    expect((await context.store.receipt(id))?.outcome).toBe("applied");
    expect(context.messenger.said()).toHaveLength(before);
    expect(timelineOf(context)).toHaveLength(1);
  });
});

describe("a look that was given up", () => {
  it("is not the end of the watch, which nobody has to hear of", async () => {
    const context = jobContext();
    const { id } = await applied(context);
    const before = context.messenger.said().length;

    await tellFailure({ name: "check", payload: { proposalId: id, round: 1 }, error: AWAY }, context);

    expect(context.messenger.said()).toHaveLength(before);
    expect(context.queue.waiting().at(-1)).toMatchObject({ name: "check", payload: { proposalId: id, round: 2 } });
  });

  it("is told under the card where it was the last", async () => {
    const context = jobContext();
    const { id } = await applied(context);
    const round = context.config.check.rounds;

    await tellFailure({ name: "check", payload: { proposalId: id, round }, error: AWAY }, context);

    expect(context.messenger.said().at(-1)?.message.text).toBe("Cannot tell whether it worked. AWS does not answer.");
  });

  it("is logged once, by the id that is told", async () => {
    const context = jobContext();
    const { id } = await applied(context);
    const round = context.config.check.rounds;
    const logged: string[] = [];
    const log = { ...context.log, error: ({ errorId }: { errorId: string }) => logged.push(errorId) } as never;

    await tellFailure({ name: "check", payload: { proposalId: id, round }, error: BUG }, { ...context, log });

    expect(logged).toHaveLength(1);
    expect(context.messenger.said().at(-1)?.message.text).toContain(`The log has it as ${logged[0]}.`);
  });
});

describe("a job that nobody waits for", () => {
  it.each([
    { name: "sweep", payload: {} },
    { name: "card", payload: { proposalId: "prop-0000000001" } },
    { name: "check", payload: { proposalId: "nowhere", round: 1 } },
    { name: "undo", payload: { proposalId: "nowhere", userId: SECOND.id } },
    { name: "apply", payload: { proposalId: "nowhere" } },
    { name: "investigate", payload: { investigationId: "nowhere" } },
  ] as const)("is told to nobody: $name", async (job) => {
    const context = jobContext();

    await tellFailure({ ...job, error: AWAY } as FailedJob, context);

    expect(context.messenger.said()).toEqual([]);
  });
});

describe("an action that a rule refused after it was approved", () => {
  it("is in the audit log once with the reason, however often it is told", async () => {
    const context = await waiting();
    const refused = new UserError("guard-refused", "Not blocked: it is ours.");

    await tell("apply", refused, context);
    await tell("apply", refused, context);

    expect(context.store.audited()).toMatchObject([
      {
        kind: "policy-refusal",
        proposalId: "prop-0000000001",
        details: { act: "apply", code: "guard-refused", reason: "Not blocked: it is ours." },
      },
    ]);
  });
});
