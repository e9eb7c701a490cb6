import { describe, expect, it } from "@jest/globals";
import { check } from "../../jobs/check.ts";
import { limitsOf } from "../../jobs/limits.ts";
import { reconcile } from "../../jobs/reconcile.ts";
import { sweep } from "../../jobs/sweep.ts";
import { undo } from "../../jobs/undo.ts";
import { parseConfig } from "../../src/config.ts";
import { UpstreamError } from "../../src/errors.ts";
import { BUILT_AT_MS, SECOND } from "../support/build-proposal.ts";
import { blockOf, CRAWLER, FLOODER } from "../support/changes.ts";
import { applied, applyOnce, approved, attempt, cardOf, timelineOf } from "../support/job-context.ts";
import {
  type MeasuredContext,
  measuredContext,
  measuredYaml,
  measureOf,
  RATE_LIMIT,
} from "../support/measured-context.ts";

/** As people are told of it. */
const SHOWN = CRAWLER.replace("/32", "");

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const held = ({ of }: MeasuredContext) =>
  Object.fromEntries(Object.entries(of).map(([measure, { blocked }]) => [measure, [...blocked].sort()]));
const sweepOnce = (context: MeasuredContext) => sweep(attempt<"sweep">({}), context);
const reconcileOnce = (context: MeasuredContext) => reconcile(attempt<"reconcile">({}), context);
const undoOnce = (proposalId: string, context: MeasuredContext) =>
  undo(attempt<"undo">({ proposalId, userId: SECOND.id }), context);

