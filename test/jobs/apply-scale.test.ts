import { describe, expect, it } from "@jest/globals";
import { undo } from "../../jobs/undo.ts";
import { UpstreamError } from "../../src/errors.ts";
import { BUILT_AT_MS, SECOND } from "../support/build-proposal.ts";
import { SCALE_OUT } from "../support/changes.ts";
import { applyOnce, approved, attempt, jobContext, timelineOf, withWeb } from "../support/job-context.ts";

const HOUR_MS = 3_600_000;

describe("an approved scale-out", () => {
  it("raises the group, remembers what to put back, and says so", async () => {
    const context = jobContext();
    const proposal = await approved(context, { change: SCALE_OUT });

    await applyOnce(proposal, context);

    expect(context.scaler.capacity).toMatchObject({ min: 6, desired: 6 });
    expect(await context.store.capacityHolds()).toMatchObject([
      { proposalId: proposal.id, before: { min: 2, desired: 4 }, untilMs: BUILT_AT_MS + 1.5 * HOUR_MS },
    ]);
    expect((await context.store.receipt(proposal.id))?.calls).toEqual(["raise to 6"]);
    expect(timelineOf(context)).toEqual([
      "Scaled web from 4 to 6 instances (asked for by Dana, approved by Robin): to serve the crowd",
    ]);
  });

  it("raises the group's own maximum only where that was approved, and puts it back", async () => {
    const context = jobContext();
    context.scaler.capacity = { min: 2, max: 5, desired: 4, running: 4 };
    const unasked = await approved(context, { id: "unasked", change: SCALE_OUT });
    await expect(applyOnce(unasked, context)).rejects.toMatchObject({ code: "scale-over-max" });
    await context.store.dropCapacityHold("unasked");

    const asked = await approved(context, { id: "asked", change: { ...SCALE_OUT, raisesMaxFrom: 5 } });
    await applyOnce(asked, context);
    const raised = context.scaler.capacity;
    await undo(attempt<"undo">({ proposalId: "asked", userId: SECOND.id }), context);

    expect(raised).toMatchObject({ min: 6, max: 6, desired: 6 });
    expect(context.scaler.capacity).toMatchObject({ min: 2, max: 5, desired: 4 });
  });

  it("asks before it lowers a maximum that somebody set since", async () => {
    const context = jobContext();
    context.scaler.capacity = { min: 2, max: 5, desired: 4, running: 4 };
    const proposal = await approved(context, { change: { ...SCALE_OUT, raisesMaxFrom: 5 } });
    await applyOnce(proposal, context);
    context.scaler.capacity = { ...context.scaler.capacity, max: 12 };

    await undo(attempt<"undo">({ proposalId: proposal.id, userId: SECOND.id }), context);

    expect(context.scaler.capacity).toMatchObject({ min: 6, max: 12 });
    const asked = JSON.stringify(context.messenger.said());
    expect(asked).toContain("the maximum is 12, which is neither the 6 it was raised to nor the 5 from before");
    expect(asked).toContain("minimum 2, desired 4, maximum 5");
  });

  it("promises no other maximum where it raised none, whoever did", async () => {
    const context = jobContext();
    context.scaler.capacity = { min: 2, max: 10, desired: 4, running: 4 };
    const proposal = await approved(context, { change: SCALE_OUT });
    await applyOnce(proposal, context);
    context.scaler.capacity = { ...context.scaler.capacity, min: 5, max: 12 };

    await undo(attempt<"undo">({ proposalId: proposal.id, userId: SECOND.id }), context);

    const asked = JSON.stringify(context.messenger.said());
    expect(asked).toContain("Sets web to minimum 2, desired 4, whatever it is now.");
  });

  it("is refused while an earlier one holds the service", async () => {
    const context = jobContext();
    await applyOnce(await approved(context, { id: "first", change: SCALE_OUT }), context);
    const second = await approved(context, { id: "second", change: { ...SCALE_OUT, toInstances: 8 } });

    await expect(applyOnce(second, context)).rejects.toMatchObject({ code: "scale-held" });

    expect(context.scaler.asked).toEqual(["raise to 6"]);
    expect(await context.store.capacityHolds()).toHaveLength(1);
  });

  it("is put back where it was undone while the group was raised", async () => {
    const context = jobContext();
    const proposal = await approved(context, { change: SCALE_OUT });
    const undone = withWeb(context, {
      scaler: {
        ...context.scaler,
        raiseTo: async (instances, options) => {
          await context.store.dropCapacityHold(proposal.id);
          return context.scaler.raiseTo(instances, options);
        },
      },
    });

    await applyOnce(proposal, undone);

    expect(context.scaler.capacity).toMatchObject({ min: 2, desired: 4 });
  });

  it("raises nothing where its time was over before it could be carried out", async () => {
    const context = jobContext();
    const proposal = await approved(context, { change: SCALE_OUT });
    const away = new UpstreamError("away", "x", { retryable: true });
    const stuck = withWeb(context, { scaler: { ...context.scaler, raiseTo: () => Promise.reject(away) } });
    await expect(applyOnce(proposal, stuck)).rejects.toThrow("x");

    context.clock.advance(2 * HOUR_MS);

    await expect(applyOnce(proposal, context)).rejects.toMatchObject({ code: "scale-too-late" });
    expect(context.scaler.asked).toEqual([]);
  });
});
