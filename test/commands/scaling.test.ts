import { describe, expect, it } from "@jest/globals";
import { block } from "../../commands/block.ts";
import { keepCapacity, restoreCapacity } from "../../commands/capacity-answer.ts";
import { incident } from "../../commands/incident.ts";
import { preview } from "../../commands/preview.ts";
import { scale } from "../../commands/scale.ts";
import { unblock } from "../../commands/unblock.ts";
import { undo } from "../../commands/undo.ts";
import { UpstreamError } from "../../src/errors.ts";
import { ASKING, BUILT_AT_MS, buildBlock, SECOND } from "../support/build-proposal.ts";
import { SCALE_OUT } from "../support/changes.ts";
import { CHANNEL, click, type TestContext, testContext, typed } from "../support/command-context.ts";
import { applied, approved, jobContext, twoBehindOneFirewall } from "../support/job-context.ts";

const MINUTE_MS = 60_000;

const offer = async (context: TestContext) => (await context.store.openProposals())[0];
const whispered = ({ messenger }: TestContext, userId = ASKING.id) => messenger.whispers(userId).at(-1);
const shown = ({ messenger }: TestContext) => JSON.stringify(messenger.said().at(-1)?.message.blocks);

describe("/scale at a time", () => {
  it("reads the clock beside whoever asks, and says it in UTC, too", async () => {
    const context = testContext();
    context.messenger.moveTo(ASKING.id, "Europe/Berlin");

    await scale.run(typed("web +4 at 20:00 for 90m because the show starts"), context);

    const proposal = await offer(context);
    expect(proposal?.change).toEqual({
      kind: "scale",
      service: "web",
      fromInstances: 4,
      toInstances: 8,
      startMs: Date.UTC(2026, 10, 21, 19),
      durationSecs: 5_400,
      reason: "the show starts",
    });
    expect(proposal?.notes?.[0]).toBe("Begins at 2026-11-21 19:00 UTC (2026-11-21 20:00 Europe/Berlin).");
    expect(shown(context)).toContain("Scale web from 4 to 8 instances at 2026-11-21 19:00 UTC for 1 h 30 min");
  });

  it("is tomorrow where that time has passed", async () => {
    const context = testContext();
    context.messenger.moveTo(ASKING.id, "Asia/Tokyo");

    await scale.run(typed("+1 at 20:00"), context);

    expect((await offer(context))?.change).toMatchObject({ startMs: Date.UTC(2026, 10, 22, 11) });
    expect((await offer(context))?.notes?.[0]).toContain("not today, as that time has passed");
  });

  it.each([
    ["Slack does not tell where", () => {}],
    ["Slack names a zone that nobody knows", (context: TestContext) => context.messenger.moveTo(ASKING.id, "Mars/One")],
  ])("is in UTC where %s, and says so", async (_, arrange) => {
    const context = testContext();
    arrange(context);

    await scale.run(typed("+1 at 20:00"), context);

    expect((await offer(context))?.change).toMatchObject({ startMs: Date.UTC(2026, 10, 21, 20) });
    expect((await offer(context))?.notes?.[1]).toContain("so the time was read as UTC");
  });

  it("is in UTC where that is written behind it", async () => {
    const context = testContext();
    context.messenger.moveTo(ASKING.id, "Europe/Berlin");

    await scale.run(typed("+1 at 20:00Z"), context);

    expect((await offer(context))?.change).toMatchObject({ startMs: Date.UTC(2026, 10, 21, 20) });
    expect((await offer(context))?.notes).toHaveLength(4);
  });

  it("does not take what is no time of the day", async () => {
    await expect(scale.run(typed("+1 at 25:00"), testContext())).rejects.toThrow(
      "After `at` comes a time of the day such as 20:00",
    );
  });

  it("makes another offer than the same at once: an approval holds for its time", async () => {
    const context = testContext();

    await scale.run(typed("+1 at 20:00"), context);
    await scale.run(typed("+1"), context);

    const [first, second] = await context.store.openProposals();
    expect(first?.digest).not.toBe(second?.digest);
  });

  it("says that an earlier one would be in its way", async () => {
    const context = jobContext();
    await applied(context, { change: SCALE_OUT });

    await scale.run(typed("to 8"), context);
    await scale.run(typed("to 8 at 20:00"), context);

    const [later, now] = await context.store.openProposals();
    expect(now?.notes?.at(-1)).toContain("An earlier scale-out holds web until 2026-11-21 15:35 UTC");
    expect(later?.notes?.at(-1)).not.toContain("An earlier scale-out");
  });

  it("can be called off from its card", async () => {
    const context = testContext();
    const planned = { ...SCALE_OUT, startMs: BUILT_AT_MS + 60 * MINUTE_MS };
    const proposal = await approved(context, { change: planned });

    await undo.run(click("undo", proposal.id), context);

    expect(context.queue.waiting()).toMatchObject([{ name: "undo", payload: { proposalId: proposal.id } }]);
    expect(whispered(context, SECOND.id)).toContain("Calling it off");
  });
});