describe.each([
  ["rate-limit", "Rate-limited", "rate limit", "rate-limited"],
  ["challenge", "Challenged", "challenge", "challenged"],
] as const)("an approved %s", (measure, done, noun, past) => {
  const one = (addresses: readonly string[] = [CRAWLER]) => ({ change: measureOf(measure, addresses) });

  it("goes into its own sets and no others, with rows that say when it ends", async () => {
    const context = measuredContext();

    const { id } = await applied(context, one([CRAWLER, FLOODER]));

    expect(held(context)).toEqual({ block: [], "rate-limit": [], challenge: [], [measure]: [CRAWLER, FLOODER] });
    expect(await context.store.blocks({})).toMatchObject([
      { address: CRAWLER, measure, state: "active", isOurs: true, expiresMs: context.clock.now() + 2 * HOUR_MS },
      { address: FLOODER, measure, state: "active" },
    ]);
    expect(await context.store.receipt(id)).toMatchObject({ outcome: "applied" });
    expect(timelineOf(context)[0]).toMatch(new RegExp(`^${done} 198\\.51\\.100\\.14, .+ on web`));
  });

  it("ends by itself when its time is up, and is told so", async () => {
    const context = measuredContext();
    await applied(context, one());
    context.clock.advance(2 * HOUR_MS);

    await sweepOnce(context);

    expect(held(context)).toEqual({ block: [], "rate-limit": [], challenge: [] });
    expect(timelineOf(context).at(-1)).toBe(`The ${noun} of ${SHOWN} on web ended: its time was up.`);
  });

  it("lives beside a block of the same address: each comes and goes by itself", async () => {
    const context = measuredContext();
    await applied(context, one());
    const block = await applied(context, { id: "p2", change: blockOf([CRAWLER], 3_600) });
    expect(held(context)).toMatchObject({ block: [CRAWLER], [measure]: [CRAWLER] });

    await undoOnce(block.id, context);
    expect(held(context)).toMatchObject({ block: [], [measure]: [CRAWLER] });

    await applied(context, { id: "p3", change: blockOf([CRAWLER], 4 * 3_600) });
    context.clock.advance(2 * HOUR_MS);
    await sweepOnce(context);
    expect(held(context)).toMatchObject({ block: [CRAWLER], [measure]: [] });
  });

  it("stays for another of its kind that holds the same address", async () => {
    const context = measuredContext();
    const { id } = await applied(context, one());
    await applied(context, { id: "p2", change: measureOf(measure, [CRAWLER], 3 * 3_600) });

    await undoOnce(id, context);

    expect(held(context)).toMatchObject({ [measure]: [CRAWLER] });
    expect(timelineOf(context).at(-1)).toContain(`Another ${noun} holds ${SHOWN} until`);
  });

  it("is asked about before its end, and warned of by its own name", async () => {
    const context = measuredContext();
    await applied(context, one());
    context.clock.advance(2 * HOUR_MS - 5 * MINUTE_MS);

    await sweepOnce(context);

    expect(context.messenger.said().at(-1)?.message.text).toMatch(
      new RegExp(`^The ${noun} of 198\\.51\\.100\\.14 on web ends in 5 min`),
    );
  });

  it("is put back where somebody took it out, into the sets that it was in", async () => {
    const context = measuredContext();
    await applied(context, one());
    context.of[measure].blocked.clear();

    await reconcileOnce(context);

    expect(held(context)).toEqual({ block: [], "rate-limit": [], challenge: [], [measure]: [CRAWLER] });
    expect(timelineOf(context).at(-1)).toContain(`though the ${noun} lasts until`);
  });

  it("is told by its own name where it can be neither put back nor looked at", async () => {
    const context = measuredContext();
    await applied(context, one());
    context.of[measure].blocked.clear();
    const down = () => Promise.reject(new UpstreamError("aws-down", "AWS does not answer", { retryable: true }));

    context.of[measure].block = down;
    await expect(reconcileOnce(context)).rejects.toThrow();
    expect(timelineOf(context).at(-1)).toContain(
      `could not be put back into the firewall of web, and is not ${past} now`,
    );
    context.of[measure].list = down;
    context.clock.advance(6 * MINUTE_MS);
    await expect(reconcileOnce(context)).rejects.toThrow();

    expect(timelineOf(context).at(-1)).toContain(`The firewall of web could not be looked at for its ${noun}s since`);
  });

  it("leaves alone what others put into its sets, and reports them apart from the blocks", async () => {
    const context = measuredContext();
    await applied(context, { change: blockOf([FLOODER]) });
    context.of[measure].blocked.add(CRAWLER);

    await reconcileOnce(context);

    const reports = await context.store.firewallReports();
    expect(reports).toHaveLength(3);
    expect(reports.find((report) => report.measure === measure)).toMatchObject({
      services: ["web"],
      foreign: [CRAWLER],
    });
    expect(reports.find((report) => report.measure === undefined)).toMatchObject({ entries: 1, foreign: [] });
  });

  it("is never given to an address that a guard names, and ends where one names it later", async () => {
    const guarded = measuredYaml({ rest: "guards: { monitoring: [198.51.100.0/24] }" });
    const refusing = measuredContext({}, guarded);
    const { id } = await approved(refusing, one());
    await expect(applyOnce({ id }, refusing)).rejects.toThrow(`Not ${past}: ${SHOWN} overlaps`);
    expect(held(refusing)).toEqual({ block: [], "rate-limit": [], challenge: [] });

    const context = measuredContext();
    await applied(context, one());
    await reconcileOnce({ ...context, config: parseConfig(guarded, "test.yaml") });

    expect(held(context)).toMatchObject({ [measure]: [] });
    expect(context.messenger.said().at(-1)?.message.text).toContain(`The ${noun} of ${SHOWN} on web ended before`);
  });

  it("is not carried out, and blocks nobody, where its rule is not configured any more", async () => {
    const context = measuredContext();
    const web = { ...context.services["web"], measures: {} } as never;
    const { id } = await approved(context, one());

    await expect(applyOnce({ id }, { ...context, services: { web } })).rejects.toThrow("nothing was changed");

    expect(held(context)).toEqual({ block: [], "rate-limit": [], challenge: [] });
    expect(await context.store.blocks({})).toEqual([]);
  });

  it("only tells the calls where it is a dry run", async () => {
    const context = measuredContext();
    const { id } = await approved(context, { change: { ...measureOf(measure, [CRAWLER]), dryRun: true } });

    await applyOnce({ id }, context);

    expect(held(context)).toEqual({ block: [], "rate-limit": [], challenge: [] });
    expect(await context.store.receipt(id)).toMatchObject({ outcome: "dry-run", calls: [`block ${CRAWLER}`] });
    expect(timelineOf(context).at(-1)).toContain(`Dry run of the ${noun} of ${SHOWN}`);
  });
});

