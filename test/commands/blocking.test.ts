import { describe, expect, it } from "@jest/globals";
import { block } from "../../commands/block.ts";
import { blockFormSent, openBlockForm } from "../../commands/block-form.ts";
import { blocks } from "../../commands/blocks.ts";
import { digestOf } from "../../commands/propose.ts";
import { unblock } from "../../commands/unblock.ts";
import { UpstreamError } from "../../src/errors.ts";
import type { Submission } from "../../src/slack/command.ts";
import { writeOrigin } from "../../src/slack/origin.ts";
import { buildInvestigation } from "../support/build-finding.ts";
import { ASKING, BUILT_AT_MS, buildBlock } from "../support/build-proposal.ts";
import { CHANNEL, click, testContext, typed } from "../support/command-context.ts";

describe("/block", () => {
  it("offers exactly what was asked, for somebody else to approve, and blocks nothing", async () => {
    const context = testContext();

    await block.run(typed("203.0.113.77 198.51.100.7 for 2h because it floods the login"), context);

    const [proposal] = await context.store.openProposals();
    const change = {
      kind: "block",
      service: "web",
      addresses: ["198.51.100.7/32", "203.0.113.77/32"],
      durationSecs: 7_200,
      reason: "it floods the login",
    } as const;
    expect(proposal).toMatchObject({
      change,
      digest: digestOf(change),
      state: "pending",
      requestedBy: ASKING,
      expiresMs: BUILT_AT_MS + 30 * 60_000,
      messageTs: context.messenger.said()[0]?.ts,
    });
    expect(context.messenger.said()).toHaveLength(1);
    expect(context.queue.waiting()).toEqual([]);
    expect(context.store.allEvents().map(({ kind }) => kind)).toEqual(["proposal"]);
  });

  it.each([
    ["10.0.0.1 because x", "private network"],
    ["203.0.113.5 because x", "never-block list"],
    ["198.51.0.0/16 because x", "wider than /24"],
    ["198.51.100.7 for 30d because x", "30 d is over the limit for a block; allowed are 1m to 168h."],
    ["198.51.100.7 for 59s because x", "59 s is too short for a block; allowed are 1m to 168h."],
    ["198.51.100.7 api because x", '"api" is not understood'],
    ["because x", "An address or network such as"],
    ["198.51.100.7", "`because …` is missing"],
  ])("refuses %s before anybody is asked", async (text, message) => {
    const context = testContext();

    await expect(block.run(typed(text), context)).rejects.toThrow(message);

    expect(await context.store.openProposals()).toEqual([]);
    expect(context.messenger.said()).toEqual([]);
  });

  it("offers the same change once, and says who offered it", async () => {
    const context = testContext();
    await block.run(typed("198.51.100.7 because it floods"), context);

    const again = block.run(typed("198.51.100.7 because it floods"), context);

    await expect(again).rejects.toThrow("offered already, by Dana, and waits for approval");
    expect(context.messenger.said()).toHaveLength(1);
  });

  it("says that it is blocked already, and until when", async () => {
    const context = testContext();
    await context.store.addBlocks([buildBlock({ address: "198.51.100.0/24" })]);

    await expect(block.run(typed("198.51.100.7 because x"), context)).rejects.toThrow(
      "Blocked already: 198.51.100.7, until 2026-11-21 16:07 UTC.",
    );
  });

  it("leaves nothing to approve where the card could not be posted", async () => {
    const context = testContext();
    const down = new UpstreamError("slack-down", "gone", { retryable: true });
    context.messenger.failWith(down);

    await expect(block.run(typed("198.51.100.7 because x"), context)).rejects.toBe(down);

    expect(await context.store.openProposals()).toEqual([]);
  });

  it("takes the one service that can block, among several", async () => {
    const context = testContext({ services: "web and api" });

    await block.run(typed("198.51.100.7 because x"), context);

    expect(await context.store.openProposals()).toMatchObject([{ change: { service: "web" } }]);
    await expect(block.run(typed("198.51.100.7 api because x"), context)).rejects.toThrow(
      "api has no `firewall` in spillway.yaml, so nothing can be blocked. It is set for web.",
    );
  });
});

