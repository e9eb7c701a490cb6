import { describe, expect, it } from "@jest/globals";
import { sweep } from "../../jobs/sweep.ts";
import { BUILT_AT_MS, SECOND } from "../support/build-proposal.ts";
import { blockOf, CRAWLER, SCALE_OUT } from "../support/changes.ts";
import { applied, applyOnce, approved, attempt, cardOf, jobContext, timelineOf } from "../support/job-context.ts";

describe.each([
  ["a block", blockOf([CRAWLER]), "Dry run of the block of 198.51.100.14 on web"],
  ["a scale-out", SCALE_OUT, "Dry run of the scale-out on web"],
] as const)("%s that was approved as a dry run", (_, change, text) => {
  it("changes nothing, tells the calls, and is over", async () => {
    const context = jobContext();

    const proposal = await applied(context, { change: { ...change, dryRun: true } });
    await applyOnce(proposal, context);

    expect(context.firewall.asked).toEqual([]);
    expect(context.scaler.asked).toEqual([]);
    expect(await context.store.blocks({})).toEqual([]);
    expect(await context.store.capacityHolds()).toEqual([]);
    const receipt = await context.store.receipt(proposal.id);
    expect(receipt?.outcome).toBe("dry-run");
    expect(receipt?.calls).toHaveLength(1);
    expect(timelineOf(context)).toEqual([`${text} (asked for by Dana, approved by Robin): nothing was changed.`]);
    expect(context.queue.waiting()).toEqual([]);
    expect(cardOf(proposal, context)).toContain("Dry run: nothing was changed");
  });

  it("is one by the configuration alone", async () => {
    const context = jobContext();
    const everywhere = { ...context, config: { ...context.config, dryRun: true } };
    const web = context.config.services["web"];
    if (web === undefined) throw new Error("the test's service is web");
    const here = { ...context, config: { ...context.config, services: { web: { ...web, dryRun: true } } } };

    await applied(everywhere, { id: "first", change });
    await applied(here, { id: "second", change });

    expect((await context.store.receipt("first"))?.outcome).toBe("dry-run");
    expect((await context.store.receipt("second"))?.outcome).toBe("dry-run");
    expect([...context.firewall.asked, ...context.scaler.asked]).toEqual([]);
  });

  it("calls nothing at all in a drill", async () => {
    const context = jobContext();
    const drill = {
      id: "drill",
      title: "a crawler at night",
      service: "web",
      channelId: "C0WEB",
      state: "open",
      startedMs: null,
      declaredMs: BUILT_AT_MS,
      resolvedMs: null,
      declaredBy: SECOND,
      resolvedBy: null,
      isDrill: true,
    } as const;
    await context.store.declareIncident(drill, BUILT_AT_MS);

    const proposal = await applied(context, { change, incidentId: "drill" });

    expect((await context.store.receipt(proposal.id))?.calls).toEqual(["None: this is a drill, so nothing is called."]);
    expect([...context.firewall.asked, ...context.scaler.asked]).toEqual([]);
  });
});

describe("what was meant and had begun", () => {
  it("is finished, and still ends, although nothing new is to be changed by now", async () => {
    const context = jobContext();
    const proposal = await approved(context, { change: SCALE_OUT });
    const raiseTo = context.scaler.raiseTo;
    context.scaler.raiseTo = () => Promise.reject(new Error("interrupted"));
    await expect(applyOnce(proposal, context)).rejects.toThrow("interrupted");
    context.scaler.raiseTo = raiseTo;
    const dry = { ...context, config: { ...context.config, dryRun: true } };

    await applyOnce(proposal, dry);
    const raised = context.scaler.capacity;
    context.clock.advance(2 * 3_600_000);
    await sweep(attempt<"sweep">({}), dry);

    expect(raised).toMatchObject({ min: 6 });
    expect(context.scaler.capacity).toMatchObject({ min: 2, desired: 4 });
  });
});
