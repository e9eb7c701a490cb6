/** The watch after an action: from look to look, until it is over. */
import { describe, expect, it } from "@jest/globals";
import { check } from "../../jobs/check.ts";
import { sweep } from "../../jobs/sweep.ts";
import type { Proposal } from "../../src/domain/proposal.ts";
import type { MetricSeries } from "../../src/domain/traffic.ts";
import { buildFinding, buildInvestigation } from "../support/build-finding.ts";
import { BUILT_AT_MS } from "../support/build-proposal.ts";
import { CRAWLER, SCALE_OUT } from "../support/changes.ts";
import { createFakeQueue } from "../support/fake-queue.ts";
import type { FakeRequest } from "../support/fake-request.ts";
import { applied, attempt, jobContext, type TestJobContext, timelineOf, withWeb } from "../support/job-context.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const CRAWLS = "198.51.100.14";

/** Requests of one address every so often, between two moments around the action. */
function visits(ip: string, fromMs: number, toMs: number, everyMs = SECOND_MS): FakeRequest[] {
  const count = Math.floor((toMs - fromMs) / everyMs);
  return Array.from({ length: count }, (_, index) => ({ atMs: BUILT_AT_MS + fromMs + index * everyMs, ip }));
}

/** 60 a minute are usual; the crawler brings 240 more until it is blocked. */
const CALM = [...visits("192.0.2.1", -5 * MINUTE_MS, 11 * MINUTE_MS), ...visits(CRAWLS, -5 * MINUTE_MS, 0, 250)];

async function found(context: TestJobContext): Promise<void> {
  const [requests] = buildFinding().moved;
  if (requests === undefined) throw new Error("the finding's requests moved");
  const finding = buildFinding({ moved: [{ ...requests, baseline: 60, spike: 300 }] });
  await context.store.createInvestigation(buildInvestigation({ finding }));
}

function lookAt(minutes: number, proposal: Proposal, context: TestJobContext): Promise<void> {
  context.clock.set(BUILT_AT_MS + minutes * MINUTE_MS);
  return check(attempt<"check">({ proposalId: proposal.id, round: minutes / 2 }), context);
}

const thread = (proposal: Proposal, { messenger }: TestJobContext) =>
  messenger.said().filter(({ threadTs }) => threadTs === proposal.messageTs);

describe("the watch after a block", () => {
  it("tells once that it worked, by how much and how much was predicted, and looks on until it is over", async () => {
    const context = jobContext({ requests: CALM });
    await found(context);
    const proposal = await applied(context);

    for (const minutes of [2, 4, 6, 8, 10]) await lookAt(minutes, proposal, context);

    expect(timelineOf(context)).toHaveLength(2);
    expect(timelineOf(context)[1]).toMatch(/^Worked: excess down 100 % \(predicted 84\.7 %\)\. /);
    expect(thread(proposal, context)).toHaveLength(1);
    expect((await context.store.receipt(proposal.id))?.check).toMatchObject({ isFinal: true, verdict: "worked" });
    expect(context.queue.waiting().map(({ id }) => id)).not.toContain(`check-${proposal.id}-6`);
  });

  it("tells at the end that others came in its place", async () => {
    const others = visits("203.0.113.77", 3 * MINUTE_MS, 11 * MINUTE_MS, 250);
    const context = jobContext({ requests: [...CALM, ...others] });
    await found(context);
    const proposal = await applied(context);

    for (const minutes of [2, 4, 6, 8, 10]) await lookAt(minutes, proposal, context);

    expect(timelineOf(context).slice(1)).toEqual([
      expect.stringMatching(/^Worked: excess down 100 %/),
      expect.stringMatching(
        /^Blocked, but without the effect that was hoped for: excess down 0 % \(predicted 84\.7 %\)/,
      ),
    ]);
    expect(thread(proposal, context)).toHaveLength(2);
  });

  it("says what the firewall does not hold any more", async () => {
    const context = jobContext({ requests: CALM });
    const proposal = await applied(context);
    await context.firewall.unblock([CRAWLER]);

    await lookAt(2, proposal, context);

    expect(timelineOf(context)[1]).toContain(`The firewall does not hold ${CRAWLS} any more.`);
  });

  it("tells each thing once, however often its looks run", async () => {
    const context = jobContext({ requests: CALM });
    const proposal = await applied(context);

    for (const minutes of [2, 2, 4, 10, 10]) await lookAt(minutes, proposal, context);

    expect(timelineOf(context)).toHaveLength(2);
    expect(thread(proposal, context)).toHaveLength(1);
  });

  it("goes on where the queue lost the next look, and ends", async () => {
    const context = jobContext({ requests: CALM });
    const proposal = await applied(context);
    await lookAt(2, proposal, context);
    const rounds: unknown[] = [];

    for (let minutes = 3; minutes <= 20; minutes += 1) {
      context.clock.set(BUILT_AT_MS + minutes * MINUTE_MS);
      const emptied = { ...context, queue: createFakeQueue() };
      await sweep(attempt<"sweep">({}), emptied);
      for (const { name, payload } of emptied.queue.waiting()) {
        if (name !== "check") continue;
        rounds.push([minutes, payload.round]);
        await check(attempt<"check">(payload), emptied);
      }
    }

    expect(rounds).toEqual([
      [5, 2],
      [8, 4],
      [11, 5],
    ]);
    expect((await context.store.receipt(proposal.id))?.check?.isFinal).toBe(true);
  });

  it("goes by the metrics where there is no log", async () => {
    const context = withWeb(jobContext(), { logs: null });
    await found(context);
    const counted = (metric: MetricSeries["metric"], before: number, after: number): MetricSeries => ({
      metric,
      unit: "count",
      aggregation: "sum",
      startMs: BUILT_AT_MS - 5 * MINUTE_MS,
      stepMs: MINUTE_MS,
      values: [...Array<number>(5).fill(before), ...Array<number>(3).fill(after)],
    });
    context.metrics.series = [counted("requests", 300, 70), counted("blockedRequests", 0, 230)];
    const proposal = await applied(context);

    await lookAt(4, proposal, context);

    expect(timelineOf(context)[1]).toBe(
      "Worked: excess down 95.8 % (predicted 84.7 %). web went from 300 to 70 requests a minute that get through, " +
        "as the metrics have it. By the metrics, the firewall stops 230 requests a minute (0 before).",
    );
    expect(context.metrics.reads.length).toBeGreaterThan(0);
  });

  it("does without metrics where CloudWatch does not answer", async () => {
    const context = jobContext({ requests: CALM });
    const proposal = await applied(context);
    context.metrics.failNext = new Error("throttled");

    await lookAt(2, proposal, context);

    expect(timelineOf(context)[1]).toMatch(/^Worked\. /);
  });
});

describe("the watch after a scale-out", () => {
  it("says how the service is by its metrics, and that the minimum was lowered since", async () => {
    const context = jobContext();
    context.metrics.series = [
      {
        metric: "cpu",
        unit: "percent",
        aggregation: "mean",
        startMs: BUILT_AT_MS - 5 * MINUTE_MS,
        stepMs: MINUTE_MS,
        values: [92, 92, 92, 92, 92, 60, 41, 41],
      },
    ];
    const proposal = await applied(context, { change: SCALE_OUT });
    context.scaler.capacity = { ...context.scaler.capacity, min: 3 };

    await lookAt(4, proposal, context);

    expect(timelineOf(context)[1]).toBe(
      "Worked. web has 6 of 6 instances in service. Its minimum is 3 by now, which a policy may go down to. " +
        "By the metrics, the hosts' CPUs are at 41 % (92 % before).",
    );
  });
});
