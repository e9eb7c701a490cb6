/** Each view as whole JSON, in every state that people meet. Look at a changed snapshot before taking it over. */
import { describe, expect, it } from "@jest/globals";
import { registry } from "../../../commands/index.ts";
import type { Incident, TimelineEvent } from "../../../src/domain/incident.ts";
import { blocksMessage } from "../../../src/slack/views/blocks.ts";
import { breakdownMessage } from "../../../src/slack/views/breakdown.ts";
import { failureMessage } from "../../../src/slack/views/failure.ts";
import { blockForm, declareForm, scaleForm } from "../../../src/slack/views/forms.ts";
import { helpMessage } from "../../../src/slack/views/help.ts";
import { homeBlocks } from "../../../src/slack/views/home.ts";
import { incidentMessage, incidentsMessage } from "../../../src/slack/views/incident.ts";
import { cancelledMessage, progressMessage } from "../../../src/slack/views/progress.ts";
import { proposalMessage } from "../../../src/slack/views/proposal.ts";
import { timelineMessage } from "../../../src/slack/views/timeline.ts";
import { verdictMessage } from "../../../src/slack/views/verdict.ts";
import { buildBreakdown, buildFinding, buildIntake, buildInvestigation } from "../../support/build-finding.ts";
import { approvalBy, brokenBy, buildPolicy } from "../../support/build-policy.ts";
import { ASKING, BUILT_AT_MS, buildBlock, buildProposal, buildReceipt, SECOND } from "../../support/build-proposal.ts";
import { blockOf } from "../../support/changes.ts";

const MINUTE_MS = 60_000;
const investigation = buildInvestigation();
const description = "ALB logs in s3://logs/web";

describe("the verdict", () => {
  const whole = { investigation, finding: buildFinding(), intake: buildIntake(), description };

  it("says what happened, why we think so, what did not change and what can be done", () => {
    expect(verdictMessage({ ...whole, chartFileId: "F1", breakdown: buildBreakdown() })).toMatchSnapshot();
  });

  it("gives advice to its last word", () => {
    const because = `Let the cache answer ${"these requests, ".repeat(30)}at 1.6 × their usual work.`;
    const finding = buildFinding({ suggestions: [], advice: [{ kind: "cache", slice: {}, predicted: null, because }] });

    expect(JSON.stringify(verdictMessage({ ...whole, finding, chartFileId: null }))).toContain(because);
  });

  it("says what to make sure of before a block that would hit a search engine", () => {
    const [suggestion] = buildFinding().suggestions;
    if (suggestion === undefined) throw new Error("the finding suggests nothing");
    const caution = "It says that it is Googlebot: verify that first.";
    const finding = buildFinding({ suggestions: [{ ...suggestion, caution }] });

    const { blocks } = verdictMessage({ ...whole, finding, chartFileId: null });

    expect(JSON.stringify(blocks)).toContain(`1.7 × its usual requests. ${caution}"`);
  });

  it.each([
    ["by minutes", 60_000, /, between \d\d:\d\d UTC and \d\d:\d\d UTC;/],
    ["to the second where it is known better than to a minute", 2_000, /, at \d\d:\d\d:00 ± 2 s;/],
    ["without doubt where somebody said when", 0, / your time\);/],
  ])("says when it began %s", (_name, doubtMs, expected) => {
    const { onset } = buildFinding();
    if (onset === null) throw new Error("the finding has no onset");
    const [lowMs, highMs] = [onset.onsetMs - doubtMs, onset.onsetMs + doubtMs];

    const { blocks } = verdictMessage({
      ...whole,
      finding: buildFinding({ onset: { ...onset, lowMs, highMs } }),
      chartFileId: null,
    });

    expect(JSON.stringify(blocks)).toMatch(expected);
  });

  it("says that nothing is unusual, without a table and without anybody to narrow to", () => {
    const finding = buildFinding({
      onset: null,
      verdict: "web: nothing unusual found. It has 1.02 × the requests of the half hour before.",
      causes: [{ kind: "no-anomaly", slice: {}, excessShare: 0, score: 0.9, evidence: [], rivals: [] }],
      moved: [],
      suggestions: [],
    });

    expect(verdictMessage({ ...whole, finding, chartFileId: null, breakdown: buildBreakdown() })).toMatchSnapshot();
  });

  it("does not call fewer requests usual", () => {
    const evidence = [{ code: "windows-alike", direction: "against", statement: "it has half", value: 0.5 }] as const;
    const finding = buildFinding({
      onset: null,
      verdict: "web: no spike, but fewer requests than before.",
      causes: [{ kind: "no-anomaly", slice: {}, excessShare: 0, score: 0.6, evidence, rivals: [] }],
    });

    const { blocks } = verdictMessage({ ...whole, finding, chartFileId: null });

    expect(JSON.stringify(blocks)).toContain("*Why no spike* (fits 0.60)");
    expect(JSON.stringify(blocks)).not.toContain("nothing unusual");
  });

  it("names what was not read and what it was narrowed to", () => {
    const narrowed = buildInvestigation({ filter: { only: { ip: "198.51.100.14" }, not: { path: "/health" } } });
    const intake = buildIntake({
      lastMs: null,
      skipped: [
        { file: "logs/a.gz", reason: "truncated gzip" },
        { file: "logs/b", reason: "binary" },
      ],
    });

    const { blocks } = verdictMessage({ ...whole, investigation: narrowed, intake, chartFileId: null });

    expect(blocks.at(-1)).toMatchSnapshot();
  });
});

