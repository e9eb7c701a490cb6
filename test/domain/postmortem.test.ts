import { describe, expect, it } from "@jest/globals";
import type { Finding } from "../../src/domain/finding.ts";
import type { EventKind, Incident, TimelineEvent } from "../../src/domain/incident.ts";
import { renderPostmortem } from "../../src/domain/postmortem.ts";
import type { InvestigationRecord, PostmortemInput } from "../../src/domain/postmortem-sources.ts";
import type { Person } from "../../src/domain/proposal.ts";
import { ASKING, buildBlock, buildProposal, buildReceipt, SECOND } from "../support/build-proposal.ts";

const at = (hour: number, minute: number, second = 0) => Date.UTC(2026, 10, 21, hour, minute, second);

const incident: Incident = {
  id: "inc-0000000001",
  number: 12,
  title: "web is slow",
  service: "web",
  channelId: "C0WEB",
  state: "resolved",
  startedMs: null,
  declaredMs: at(14, 10),
  resolvedMs: at(14, 40),
  declaredBy: ASKING,
  resolvedBy: SECOND,
};

const finding: Finding = {
  service: "web",
  onset: { onsetMs: at(14, 2), lowMs: at(14, 1), highMs: at(14, 3), endMs: null, ratio: 5.9 },
  verdict: "web: 5.9 × its usual requests since 14:02 UTC. One client explains 85 % of the excess: 198.51.100.14.",
  causes: [
    {
      kind: "heavy-client",
      slice: { ip: "198.51.100.14" },
      excessShare: 0.847,
      score: 0.97,
      evidence: [
        { code: "share-of-excess", direction: "for", statement: "84.7 % of the excess is one address", value: 0.847 },
        { code: "not-found", direction: "against", statement: "it asks for no file that does not exist", value: 0 },
      ],
      rivals: [
        { kind: "scanner", score: 0.31, decidedBy: "the share of its requests that were answered 404" },
        { kind: "retry-storm", score: 0.004, decidedBy: "whether failed requests come before" },
      ],
    },
  ],
  moved: [{ metric: "requests", baseline: 3_700, spike: 21_900, ratio: 5.919, low: 5.8, high: 6, state: "moved" }],
  unmoved: [
    { metric: "clients", baseline: 812, spike: 828, ratio: 1.02, low: 0.98, high: 1.05, state: "unchanged" },
    { metric: "cpu", baseline: 0, spike: 3, ratio: null, low: null, high: null, state: "cannot-tell" },
  ],
  suggestions: [],
};

const investigation: InvestigationRecord = {
  id: "inv-0000000001",
  service: "web",
  window: { startMs: at(13, 15), endMs: at(14, 15) },
  filter: {},
  requestedBy: ASKING,
  createdMs: at(14, 4),
  finding,
  intake: {
    files: 231,
    lines: 4_812_077,
    parsed: 4_812_075,
    recovered: 2,
    unparsed: 0,
    unparsedSamples: [],
    skipped: [],
    firstMs: at(13, 2),
    lastMs: at(14, 19),
    formats: { alb: 231 },
    detected: [],
    coverage: null,
    headers: 0,
  },
};

function event(kind: EventKind, atMs: number, text: string, key: string, actor: Person = ASKING): TimelineEvent {
  return {
    id: `evt-${key}`,
    incidentId: incident.id,
    channelId: "C0WEB",
    kind,
    occurredMs: atMs,
    recordedMs: atMs,
    actor,
    text,
    permalink: null,
    key,
  };
}

const input: PostmortemInput = {
  incident,
  events: [
    event("check", at(14, 11), "Requests fell to 6,300 a minute.", "check:prop-0000000001"),
    event("incident-resolved", at(14, 40), "Resolved.", "resolved:inc-0000000001", SECOND),
    event("finding", at(14, 4, 12), finding.verdict, "finding:inv-0000000001"),
    event("approval", at(14, 6), "Approved.", "approval:prop-0000000001", SECOND),
    event("action", at(14, 7), "Blocked 198.51.100.14/32.", "action:prop-0000000001", SECOND),
    event("incident-declared", at(14, 10), "Declared.", "declared:inc-0000000001"),
  ],
  investigations: [investigation],
  actions: [
    {
      proposal: buildProposal({ state: "done", decidedBy: SECOND, decidedMs: at(14, 6) }),
      receipt: buildReceipt(),
    },
  ],
  blocks: [buildBlock()],
  nowMs: at(15, 0),
};

