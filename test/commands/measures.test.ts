import { describe, expect, it } from "@jest/globals";
import { block } from "../../commands/block.ts";
import { blockFormSent, openBlockForm } from "../../commands/block-form.ts";
import { blocks } from "../../commands/blocks.ts";
import { challenge } from "../../commands/challenge.ts";
import { extend } from "../../commands/extend.ts";
import { home } from "../../commands/home.ts";
import { limit } from "../../commands/limit.ts";
import { preview } from "../../commands/preview.ts";
import { digestOf } from "../../commands/propose.ts";
import { unblock } from "../../commands/unblock.ts";
import type { Submission } from "../../src/slack/command.ts";
import { writeExtendValue } from "../../src/slack/extend-value.ts";
import { writeOrigin } from "../../src/slack/origin.ts";
import { buildFinding, buildInvestigation } from "../support/build-finding.ts";
import { ASKING, BUILT_AT_MS, buildBlock, buildProposal } from "../support/build-proposal.ts";
import { blockOf, CRAWLER } from "../support/changes.ts";
import { CHANNEL, click, testContext, typed } from "../support/command-context.ts";
import {
  type MeasuredContext,
  measuredContext,
  measuredYaml,
  measureOf,
  RATE_LIMIT,
} from "../support/measured-context.ts";

const whispered = ({ messenger }: MeasuredContext) => messenger.said().at(-1)?.message;

const COMMANDS = [
  ["/limit", limit, "rate-limit", "rate-limited"],
  ["/challenge", challenge, "challenge", "challenged"],
] as const;

describe.each(COMMANDS)("%s", (_name, command, measure, past) => {
  it("offers exactly what was asked, for somebody else to approve, and changes nothing", async () => {
    const context = measuredContext();

    await command.run(typed("203.0.113.77 198.51.100.7 web for 2h because it reads too fast"), context);

    const [proposal] = await context.store.openProposals();
    const change = {
      kind: "block",
      measure,
      service: "web",
      addresses: ["198.51.100.7/32", "203.0.113.77/32"],
      durationSecs: 7_200,
      reason: "it reads too fast",
      ...(measure === "rate-limit" && { rateLimit: RATE_LIMIT }),
    } as const;
    expect(proposal?.change).toEqual(change);
    expect(proposal?.digest).toBe(digestOf(change));
    expect(digestOf(change)).not.toBe(digestOf({ ...blockOf(change.addresses), reason: change.reason }));
    expect(context.messenger.said()[0]?.message.text).not.toMatch(/\bblock/i);
    expect(Object.values(context.of).flatMap(({ asked }) => asked)).toEqual([]);
  });

  it.each([
    ["10.0.0.1 because x", "private network"],
    ["203.0.113.5 because x", "never-block list"],
    ["198.51.0.0/16 because x", "wider than /24"],
    ["198.51.100.7 for 30d because x", /30 d is over the limit for a (rate limit|challenge)/],
    ["198.51.100.7", "`because …` is missing"],
  ])("refuses %s as a block is", async (text, message) => {
    const context = measuredContext();

    await expect(command.run(typed(text), context)).rejects.toThrow(message);

    expect(await context.store.openProposals()).toEqual([]);
  });

  it("says what to configure where no rule is prepared", async () => {
    const setting = measure === "rate-limit" ? "firewall.rateLimit" : "firewall.challenge";

    await expect(command.run(typed("198.51.100.7 because x"), testContext())).rejects.toThrow(
      `web has no \`${setting}\` in spillway.yaml, so`,
    );
  });

  it("is not needed for what is blocked, or under it already; a block of what is under it is offered", async () => {
    const context = measuredContext();
    await context.store.addBlocks([
      buildBlock({ address: "198.51.100.0/24", measure }),
      buildBlock({ id: "b2", proposalId: "p2", address: "192.0.2.7/32" }),
    ]);

    await expect(command.run(typed("198.51.100.7 because x"), context)).rejects.toThrow(new RegExp(`^${past}`, "i"));
    await expect(command.run(typed("192.0.2.7 because x"), context)).rejects.toThrow("Blocked already: 192.0.2.7");
    await block.run(typed("198.51.100.7 because it did not help"), context);

    expect(await context.store.openProposals()).toMatchObject([{ change: { addresses: ["198.51.100.7/32"] } }]);
  });

  it("shows the calls to whoever asks, and proposes nothing", async () => {
    const context = measuredContext();

    await command.run(typed("198.51.100.7 preview because x"), context);

    expect(await context.store.openProposals()).toEqual([]);
    expect(whispered(context)?.text).toBe("Preview: Approve would make 1 call.");
    expect(context.of[measure].asked).toEqual([]);
  });
});