describe("a rate limit", () => {
  it("is not carried out where the rule is set to another number than was approved", async () => {
    const context = measuredContext({}, measuredYaml({ limit: 2_000 }));
    const { id } = await approved(context, { change: measureOf("rate-limit", [CRAWLER]) });

    await expect(applyOnce({ id }, context)).rejects.toThrow(
      "Not rate-limited: 300 requests in 5 min was approved, and the prepared rule allows 2,000 requests in 5 min by now.",
    );

    expect(held(context)).toMatchObject({ "rate-limit": [] });
  });

  it("warns on its card where its rule only counts, as the last look had it", async () => {
    const context = measuredContext();
    const weak = "Rule r of web ACL web does not limit who is in IP set limited4: its action is Count.";
    context.of["rate-limit"].weak = [weak];
    await reconcileOnce(context);

    const proposal = await applied(context, { change: measureOf("rate-limit", [CRAWLER]) });

    const card = context.messenger.said().find(({ ts }) => ts === proposal.messageTs)?.message;
    expect(JSON.stringify(card?.blocks)).toContain("its action is Count");
    expect(cardOf(proposal, context)).toContain("applied at");
  });
});

describe("what may be suggested", () => {
  it("knows the prepared rules, and who is under each of them", async () => {
    const context = measuredContext();
    await applied(context, { change: measureOf("rate-limit", [CRAWLER]) });
    await applied(context, { id: "p2", change: blockOf([FLOODER]) });

    const limits = await limitsOf("web", context, new AbortController().signal);

    expect(limits.blocked).toEqual([FLOODER]);
    expect(limits.prepared).toEqual({
      rateLimit: { ...RATE_LIMIT, standing: [CRAWLER] },
      challenge: { standing: [] },
    });
  });
});

describe("the look after a challenge", () => {
  it("goes by how many are challenged where there is no log, and never by how many are blocked", async () => {
    const context = measuredContext();
    const counted = (metric: "challengedRequests" | "blockedRequests") => ({
      metric,
      unit: "count" as const,
      aggregation: "sum" as const,
      startMs: BUILT_AT_MS - 5 * MINUTE_MS,
      stepMs: MINUTE_MS,
      values: [0, 0, 0, 0, 0, 230, 230, 230],
    });
    const verdicts: unknown[] = [];
    const { id } = await applied(context, { change: measureOf("challenge", [CRAWLER]) });
    context.clock.advance(3 * MINUTE_MS);
    const noLog = { ...context, services: { web: { ...context.services["web"], logs: null } as never } };

    for (const metric of ["blockedRequests", "challengedRequests"] as const) {
      context.metrics.series = [counted(metric)];
      await check(attempt<"check">({ proposalId: id, round: 1 }), noLog);
      verdicts.push((await context.store.receipt(id))?.check);
    }

    expect(verdicts).toMatchObject([
      { verdict: "cannot-tell" },
      { verdict: "worked", statement: expect.stringContaining("it challenges 230 requests a minute (0 before)") },
    ]);
  });

  it("cannot tell where there are neither", async () => {
    const context = measuredContext();
    const { id } = await applied(context, { change: measureOf("challenge", [CRAWLER]) });
    const noLog = { ...context, services: { web: { ...context.services["web"], logs: null } as never } };

    await check(attempt<"check">({ proposalId: id, round: 1 }), noLog);

    expect((await context.store.receipt(id))?.check).toMatchObject({ verdict: "cannot-tell" });
  });
});