describe("the card of a proposal", () => {
  const nowMs = BUILT_AT_MS + 5 * MINUTE_MS;
  const decided = { decidedBy: SECOND, decidedMs: BUILT_AT_MS + MINUTE_MS };
  const done = buildProposal({ ...decided, state: "done" });
  const scaling = {
    kind: "scale",
    service: "web",
    fromInstances: 4,
    toInstances: 6,
    durationSecs: 5_400,
    reason: "a show",
  } as const;
  const risky = buildProposal({ approversNeeded: 2, change: { ...blockOf(["198.51.100.14/32"], 2 * 86_400) } });
  const forbidden = buildProposal({
    approversNeeded: 2,
    change: { ...blockOf(["203.0.113.5/32"]), overrides: ["never-block"] },
    approvals: [brokenBy(SECOND)],
  });
  const ended = { state: "lifted", endedMs: nowMs, endedBy: SECOND } as const;

  it.each([
    ["waits", { proposal: buildProposal(), receipt: null, blocks: [] }],
    ["waits for two", { proposal: risky, receipt: null, blocks: [], policy: buildPolicy({ breakGlass: [ASKING.id] }) }],
    [
      "waits for the second",
      { proposal: { ...risky, approvals: [approvalBy(SECOND)] }, receipt: null, blocks: [], policy: buildPolicy() },
    ],
    ["goes against a guard", { proposal: forbidden, receipt: null, blocks: [], policy: buildPolicy() }],
    [
      "had its glass broken",
      { proposal: { ...done, approvals: [brokenBy(SECOND)] }, receipt: buildReceipt(), blocks: [buildBlock()] },
    ],
    ["waited too long", { proposal: buildProposal({ expiresMs: nowMs - 1 }), receipt: null, blocks: [] }],
    ["is under way", { proposal: buildProposal({ ...decided, state: "approved" }), receipt: null, blocks: [] }],
    ["was refused", { proposal: buildProposal({ ...decided, state: "refused" }), receipt: null, blocks: [] }],
    ["was withdrawn", { proposal: buildProposal({ ...decided, state: "withdrawn" }), receipt: null, blocks: [] }],
    ["holds", { proposal: done, receipt: buildReceipt(), blocks: [buildBlock()] }],
    ["holds, unchecked", { proposal: done, receipt: buildReceipt({ check: null }), blocks: [buildBlock()] }],
    ["was lifted", { proposal: done, receipt: buildReceipt(), blocks: [buildBlock(ended)] }],
    [
      "failed",
      {
        proposal: buildProposal({ ...decided, state: "failed" }),
        receipt: buildReceipt({ outcome: "failed", calls: [], check: null }),
        blocks: [],
      },
    ],
    [
      "scaled out",
      { proposal: { ...done, change: scaling, predicted: null }, receipt: buildReceipt({ check: null }), blocks: [] },
    ],
    [
      "scaled back",
      { proposal: { ...done, change: scaling }, receipt: buildReceipt({ check: null }), blocks: [], hold: null },
    ],
  ])("that %s", (_state, card) => {
    expect(proposalMessage({ ...card, nowMs })).toMatchSnapshot();
  });

  it("shows every address that it asks to block", () => {
    const addresses = Array.from({ length: 100 }, (_, index) => `198.51.100.${index}/32`);
    const change = { ...buildProposal().change, kind: "block", addresses } as const;

    const card = JSON.stringify(
      proposalMessage({ proposal: buildProposal({ change }), receipt: null, blocks: [], nowMs }),
    );

    for (const address of addresses) expect(card).toContain(`\`${address.replace("/32", "")}\``);
  });
});