describe("a preview", () => {
  it("of a challenge says whom it fails", async () => {
    const context = measuredContext();

    await challenge.run(typed("198.51.100.7 preview because x"), context);

    expect(JSON.stringify(whispered(context)?.blocks)).toContain("apps without JavaScript fail");
  });

  it.each([
    ["a block", blockOf([CRAWLER]), undefined],
    ["a limit", measureOf("rate-limit", [CRAWLER]), "rate-limit"],
  ] as const)(
    "of %s says that its rule only counts, without asking the vendor for its rules",
    async (_, change, measure) => {
      const context = measuredContext();
      const sentence = "Rule r of web ACL web does nothing: its action is Count.";
      context.of[measure ?? "block"].weaknesses = () => Promise.reject(new Error("a click waits for no rules"));
      await context.store.saveFirewallReport({
        ...(measure !== undefined && { measure }),
        firewall: "sets",
        services: ["web"],
        checkedMs: BUILT_AT_MS,
        entries: 0,
        foreign: [],
        returned: [],
        weaknesses: [sentence],
        weaknessesMs: BUILT_AT_MS,
      });
      const proposal = buildProposal({ change, incidentId: null });
      await context.store.createProposal(proposal);

      await preview.run(click("preview", proposal.id), context);

      expect(JSON.stringify(whispered(context)?.blocks)).toContain(`:warning: ${sentence}`);
      expect(JSON.stringify(whispered(context)?.blocks)).toContain("So it was at 14:05 UTC");
    },
  );

  it("says nothing of the rules of other measures", async () => {
    const context = measuredContext();
    await context.store.saveFirewallReport({
      measure: "challenge",
      firewall: "sets",
      services: ["web"],
      checkedMs: BUILT_AT_MS,
      entries: 0,
      foreign: [],
      returned: [],
      weaknesses: ["No web ACL has a rule for it."],
      weaknessesMs: BUILT_AT_MS,
    });

    await block.run(typed("198.51.100.7 preview because x"), context);

    expect(JSON.stringify(whispered(context)?.blocks)).not.toContain(":warning:");
  });
});

describe("/unblock", () => {
  it("lifts whatever holds the address, and says what", async () => {
    const context = measuredContext();
    await context.store.addBlocks([
      buildBlock({ id: "b1" }),
      buildBlock({ id: "b2", proposalId: "p2", measure: "rate-limit" }),
    ]);

    await unblock.run(typed("198.51.100.14"), context);

    expect(whispered(context)?.text).toContain(
      "Lifting the block of 198.51.100.14, and the rate limit of 198.51.100.14; their cards will say",
    );
    expect(context.queue.waiting()).toMatchObject([{ name: "undo" }, { name: "undo" }]);
  });

  it("previews the calls of each of the sets", async () => {
    const context = measuredContext();
    for (const firewall of Object.values(context.of)) firewall.blocked.add(CRAWLER);
    await context.store.addBlocks([
      buildBlock({ id: "b1" }),
      buildBlock({ id: "b2", proposalId: "p2", measure: "challenge" }),
    ]);

    await unblock.run(typed("198.51.100.14 preview"), context);

    expect(whispered(context)?.text).toBe("Preview: Unblock would make 2 calls.");
  });
});