describe("the form to block", () => {
  const sent = (values: Submission["values"], about: object): Submission => ({
    callbackId: "block",
    userId: ASKING.id,
    userName: "dana",
    values,
    privateMetadata: writeOrigin({ channelId: CHANNEL, threadTs: null, about: JSON.stringify(about) }),
  });
  const ABOUT = { service: "web", suggestion: "inv-0000000001:0" };
  const RIGHT = { addresses: "198.51.100.14", duration: "2h", reason: "one client explains 85 %" };

  it("opens filled in with what the verdict suggests", async () => {
    const context = testContext();
    await context.store.createInvestigation(buildInvestigation());

    await openBlockForm.run(click("block-form", "inv-0000000001:0"), context);

    const [modal] = context.messenger.modals();
    expect(modal?.triggerId).toBe("trigger");
    expect(JSON.stringify(modal?.view)).toContain('"initial_value":"198.51.100.14"');
    expect(JSON.stringify(modal?.view)).toContain('"initial_value":"2h"');
  });

  it("opens for an address of a breakdown, too", async () => {
    const context = testContext();

    await openBlockForm.run(
      click("block-form", JSON.stringify({ service: "web", addresses: ["203.0.113.77"] })),
      context,
    );

    expect(JSON.stringify(context.messenger.modals()[0]?.view)).toContain('"initial_value":"203.0.113.77"');
  });

  it.each([
    [{}, {}],
    [{ addresses: "" }, { addresses: "Name an address." }],
    [{ addresses: "10.0.0.1" }, { addresses: expect.stringContaining("private network") }],
    [{ addresses: "not-an-address" }, { addresses: expect.stringContaining('"not-an-address" is not an address') }],
    [{ duration: "soon" }, { duration: '"soon" is no duration; write 30m, 2h or 1d.' }],
    [{ duration: "30d" }, { duration: expect.stringContaining("over the limit") }],
    [{ duration: "1s" }, { duration: "1 s is too short for a block; allowed are 1m to 168h." }],
    [{ reason: " " }, { reason: expect.stringContaining("Say why") }],
  ])("answers %j beside its fields", (values, errors) => {
    expect(blockFormSent.check(sent({ ...RIGHT, ...values }, ABOUT), testContext())).toEqual(errors);
  });

  it("keeps the prediction for the addresses that it was made for, and for no others", async () => {
    const context = testContext();
    await context.store.createInvestigation(buildInvestigation());

    await blockFormSent.run(sent(RIGHT, ABOUT), context);
    await blockFormSent.run(sent({ ...RIGHT, addresses: "198.51.100.14\n198.51.100.15" }, ABOUT), context);

    const proposals = await context.store.openProposals();
    expect(proposals.map(({ predicted }) => predicted?.excessRemoved ?? null).sort()).toEqual([0.847, null]);
    expect(proposals.every(({ findingId }) => findingId === "inv-0000000001")).toBe(true);
  });
});

describe("addresses that fill a network", () => {
  it("are offered as that network, and what lies in another is named once", async () => {
    const context = testContext();

    await block.run(typed("198.51.100.128/25 198.51.100.0/25 198.51.100.7 because they flood"), context);

    const [proposal] = await context.store.openProposals();
    expect(proposal?.change).toMatchObject({ addresses: ["198.51.100.0/24"] });
  });
});