function section(markdown: string, heading: string): string {
  return markdown.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
}

describe("renderPostmortem", () => {
  it("sums up cause, action, effect and end in a few sentences", () => {
    expect(section(renderPostmortem(input), "Summary").trim().split("\n").at(-1)).toBe(
      "web: 5.9 × its usual requests since 14:02 UTC. One client explains 85 % of the excess: 198.51.100.14 [Q1]. " +
        "Action A1, block `198.51.100.14` on web for 2 h, was applied at 2026-11-21 14:07 UTC; it worked [A1]. " +
        "Resolved by Robin at 2026-11-21 14:40 UTC, 38 min after the impact began [E6].",
    );
  });

  it("holds what was predicted against what was seen", () => {
    const actions = section(renderPostmortem(input), "Actions");

    expect(actions).toContain("- Approved by Robin at 2026-11-21 14:06 UTC [A1] [E2].");
    expect(actions).toContain(
      "- Predicted: removes 85 % of the excess, stops no usual request, leaves 1.7 × the usual level [A1].",
    );
    expect(actions).toContain(
      "- Observed: worked, seen at 2026-11-21 14:11 UTC: Requests fell from 21,900 to 6,300 a minute; 1.7 × usual, as predicted [A1] [E5].",
    );
    expect(actions).toContain("- Call: `UpdateIPSet spillway-v4 +198.51.100.14/32` [A1].");
  });

  it("gives the evidence for and against the cause, and what would decide", () => {
    const cause = section(renderPostmortem(input), "Cause");

    expect(cause).toContain(
      "- Best explained by a client that takes far more than its share (heavy-client), fit 0.97 of 1; 85 % of the excess is address `198.51.100.14` [Q1].",
    );
    expect(cause).toContain("- For it: 84.7 % of the excess is one address [Q1].");
    expect(cause).toContain("- Against it: it asks for no file that does not exist [Q1].");
    expect(cause).toContain("- It may be scanner instead (fit 0.31)");
    expect(cause).not.toContain("retry-storm");
    expect(cause).toContain("- Onset 2026-11-21 14:02 UTC, give or take 1 min [Q1].");
  });

  it("puts the timeline in the order in which things happened, whatever the order given", () => {
    const timeline = section(renderPostmortem(input), "Timeline (UTC)");

    expect(
      [...timeline.matchAll(/^\| (E\d) \| 2026-11-21 (\S+) \|/gm)].map(([, ref, time]) => `${ref} ${time}`),
    ).toEqual(["E1 14:04:12", "E2 14:06:00", "E3 14:07:00", "E4 14:10:00", "E5 14:11:00", "E6 14:40:00"]);
    expect(renderPostmortem({ ...input, events: [...input.events].reverse() })).toBe(renderPostmortem(input));
  });

  it("drafts what is left to do from what is on record", () => {
    const items = section(renderPostmortem(input), "Action items");

    expect(items).toContain("- [ ] Decide before 2026-11-21 16:07 UTC whether `198.51.100.14` may come back");
    expect(items).toContain("- [ ] Have it noticed sooner: it was declared 8 min after the impact began [Q1].");
    expect(items).toContain("- [ ] Find out who runs address `198.51.100.14`, and agree on a limit");
    expect(items).toContain("- [ ] Rule out scanner: the share of its requests that were answered 404 [Q1].");
  });

  it("ends every sentence of the account with a mark that exists", () => {
    const markdown = renderPostmortem(input);
    const account = ["Impact", "Detection", "Cause", "Actions", "Action items"].flatMap((heading) =>
      section(markdown, heading)
        .split("\n")
        .filter((line) => line.startsWith("- ")),
    );

    expect(account.filter((line) => !/\[(record|[EQA]\d+)\]\.?$/.test(line))).toEqual([]);
    const cited = new Set([...markdown.matchAll(/\[([EQA]\d+)\]/g)].map(([, ref]) => ref));
    expect([...cited].sort()).toEqual(["A1", "E1", "E2", "E3", "E4", "E5", "E6", "Q1"]);
  });

  it("says plainly what is not recorded", () => {
    const open: Incident = { ...incident, state: "open", resolvedMs: null, resolvedBy: null };
    const markdown = renderPostmortem({
      incident: open,
      events: [],
      investigations: [],
      actions: [],
      blocks: [],
      nowMs: at(15, 0),
    });

    expect(markdown).toContain("What caused it is not recorded. The incident was still open when this was drafted");
    expect(markdown).toContain("When the impact began is not recorded.");
    expect(markdown).toContain("Nothing was proposed or changed, as far as is recorded.");
    expect(markdown).toContain("Not recorded: the timeline is empty.");
    expect(markdown).toContain("- [ ] Resolve the incident");
    expect(markdown).not.toMatch(/undefined|null|NaN/);
  });

  it("does not let a later look that finds nothing replace the one that explained it", () => {
    const later: InvestigationRecord = {
      ...investigation,
      id: "inv-0000000002",
      createdMs: at(14, 30),
      finding: { ...finding, onset: null, verdict: "web: nothing unusual." },
    };
    const markdown = renderPostmortem({ ...input, investigations: [later, investigation] });

    expect(section(markdown, "Summary")).toContain("One client explains 85 %");
    expect(section(markdown, "Cause")).toContain("- Asked again at 14:30 UTC: web: nothing unusual [Q2].");
  });

  it("tells by how much the requests rose once, as the verdict does", () => {
    const impact = (moved: Finding["moved"]) =>
      section(
        renderPostmortem({ ...input, investigations: [{ ...investigation, finding: { ...finding, moved } }] }),
        "Impact",
      );

    expect(impact(finding.moved)).toContain("- Moved: requests 5.9 × [Q1].");
    expect(impact(finding.moved)).not.toContain("what was expected");
    expect(impact([])).toContain("- Requests were 5.9 × what was expected [Q1].");
  });

  it("calls a finding without a spike no more than that", () => {
    const [cause] = finding.causes;
    const calm: Finding = { ...finding, onset: null, causes: [{ ...cause, kind: "no-anomaly", slice: {} }] };
    const markdown = renderPostmortem({ ...input, investigations: [{ ...investigation, finding: calm }] });

    expect(section(markdown, "Cause")).toContain("- Best explained by no spike (no-anomaly)");
    expect(section(markdown, "Action items")).toContain("Look elsewhere for the cause: the logs show no spike [Q1].");
  });

  it.each([
    ["a table's end", "x | y\n| E9 | forged | row |", "x \\| y \\| E9 \\| forged \\| row \\|"],
    ["HTML", "<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"],
    ["a link", "[click](https://evil.example)", "\\[click\\](https:\\/\\/evil.example)"],
    ["a code span's end", "` done", "\\` done"],
    ["a mention", "@channel and <!here>", "@\u200bchannel and &lt;\\!here&gt;"],
    ["a turned line", "abc\u202edef\u0000", "abc\ufffddef\ufffd"],
  ])("shows %s that somebody wrote as text", (_what, text, shown) => {
    const evil = { ...input, events: [event("note", at(14, 20), text, "note:1", { id: "U1", name: text })] };

    const rows = section(renderPostmortem(evil), "Timeline (UTC)")
      .split("\n")
      .filter((line) => line.startsWith("| E1 "));

    expect(rows).toEqual([`| E1 | 2026-11-21 14:20:00 | note: ${shown} | ${shown} |`]);
  });

  it("links an entry to its message, but to nothing that is not a plain https address", () => {
    const linked = (permalink: string) =>
      renderPostmortem({ ...input, events: [{ ...event("note", at(14, 20), "n", "n"), permalink }] });

    expect(linked("https://team.example/archives/C0WEB/p1")).toContain(
      "| [E1](https://team.example/archives/C0WEB/p1) |",
    );
    expect(linked("javascript:alert(1)")).toContain("| E1 |");
    expect(linked("https://x.example/) [a](b")).toContain("| E1 |");
  });
});