describe("/scale without a number", () => {
  it("shows what there is, to who asks alone", async () => {
    const context = testContext();
    context.scaler.capacity = { min: 2, max: 10, desired: 4, running: 3, pending: 1 };

    await scale.run(typed("web"), context);

    expect(whispered(context)).toBe("web: 4 desired (3 in service, 1 starting), minimum 2, maximum 10");
    expect(shown(context)).toContain("No scale-out of ours is under way");
    expect(shown(context)).toContain("goes to 8 at most");
  });

  it("says until when a scale-out holds, and what was before", async () => {
    const context = jobContext();
    await applied(context, { change: SCALE_OUT });

    await scale.run(typed("web"), context);

    expect(shown(context)).toContain("A scale-out of ours ends at 15:35 UTC");
    expect(shown(context)).toContain("minimum 2 and 4 desired");
  });
});

describe("a preview", () => {
  it.each([
    [scale, "+2 preview", "raise to 6"],
    [block, "198.51.100.14 preview because it floods", "block 198.51.100.14/32"],
  ])("by word shows the calls, proposes nothing and changes nothing", async (command, words, call) => {
    const context = jobContext();

    await command.run(typed(words), context);

    expect(whispered(context)).toBe("Preview: Approve would make 1 call.");
    expect(shown(context)).toContain(call);
    expect(await context.store.openProposals()).toEqual([]);
    expect([...context.scaler.asked, ...context.firewall.asked]).toEqual([]);
  });

  it("of an unblock leaves out what another block holds, and what was there before", async () => {
    const context = jobContext({ blocked: ["198.51.100.14/32", "203.0.113.77/32", "192.0.2.9/32"] });
    const row = (id: string, address: string, isOurs = true) => buildBlock({ id, proposalId: id, address, isOurs });
    await context.store.addBlocks([
      row("b1", "198.51.100.14/32"),
      row("b2", "203.0.113.77/32", false),
      row("b3", "192.0.2.9/32"),
    ]);

    await unblock.run(typed("198.51.100.14 203.0.113.77 preview"), context);

    expect(whispered(context)).toBe("Preview: Unblock would make 1 call.");
    expect(shown(context)).toContain("198.51.100.14/32");
    expect(shown(context)).not.toContain("203.0.113.77");
    expect(context.queue.waiting()).toEqual([]);
  });

  it("of an unblock leaves out what another service behind the same sets holds, and counts a call for both once", async () => {
    const context = twoBehindOneFirewall({ blocked: ["198.51.100.14/32"] });
    const rows = ["web", "api"].map((service) => buildBlock({ id: service, proposalId: service, service }));
    await context.store.addBlocks(rows);

    await unblock.run(typed("198.51.100.14 web preview"), context);
    expect(whispered(context)).toBe("Preview: Unblock would call nothing, as everything is so already.");

    await unblock.run(typed("198.51.100.14 preview"), context);
    expect(whispered(context)).toBe("Preview: Unblock would make 1 call.");
  });

  it("by button shows the calls of the change before it, and those that undo it after", async () => {
    const context = jobContext();
    await scale.run(typed("+2"), context);
    const pending = await offer(context);

    await preview.run(click("preview", pending?.id ?? ""), context);
    const before = shown(context);
    const active = await applied(context, { id: "active", change: SCALE_OUT });
    await preview.run(click("preview", active.id), context);

    expect(before).toContain("raise to 6");
    expect(shown(context)).toContain("restore 2 of 4");
    expect(context.scaler.capacity).toMatchObject({ min: 6, desired: 6 });
  });

  it("of what is over says so", async () => {
    const context = jobContext();
    const proposal = await applied(context, { change: SCALE_OUT });
    await context.store.dropCapacityHold(proposal.id);

    await expect(preview.run(click("preview", proposal.id), context)).rejects.toThrow("nothing left to undo");
  });
});

