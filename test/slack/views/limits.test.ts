import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Message } from "../../../src/ports/messenger.ts";
import { checkBlocks } from "../../../src/sandbox/workspace/limits/blocks.ts";
import { fitMessage } from "../../../src/slack/budget.ts";
import { breakdownMessage } from "../../../src/slack/views/breakdown.ts";
import { proposalMessage } from "../../../src/slack/views/proposal.ts";
import { timelineMessage } from "../../../src/slack/views/timeline.ts";
import { verdictMessage } from "../../../src/slack/views/verdict.ts";
import { buildBreakdown, buildFinding, buildIntake, buildInvestigation } from "../../support/build-finding.ts";
import { ASKING, BUILT_AT_MS, buildProposal } from "../../support/build-proposal.ts";

/** What an attacker may put into a user agent or a path. */
const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 3_000 }),
  fc.constantFrom("", "<!channel>", "`", "*", "<https://evil.example|x>", "\u202e", "&".repeat(2_000), "|".repeat(500)),
);

function problemsOf(message: Message): readonly unknown[] {
  const { text, blocks } = fitMessage(message);
  const json = JSON.parse(JSON.stringify(blocks));
  expect(text).not.toBe("");
  expect(JSON.stringify(blocks)).not.toMatch(/<!channel>|<https:\/\/evil|<@/);
  return checkBlocks(json, { surface: "message", hasFile: () => true, pointer: "/blocks" });
}

describe("whatever an attacker wrote", () => {
  it("a verdict is a message that Slack takes", () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 0, max: 40 }), (text, copies) => {
        const [cause] = buildFinding().causes;
        const finding = buildFinding({
          verdict: `${text} is at it again. ${text}`,
          causes: [
            {
              ...cause,
              slice: { userAgent: text, path: text },
              evidence: Array.from({ length: copies }, () => ({
                code: "x",
                direction: "for",
                statement: text,
                value: 1,
              })),
            },
          ],
        });
        const investigation = buildInvestigation({ filter: { only: { userAgent: text } } });

        const message = verdictMessage({
          investigation,
          finding,
          intake: buildIntake({ skipped: [{ file: text, reason: text }] }),
          chartFileId: "F1",
          description: text,
          breakdown: buildBreakdown(),
        });

        expect(problemsOf(message)).toEqual([]);
      }),
    );
  });

  it("a breakdown is a message that Slack takes", () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 30 }), (values) => {
        const breakdown = buildBreakdown();
        const [row] = breakdown.by.ip?.rows ?? [];
        if (row === undefined) throw new Error("the example has rows");
        const part = { rows: values.map((value) => ({ ...row, value })), distinct: values.length };
        const by = { userAgent: { ...part, unknown: { baselineRequests: 0, spikeRequests: 0 } } };

        const message = breakdownMessage({
          service: "web",
          dimension: "userAgent",
          breakdown: { ...breakdown, by },
          window: breakdown.spikeWindow,
          intake: buildIntake(),
          filter: {},
          description: "logs",
        });

        expect(problemsOf(message)).toEqual([]);
      }),
    );
  });

  it("a card and a timeline are messages that Slack takes", () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 120 }), (text, copies) => {
        const proposal = buildProposal({
          change: { kind: "block", service: "web", addresses: ["198.51.100.7/32"], durationSecs: 60, reason: text },
          requestedBy: { id: "U1", name: text },
        });
        const event = {
          id: "e",
          incidentId: "i",
          channelId: "C",
          kind: "message",
          occurredMs: BUILT_AT_MS,
          recordedMs: BUILT_AT_MS,
          actor: { id: "U1", name: text },
          text,
          permalink: null,
          key: "k",
        } as const;
        const incident = {
          id: "i",
          number: 1,
          title: text,
          service: null,
          channelId: "C",
          state: "open",
          startedMs: null,
          declaredMs: BUILT_AT_MS,
          resolvedMs: null,
          declaredBy: ASKING,
          resolvedBy: null,
        } as const;

        expect(problemsOf(proposalMessage({ proposal, receipt: null, blocks: [], nowMs: BUILT_AT_MS }))).toEqual([]);
        expect(problemsOf(timelineMessage({ incident, events: Array.from({ length: copies }, () => event) }))).toEqual(
          [],
        );
      }),
    );
  });
});