describe("the other views", () => {
  const incident: Incident = {
    id: "inc-0000000001",
    number: 12,
    title: "web: <five> times its requests",
    service: "web",
    channelId: "C0WEB",
    state: "open",
    startedMs: BUILT_AT_MS - 20 * MINUTE_MS,
    declaredMs: BUILT_AT_MS,
    resolvedMs: null,
    declaredBy: ASKING,
    resolvedBy: null,
  };
  const resolved: Incident = {
    ...incident,
    state: "resolved",
    resolvedMs: BUILT_AT_MS + 90 * MINUTE_MS,
    resolvedBy: SECOND,
  };
  const event: TimelineEvent = {
    id: "ev-1",
    incidentId: incident.id,
    channelId: "C0WEB",
    kind: "note",
    occurredMs: BUILT_AT_MS,
    recordedMs: BUILT_AT_MS,
    actor: ASKING,
    text: "it is <!channel> `again`",
    permalink: "https://example.slack.com/archives/C0WEB/p1",
    key: "note:1",
  };
  const breakdown = {
    service: "web",
    breakdown: buildBreakdown(),
    window: investigation.window,
    intake: buildIntake(),
    filter: {},
    description,
  };
  const origin = { channelId: "C0WEB", threadTs: null, about: "inv-0000000001:0" };
  const hold = {
    proposalId: "p",
    service: "web",
    before: { min: 2, max: 8, desired: 4, running: 4 },
    channelId: "C0WEB",
    untilMs: BUILT_AT_MS + MINUTE_MS,
  };
  const asked = { service: "web", window: investigation.window, investigationId: investigation.id };
  const estimate = { logBytes: 203e9, bytes: 203e9, queries: 4, usd: 4.06, limitUsd: 5 };
  const athena = { queries: 2, scannedBytes: 406e9, usd: 2.03 };
  const reading = { filesDone: 3, filesTotal: 12, linesRead: 120_000, bytesRead: 25_000_000, bytesTotal: 100_000_000 };

  it.each([
    ["progress", progressMessage({ ...asked, stage: "reading", progress: reading })],
    ["progress of a top", progressMessage({ ...asked, stage: "starting", progress: null, investigationId: null })],
    ["a price before it is spent", progressMessage({ ...asked, stage: "asking", progress: null, estimate })],
    [
      "a price for whole days",
      progressMessage({
        ...asked,
        stage: "analysing",
        progress: null,
        estimate: { ...estimate, bytes: 245e9, usd: 4.9 },
      }),
    ],
    ["what was cancelled", cancelledMessage({ service: "web <!here>", by: "Anna *& <@U1>*" })],
    ["a top by Athena", breakdownMessage({ ...breakdown, intake: buildIntake({ athena }), dimension: "ip" })],
    ["top addresses", breakdownMessage({ ...breakdown, dimension: "ip" })],
    ["an empty top", breakdownMessage({ ...breakdown, dimension: "path" })],
    [
      "blocks",
      blocksMessage({ blocks: [buildBlock(), buildBlock({ state: "pending" })], reports: [], nowMs: BUILT_AT_MS }),
    ],
    ["no blocks", blocksMessage({ blocks: [], reports: [], nowMs: BUILT_AT_MS })],
    ["an open incident", incidentMessage({ incident })],
    ["a resolved incident", incidentMessage({ incident: resolved })],
    ["incidents", incidentsMessage({ incidents: [incident, resolved] })],
    [
      "a timeline over midnight",
      timelineMessage({
        incident,
        events: [event, { ...event, occurredMs: BUILT_AT_MS + 86_400_000, permalink: null }],
      }),
    ],
    ["help", helpMessage(registry)],
    ["help on one command", helpMessage(registry, registry.commands[0])],
    ["a failure", failureMessage({ what: "Something went wrong.", errorId: "e1f2" })],
    [
      "the home",
      homeBlocks({
        incidents: [incident],
        proposals: [buildProposal()],
        blocks: [buildBlock()],
        holds: [hold],
        nowMs: BUILT_AT_MS,
      }),
    ],
    ["an empty home", homeBlocks({ incidents: [], proposals: [], blocks: [], holds: [], nowMs: BUILT_AT_MS })],
    [
      "the form to block",
      blockForm({ origin, service: "web", addresses: ["198.51.100.14"], duration: "2h", reason: "x" }),
    ],
    ["the form to scale", scaleForm({ origin, service: "web", toInstances: 6, duration: "90m", reason: "x" })],
    ["the form to declare", declareForm({ origin, title: "web" })],
  ])("%s", (_name, view) => {
    expect(view).toMatchSnapshot();
  });

  it("points from a top to the next in the words of the usage", () => {
    const rows = buildBreakdown().by.ip?.rows ?? [];
    const by = { userAgent: { rows, distinct: 2, unknown: { baselineRequests: 0, spikeRequests: 0 } } };
    const answered = buildBreakdown({ by });

    const message = breakdownMessage({ ...breakdown, breakdown: answered, dimension: "userAgent" });

    expect(JSON.stringify(message)).toContain("/top path web only ua=198.51.100.14");
  });

  it("cut what is long on a timeline after a sentence or a word", () => {
    const lineOf = (text: string) => {
      const shown = JSON.stringify(timelineMessage({ incident, events: [{ ...event, text, permalink: null }] }).blocks);
      return /:memo: (.*?) · /.exec(shown)?.[1] ?? shown;
    };
    const sentence = `${"It went from 1 to 0 ".repeat(9)}a minute.`;
    const words = "requests ".repeat(60).trim();

    expect(lineOf(`${sentence} ${sentence}`)).toBe(`${sentence} …`);
    expect(lineOf(words)).toMatch(/^(requests )+…$/);
    expect(lineOf(sentence)).toBe(sentence);
    expect(lineOf("x".repeat(400)).length).toBeLessThanOrEqual(280);
  });

  it("keep a line bold although somebody wrote a star", () => {
    const starred = { ...incident, title: "*web* is slow", declaredBy: { id: "U1", name: "D*na" } };

    const [first] = incidentMessage({ incident: starred }).blocks;

    expect(JSON.stringify(first)).toContain(":rotating_light: *INC-12: ∗web∗ is slow*");
    expect(JSON.stringify(first)).toContain("Declared by *D∗na*");
  });
});