describe("what is proposed where nothing is to be changed", () => {
  it("is a dry run, by its title and its digest", async () => {
    const context = testContext({ yaml: "dryRun: true" });

    await scale.run(typed("+2"), context);

    expect((await offer(context))?.change).toMatchObject({ dryRun: true });
    expect(shown(context)).toContain("Dry run: Scale web from 4 to 6 instances");
  });

  it("is one in a drill, and is none after it", async () => {
    const context = testContext();
    await incident.run(typed("drill a crawler at night"), context);

    await scale.run(typed("+2"), context);
    const drilled = await offer(context);
    await incident.run(typed("resolve"), context);
    await scale.run(typed("+3"), context);

    expect(drilled?.change).toMatchObject({ dryRun: true });
    expect((await offer(context))?.change).not.toHaveProperty("dryRun");
    expect((await context.store.latestIncident(CHANNEL))?.isDrill).toBe(true);
  });
});

describe("the answer to whether capacity is put back", () => {
  async function asked() {
    const context = jobContext();
    const proposal = await applied(context, { change: SCALE_OUT });
    await context.store.setCapacityAsked(proposal.id, BUILT_AT_MS);
    return { context, proposal };
  }

  it("to keep it ends the scale-out, by name", async () => {
    const { context, proposal } = await asked();

    await keepCapacity.run(click("keep-capacity", proposal.id), context);

    expect(await context.store.capacityHolds()).toEqual([]);
    expect(await context.store.capacityEnd(proposal.id)).toMatchObject({ kind: "kept", by: SECOND });
    expect(context.store.allEvents().at(-1)?.text).toContain("before the scale-out it was minimum 2, desired 4");
    expect(context.scaler.capacity).toMatchObject({ min: 6 });
  });

  it("to restore it is carried out by a job, whatever it is now", async () => {
    const { context, proposal } = await asked();

    await restoreCapacity.run(click("restore-capacity", proposal.id), context);

    expect(context.queue.waiting().at(-1)).toMatchObject({
      name: "undo",
      payload: { proposalId: proposal.id, userId: SECOND.id, isForced: true },
    });
  });

  it("counts once: the second is told who was first", async () => {
    const { context, proposal } = await asked();
    await keepCapacity.run(click("keep-capacity", proposal.id), context);

    await expect(restoreCapacity.run(click("restore-capacity", proposal.id, ASKING), context)).rejects.toThrow(
      "This was answered already, by Robin",
    );
    await expect(keepCapacity.run(click("keep-capacity", proposal.id, ASKING), context)).rejects.toThrow("by Robin");
  });

  it("is kept while Slack is away", async () => {
    const { context, proposal } = await asked();
    context.messenger.failWith(new UpstreamError("slack-down", "Slack does not answer", { retryable: true }));

    await keepCapacity.run(click("keep-capacity", proposal.id), context);

    expect(await context.store.capacityEnd(proposal.id)).toMatchObject({ kind: "kept", by: { id: SECOND.id } });
  });
});
