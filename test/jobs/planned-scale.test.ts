/** Scale-outs that were approved for later. */
import { describe, expect, it } from "@jest/globals";
import { sweep } from "../../jobs/sweep.ts";
import { undo } from "../../jobs/undo.ts";
import { UpstreamError } from "../../src/errors.ts";
import { BUILT_AT_MS, SECOND } from "../support/build-proposal.ts";
import { SCALE_OUT } from "../support/changes.ts";
import {
  applyOnce,
  approved,
  attempt,
  cardOf,
  jobContext,
  type TestJobContext,
  timelineOf,
} from "../support/job-context.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const START_MS = BUILT_AT_MS + 5 * HOUR_MS;
const PLANNED = { ...SCALE_OUT, startMs: START_MS };

const sweepOnce = (context: TestJobContext) => sweep(attempt<"sweep">({}), context);
const undoOnce = (proposalId: string, context: TestJobContext) =>
  undo(attempt<"undo">({ proposalId, userId: SECOND.id }), context);

describe("a scale-out for later", () => {
  it("waits, and says until when", async () => {
    const context = jobContext();
    const proposal = await approved(context, { change: PLANNED });

    await applyOnce(proposal, context);

    expect(context.scaler.asked).toEqual([]);
    expect(context.queue.waiting()).toMatchObject([
      { name: "apply", id: `apply-${proposal.id}-at-start`, delayMs: 5 * HOUR_MS },
    ]);
    expect(await context.store.proposal(proposal.id)).toMatchObject({ state: "approved" });
    expect(cardOf(proposal, context)).toContain("Begins by itself at 19:05 UTC");
  });

  it("begins at its time and ends by what was planned, not by when it was applied", async () => {
    const context = jobContext();
    const proposal = await approved(context, { change: PLANNED });
    context.clock.set(START_MS + 2 * MINUTE_MS);

    await applyOnce(proposal, context);
    context.clock.set(START_MS + 90 * MINUTE_MS - 1);
    await sweepOnce(context);
    const shortlyBefore = context.scaler.capacity;
    context.clock.set(START_MS + 90 * MINUTE_MS);
    await sweepOnce(context);

    expect(shortlyBefore).toMatchObject({ min: 6, desired: 6 });
    expect(context.scaler.capacity).toMatchObject({ min: 2, desired: 4 });
    expect(cardOf(proposal, context)).toContain("its time was up");
  });

  it("is not lost where the queue loses the job that waits for it", async () => {
    const context = jobContext();
    const { id } = await approved(context, { change: PLANNED });

    context.clock.set(START_MS - 1);
    await sweepOnce(context);
    const before = context.queue.waiting();
    context.clock.set(START_MS);
    await sweepOnce(context);

    expect(before).toEqual([]);
    expect(context.queue.waiting()).toMatchObject([{ name: "apply", id: `apply-${id}` }]);
  });

  it("is not done where the whole of its time was slept through", async () => {
    const context = jobContext();
    const proposal = await approved(context, { change: PLANNED });
    context.clock.set(START_MS + 2 * HOUR_MS);

    await expect(applyOnce(proposal, context)).rejects.toMatchObject({ code: "scale-too-late" });

    expect(context.scaler.asked).toEqual([]);
    expect(await context.store.capacityHolds()).toEqual([]);
  });

  it("can be called off before it begins, by name", async () => {
    const context = jobContext();
    const proposal = await approved(context, { change: PLANNED });

    await undoOnce(proposal.id, context);
    await undoOnce(proposal.id, context);
    context.clock.set(START_MS);
    await sweepOnce(context);
    await applyOnce(proposal, context);

    expect(context.scaler.asked).toEqual([]);
    expect(timelineOf(context)).toEqual([
      "Called off the scale-out of web planned for 2026-11-21 19:05 UTC; nothing was changed.",
    ]);
    expect(cardOf(proposal, context)).toContain("Called off by *Robin*");
  });

  it("is undone as any other once it has begun", async () => {
    const context = jobContext();
    const proposal = await approved(context, { change: PLANNED });
    context.clock.set(START_MS);
    await applyOnce(proposal, context);

    await undoOnce(proposal.id, context);

    expect(context.scaler.capacity).toMatchObject({ min: 2, desired: 4 });
    expect(cardOf(proposal, context)).toContain("undone by *Robin*");
  });
});

describe("capacity that somebody changed meanwhile", () => {
  async function changedMeanwhile() {
    const context = jobContext();
    const proposal = await approved(context, { change: SCALE_OUT });
    await applyOnce(proposal, context);
    context.scaler.capacity = { ...context.scaler.capacity, min: 7, desired: 7 };
    context.clock.advance(90 * MINUTE_MS);
    return { context, proposal };
  }
  const questions = ({ messenger }: TestJobContext) =>
    messenger.said().filter(({ message }) => message.text.startsWith("Put the capacity of"));

  it("is left alone, and the thread asks what to do", async () => {
    const { context, proposal } = await changedMeanwhile();

    await sweepOnce(context);

    expect(context.scaler.capacity).toMatchObject({ min: 7, desired: 7 });
    expect(questions(context)).toHaveLength(1);
    expect(questions(context)[0]).toMatchObject({ threadTs: proposal.messageTs });
    const shown = JSON.stringify(questions(context)[0]?.message.blocks);
    expect(shown).toContain("the minimum is 7, which is neither the 6 it was raised to nor the 2 from before");
    expect(shown).toContain("Restore anyway");
    expect(shown).toContain("Keep as it is");
    expect(cardOf(proposal, context)).toContain("the thread asks what to do");
  });

  it("is asked about once an hour, not with every sweep", async () => {
    const { context } = await changedMeanwhile();

    for (let minute = 0; minute < 61; minute += 1) {
      await sweepOnce(context);
      context.clock.advance(MINUTE_MS);
    }

    expect(questions(context)).toHaveLength(2);
  });

  it("is asked about although Slack was away at the time", async () => {
    const { context } = await changedMeanwhile();
    context.messenger.failWith(new UpstreamError("slack-down", "Slack does not answer", { retryable: true }));
    await sweepOnce(context).catch(() => {});
    context.messenger.failWith(null);

    await sweepOnce(context);

    expect(questions(context)).toHaveLength(1);
  });

  it("is put back by itself where it is by then what it was", async () => {
    const { context } = await changedMeanwhile();
    await sweepOnce(context);
    context.scaler.capacity = { ...context.scaler.capacity, min: 2, desired: 5 };
    context.clock.advance(HOUR_MS);

    await sweepOnce(context);

    expect(await context.store.capacityHolds()).toEqual([]);
    expect(timelineOf(context).at(-1)).toContain("The desired count stays at 5");
    expect(context.messenger.said().at(-1)?.message.text).toContain("The desired count stays at 5");
  });

  it("is put back by who answers so", async () => {
    const { context, proposal } = await changedMeanwhile();
    await sweepOnce(context);

    await undo(attempt<"undo">({ proposalId: proposal.id, userId: SECOND.id, isForced: true }), context);

    expect(context.scaler.capacity).toMatchObject({ min: 2, desired: 4 });
    expect(await context.store.capacityEnd(proposal.id)).toMatchObject({ kind: "restored", by: SECOND });
  });
});
