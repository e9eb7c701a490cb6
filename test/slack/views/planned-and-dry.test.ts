/** The card of a proposal in the states that time, people at the console and dry runs bring. */
import { describe, expect, it } from "@jest/globals";
import type { ActionsBlock, Button } from "@slack/types";
import type { CapacityEnd, Person } from "../../../src/domain/proposal.ts";
import { type ProposalCard, proposalMessage } from "../../../src/slack/views/proposal.ts";
import { BUILT_AT_MS, buildBlock, buildProposal, buildReceipt, SECOND } from "../../support/build-proposal.ts";
import { SCALE_OUT } from "../../support/changes.ts";

const MINUTE_MS = 60_000;
const nowMs = BUILT_AT_MS + 5 * MINUTE_MS;
const done = buildProposal({
  decidedBy: SECOND,
  decidedMs: BUILT_AT_MS + MINUTE_MS,
  state: "done",
  change: SCALE_OUT,
  predicted: null,
});
const planned = { ...SCALE_OUT, startMs: BUILT_AT_MS + 60 * MINUTE_MS };
const dry = { ...SCALE_OUT, dryRun: true } as const;
const before = { min: 2, max: 8, desired: 4, running: 4 };
const asked = { proposalId: done.id, service: "web", before, channelId: "C0WEB", untilMs: nowMs + 1, askedMs: nowMs };
const overdue = { proposalId: done.id, service: "web", before, channelId: "C0WEB", untilMs: nowMs - MINUTE_MS };

function ending(kind: CapacityEnd["kind"], by: Person | null): CapacityEnd {
  return { proposalId: done.id, kind, by, atMs: nowMs };
}

const CARDS: readonly (readonly [string, Partial<ProposalCard>, string, readonly string[]])[] = [
  [
    "waits for its time",
    { proposal: { ...done, state: "approved", change: planned }, receipt: null },
    "Begins by itself at 15:05 UTC",
    ["Call off", "Preview"],
  ],
  [
    "was called off",
    { proposal: { ...done, state: "failed", change: planned }, receipt: null, end: ending("called-off", SECOND) },
    "Called off by *Robin* at 14:10 UTC, before it began; nothing was changed.",
    [],
  ],
  [
    "is asked about",
    { receipt: buildReceipt({ check: null }), hold: asked },
    "the thread asks what to do",
    ["Undo", "Preview"],
  ],
  [
    "should have ended",
    { receipt: buildReceipt({ check: null }), hold: overdue },
    "Should have ended at 14:09 UTC, and has not yet",
    [],
  ],
  [
    "failed",
    { proposal: { ...done, state: "failed" }, receipt: buildReceipt({ outcome: "failed", calls: [], check: null }) },
    "but not carried out. The thread says why.",
    ["Retry"],
  ],
  ["somebody keeps", { hold: null, end: ending("kept", SECOND) }, "*Robin* keeps it as it was found then", []],
  ["ended by itself", { hold: null, end: ending("restored", null) }, "Over since 14:10 UTC: its time was up", []],
  [
    "was a dry run",
    { proposal: { ...done, change: dry }, receipt: buildReceipt({ outcome: "dry-run", check: null }) },
    "Dry run: nothing was changed. Would be called:",
    [],
  ],
];

describe("the card of a proposal", () => {
  it.each(CARDS)("that %s says so, and has the buttons that still do something", (_, card, status, labels) => {
    const whole = { proposal: done, receipt: buildReceipt(), blocks: [], ...card, nowMs };

    const { text, blocks } = proposalMessage(whole);

    expect(text).toContain(status);
    const row = blocks.find((one): one is ActionsBlock => (one as ActionsBlock).type === "actions");
    expect((row?.elements ?? []).map((element) => (element as Button).text.text)).toEqual(labels);
  });

  it("says from when until when, and that it is a dry run", () => {
    const { text, blocks } = proposalMessage({
      proposal: buildProposal({ change: { ...planned, dryRun: true }, predicted: null }),
      receipt: null,
      blocks: [],
      nowMs,
    });

    expect(text).toContain("Dry run: Scale web from 4 to 6 instances at 2026-11-21 15:05 UTC for 1 h 30 min");
    expect(JSON.stringify(blocks[0])).toMatch(/from 15:05 UTC .* until 16:35 UTC/);
  });

  it("says that a block was extended where it ends later than was approved", () => {
    const textOf = (expiresMs: number) =>
      proposalMessage({
        proposal: buildProposal({ state: "done", decidedBy: SECOND, decidedMs: BUILT_AT_MS }),
        receipt: buildReceipt(),
        blocks: [buildBlock({ expiresMs })],
        nowMs,
      }).text;
    const { expiresMs } = buildBlock();

    expect(textOf(expiresMs)).toContain(". Ends by itself at ");
    expect(textOf(expiresMs + 60 * MINUTE_MS)).toContain(". Extended: it ends by itself at ");
  });

  it("shows what whoever approves should know", () => {
    const notes = ["Costs $0.08 an hour & more.", "It may not help."];

    const { blocks } = proposalMessage({ proposal: buildProposal({ notes }), receipt: null, blocks: [], nowMs });

    expect(JSON.stringify(blocks)).toContain("• Costs $0.08 an hour &amp; more.\\n• It may not help.");
  });
});
