import { describe, expect, it } from "@jest/globals";
import { extend } from "../../commands/extend.ts";
import { sweep } from "../../jobs/sweep.ts";
import { undo } from "../../jobs/undo.ts";
import { SECOND } from "../support/build-proposal.ts";
import { blockOf, CRAWLER, FLOODER } from "../support/changes.ts";
import { click } from "../support/command-context.ts";
import { applied, attempt, jobContext, type TestJobContext, timelineOf } from "../support/job-context.ts";

const MINUTE_MS = 60_000;

const sweepOnce = (context: TestJobContext) => sweep(attempt<"sweep">({}), context);

/** The questions asked so far whether a block shall go on. */
function asked({ messenger }: TestJobContext): readonly string[] {
  return messenger.said().flatMap(({ message }) => (message.text.includes("Shall it go on?") ? message.text : []));
}

/** What the buttons of the newest question carry. */
function buttonsOf({ messenger }: TestJobContext): Readonly<Record<string, string>> {
  const question = messenger.said().findLast(({ message }) => message.text.includes("Shall it go on?"));
  const [, actions] = (question?.message.blocks ?? []) as { elements: { action_id: string; value: string }[] }[];
  return Object.fromEntries((actions?.elements ?? []).map(({ action_id, value }) => [action_id.split(":")[0], value]));
}

describe("before a block ends", () => {
  it("people are asked once whether it shall go on, ten minutes before", async () => {
    const context = jobContext();
    await applied(context, { change: blockOf([CRAWLER, FLOODER]) });

    context.clock.advance(109 * MINUTE_MS);
    await sweepOnce(context);
    expect(asked(context)).toEqual([]);
    context.clock.advance(MINUTE_MS);
    await sweepOnce(context);
    await sweepOnce(context);

    expect(asked(context)).toEqual([
      "The block of 198.51.100.14, 203.0.113.77 on web ends in 10 min, at 16:05 UTC. Shall it go on?",
    ]);
    expect(timelineOf(context).at(-1)).toBe(
      "The block of 198.51.100.14, 203.0.113.77 on web ends at 2026-11-21 16:05 UTC, in 10 min.",
    );
  });

  it("a click on its button extends it, and they are asked again before the new end", async () => {
    const context = jobContext();
    await applied(context);
    context.clock.advance(110 * MINUTE_MS);
    await sweepOnce(context);

    await extend.run(click("extend", buttonsOf(context)["extend"] ?? ""), context);
    context.clock.advance(120 * MINUTE_MS);
    await sweepOnce(context);

    expect([...context.firewall.blocked]).toEqual([CRAWLER]);
    expect(asked(context)).toHaveLength(2);
  });

  it("nobody is asked of a short one, of one that ended, and of one whose time is up", async () => {
    const context = jobContext();
    await applied(context, { id: "short", change: blockOf([FLOODER], 19 * 60) });
    const undone = await applied(context, { id: "undone", change: blockOf(["192.0.2.8/32"], 30 * 60) });
    await undo(attempt<"undo">({ proposalId: undone.id, userId: SECOND.id }), context);

    for (let minute = 0; minute < 31; minute += 1) {
      await sweepOnce(context);
      context.clock.advance(MINUTE_MS);
    }

    expect(asked(context)).toEqual([]);
    expect([...context.firewall.blocked]).toEqual([]);
  });

  it("the queue is told of the moment, so that it ends then and not with some later sweep", async () => {
    const context = jobContext();
    await applied(context);
    context.clock.advance(119.5 * MINUTE_MS);
    await sweepOnce(context);
    await sweepOnce(context);

    const sweeps = context.queue.waiting().filter(({ name }) => name === "sweep");

    expect(sweeps).toMatchObject([{ delayMs: 30_000 }]);
  });
});

describe("the end of a block", () => {
  it("comes once, at its time by the clock, though the clock jumps forth and back", async () => {
    const context = jobContext();
    await applied(context);
    await applied(context, { id: "later", change: blockOf([FLOODER], 4 * 3_600) });

    context.clock.advance(-90 * MINUTE_MS);
    await sweepOnce(context);
    expect([...context.firewall.blocked].sort()).toEqual([CRAWLER, FLOODER]);
    context.clock.advance((90 + 121) * MINUTE_MS);
    await sweepOnce(context);
    expect([...context.firewall.blocked]).toEqual([FLOODER]);
    context.clock.advance(-60 * MINUTE_MS);
    await sweepOnce(context);
    expect([...context.firewall.blocked]).toEqual([FLOODER]);
    context.clock.advance(10 * 60 * MINUTE_MS);
    await sweepOnce(context);
    await sweepOnce(context);

    expect([...context.firewall.blocked]).toEqual([]);
    expect(context.firewall.effective.filter((call) => call.startsWith("unblock"))).toHaveLength(2);
    expect((await context.store.blocks({})).map(({ state }) => state)).toEqual(["expired", "expired"]);
  });

  it("comes for all that is due, though one of them cannot be ended", async () => {
    const context = jobContext();
    await applied(context, { id: "one" });
    await applied(context, { id: "two", change: blockOf([FLOODER]) });
    context.clock.advance(120 * MINUTE_MS);
    context.firewall.failNext = new Error("the first call fails");

    await expect(sweepOnce(context)).rejects.toThrow("1 steps of the sweep failed");
    expect(context.firewall.blocked.size).toBe(1);
    await sweepOnce(context);

    expect(context.firewall.blocked.size).toBe(0);
  });

  it("does not need the queue", async () => {
    const context = jobContext();
    await applied(context);
    context.clock.advance(120 * MINUTE_MS);
    context.queue.failWith(new Error("the queue is gone"));

    await sweepOnce(context).catch(() => undefined);

    expect([...context.firewall.blocked]).toEqual([]);
  });
});