describe("/unblock", () => {
  it("lifts only the address that was named of a block of several", async () => {
    const context = testContext();
    await context.store.addBlocks([
      buildBlock({ id: "b1", address: "198.51.100.14/32" }),
      buildBlock({ id: "b2", address: "198.51.100.15/32" }),
    ]);

    await unblock.run(typed("198.51.100.14"), context);

    expect(context.queue.waiting()).toMatchObject([
      { name: "undo", payload: { proposalId: "prop-0000000001", addresses: ["198.51.100.14/32"], userId: ASKING.id } },
    ]);
    expect(context.messenger.whispers(ASKING.id)).toEqual([expect.stringContaining("the block of 198.51.100.14;")]);
  });

  it("says that an address is blocked only as part of a network", async () => {
    const context = testContext();
    await context.store.addBlocks([buildBlock({ address: "198.51.100.0/24" })]);

    await expect(unblock.run(typed("198.51.100.14"), context)).rejects.toThrow("`/unblock 198.51.100.0/24` lifts that");
  });

  it("says that an address is not blocked, and does not lift the others", async () => {
    const context = testContext();
    await context.store.addBlocks([buildBlock()]);

    await expect(unblock.run(typed("198.51.100.14 192.0.2.1"), context)).rejects.toThrow(
      "Not blocked by Spillway: 192.0.2.1.",
    );
    expect(context.queue.waiting()).toEqual([]);
  });
});

describe("/blocks", () => {
  it("tells the person alone what is blocked and for how long", async () => {
    const context = testContext();
    await context.store.addBlocks([buildBlock(), buildBlock({ id: "old", address: "192.0.2.1/32" })]);
    const move = { from: "pending", by: null, atMs: BUILT_AT_MS } as const;
    await context.store.moveBlocks({ ...move, ids: ["blk-0000000001"], to: "active" });
    await context.store.moveBlocks({ ...move, ids: ["old"], to: "lifted" });

    await blocks.run(typed(""), context);

    expect(context.messenger.whispers(ASKING.id)).toEqual(["1 address is blocked now."]);
    expect(JSON.stringify(context.messenger.said()[0]?.message)).toContain("2 h 2 min left");
  });

  it("says that nothing is", async () => {
    const context = testContext();

    await blocks.run(typed("web"), context);

    expect(context.messenger.whispers(ASKING.id)).toEqual(["Spillway blocks nothing now."]);
  });

  it("says what was found in the firewall, whose it is, and what lets people pass all the same", async () => {
    const context = testContext();
    const report = {
      firewall: "wafv2 a",
      services: ["web"],
      checkedMs: BUILT_AT_MS - 6 * 60_000,
      entries: 9,
      foreign: ["192.0.2.1/32", "192.0.2.0/24"],
      returned: ["192.0.2.1/32"],
      weaknesses: ["No web ACL has a rule for IP set a: nobody in it is blocked."],
      weaknessesMs: BUILT_AT_MS,
    };
    await context.store.saveFirewallReport(report);
    await context.store.saveFirewallReport({ ...report, firewall: "wafv2 b", services: ["api"], foreign: [] });

    await blocks.run(typed("web"), context);

    const shown = JSON.stringify(context.messenger.said()[0]?.message);
    expect(shown).toContain(
      "Firewall of web: 9 entries, 2 not Spillway's (192.0.2.1, 192.0.2.0/24) when looked at, 13:59:00 UTC.",
    );
    expect(shown).toContain("Somebody put back 192.0.2.1, whose block ended");
    expect(shown).toContain(":warning: No web ACL has a rule");
    expect(shown).toContain("The firewall could not be looked at since");
    expect(shown).not.toContain("Firewall of api");
  });

  it("calls a firewall empty that was when it was looked at", async () => {
    const context = testContext();
    const found = { entries: 0, foreign: [], returned: [], weaknesses: [], weaknessesMs: null };
    await context.store.saveFirewallReport({ firewall: "f", services: ["web"], checkedMs: BUILT_AT_MS, ...found });

    await blocks.run(typed("web"), context);

    expect(JSON.stringify(context.messenger.said()[0]?.message)).toContain(
      "Firewall of web: empty when looked at, 14:05:00 UTC.",
    );
  });
});