describe("what holds", () => {
  it("is listed by its measure, and counted by it", async () => {
    const context = measuredContext();
    await context.store.addBlocks([
      buildBlock({ id: "b1" }),
      buildBlock({ id: "b2", proposalId: "p2", measure: "rate-limit" }),
    ]);

    await blocks.run(typed(""), context);

    expect(whispered(context)?.text).toBe("1 address is blocked, 1 rate-limited now.");
    expect(JSON.stringify(whispered(context)?.blocks)).toContain("rate limit");
  });

  it("is told with no report of a rule that is not configured any more", async () => {
    const context = measuredContext();
    const report = {
      checkedMs: BUILT_AT_MS,
      entries: 1,
      foreign: [],
      returned: [],
      weaknesses: [],
      weaknessesMs: null,
    };
    await context.store.saveFirewallReport({ ...report, firewall: "a", services: ["web"] });
    await context.store.saveFirewallReport({ ...report, firewall: "b", services: ["web"], measure: "challenge" });
    const shown = async (from: MeasuredContext) => {
      await blocks.run(typed(""), from);
      return JSON.stringify(whispered(context)?.blocks);
    };

    expect(await shown(context)).toContain("Challenges of web");
    const web = { ...context.services["web"], measures: {} } as never;
    const without = await shown({ ...context, services: { web } });

    expect(without).toContain("Firewall of web");
    expect(without).not.toContain("Challenges of web");
  });

  it("is not called blocked at home where it is not", async () => {
    const context = measuredContext();
    await context.store.addBlocks([buildBlock({ measure: "challenge" })]);

    const shown = JSON.stringify(await home(ASKING.id, context));

    expect(shown).toContain("Limited or challenged now");
    expect(shown).toMatch(/Blocked now.*Nothing\./);
    expect(shown).toContain("challenged · ");
  });

  it("can be given longer, by its own name", async () => {
    const context = measuredContext();
    const proposal = buildProposal({ state: "done", change: measureOf("challenge", [CRAWLER]), incidentId: null });
    await context.store.createProposal(proposal);
    const row = buildBlock({ measure: "challenge" });
    await context.store.addBlocks([row]);
    await context.store.moveBlocks({ ids: [row.id], from: "pending", to: "active", by: null, atMs: BUILT_AT_MS });

    await extend.run(click("extend", writeExtendValue(proposal.id, row.expiresMs)), context);

    expect(context.store.allEvents().at(-1)?.text).toBe(
      "Extended the challenge of 198.51.100.14 until 2026-11-21 18:07 UTC.",
    );
  });
});

describe("the form of a suggested limit", () => {
  const about = { service: "web", suggestion: "inv-0000000001:0", measure: "rate-limit" };
  const [suggested] = buildFinding().suggestions;
  const finding = buildFinding({
    suggestions: [{ ...(suggested as NonNullable<typeof suggested>), change: measureOf("rate-limit", [CRAWLER]) }],
  });
  const sent = (addresses: string): Submission => ({
    callbackId: "block",
    userId: ASKING.id,
    userName: "dana",
    values: { addresses, duration: "2h", reason: "it reads too fast" },
    privateMetadata: writeOrigin({ channelId: CHANNEL, threadTs: null, about: JSON.stringify(about) }),
  });

  it("opens as such, and carries what it is about", async () => {
    const context = measuredContext();
    await context.store.createInvestigation(buildInvestigation({ finding }));

    await openBlockForm.run(click("block-form", "inv-0000000001:0"), context);

    const view = JSON.stringify(context.messenger.modals()[0]?.view);
    expect(view).toContain("Rate-limit addresses");
    expect(view).toContain('\\\\\\"measure\\\\\\":\\\\\\"rate-limit\\\\\\"');
  });

  it("proposes a limit with its prediction, and without where the addresses are others", async () => {
    const context = measuredContext();
    await context.store.createInvestigation(buildInvestigation({ finding }));

    await blockFormSent.run(sent("198.51.100.14"), context);
    await blockFormSent.run(sent("198.51.100.15"), context);

    const proposals = await context.store.openProposals();
    expect(proposals).toMatchObject([{ change: { measure: "rate-limit" } }, { change: { measure: "rate-limit" } }]);
    expect(proposals.map(({ predicted }) => predicted?.excessRemoved ?? null).sort()).toEqual([0.847, null]);
  });

  it("promises nothing of a limit that the rule does not have any more", async () => {
    const context = measuredContext({}, measuredYaml({ limit: 2_000 }));
    await context.store.createInvestigation(buildInvestigation({ finding }));

    await blockFormSent.run(sent("198.51.100.14"), context);

    expect(await context.store.openProposals()).toMatchObject([
      { change: { rateLimit: { limit: 2_000 } }, predicted: null },
    ]);
  });
});
