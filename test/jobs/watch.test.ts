import { describe, expect, it } from "@jest/globals";
import { tellFailure } from "../../jobs/failed.ts";
import { watch } from "../../jobs/watch.ts";
import { parseConfig } from "../../src/config.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/domain/time-window.ts";
import type { MetricSeries } from "../../src/domain/traffic.ts";
import { UpstreamError } from "../../src/errors.ts";
import { attempt, jobContext, type TestJobContext, withWeb } from "../support/job-context.ts";
import { mortal, stepsOf } from "../support/mortal.ts";
import { poisson, seededRandom } from "../support/simulate-traffic.ts";

const STEP_MS = 5 * MINUTE_MS;
const STEPS = 3 * 288;

const WATCHED = `
services:
  web:
    metrics: { kind: cloudwatch, loadBalancer: app/web/1 }
    watch: { channel: C0ALERTS }`;

/** Three days of a metric up to now, of which the last steps are so many times as much. */
function threeDays(context: TestJobContext, factor: number, more: Partial<MetricSeries> = {}, last = 3): MetricSeries {
  const random = seededRandom(3);
  const values = Array.from({ length: STEPS }, (_, step) =>
    poisson(step < STEPS - last ? 5_000 : 5_000 * factor, random),
  );
  const startMs = Math.floor(context.clock.now() / STEP_MS - STEPS) * STEP_MS;
  return { metric: "requests", unit: "count", aggregation: "sum", startMs, stepMs: STEP_MS, values, ...more };
}

function watchedContext(yaml = WATCHED): TestJobContext {
  const context = { ...jobContext(), config: parseConfig(yaml, "test.yaml") };
  context.metrics.series = [threeDays(context, 6)];
  return context;
}

function watchOnce(context: TestJobContext): Promise<void> {
  return watch(attempt<"watch">({}), context);
}

describe("the watch", () => {
  it("tells the service's channel once, calmly, what it saw and how to look into it", async () => {
    const context = watchedContext();

    await watchOnce(context);
    await watchOnce(context);

    expect(context.messenger.said().map(({ channelId, message }) => ({ channelId, message }))).toEqual([
      {
        channelId: "C0ALERTS",
        message: {
          text: expect.stringMatching(
            /^web is out of the ordinary since 13:50 UTC\. Requests (5,9|6,0)\d\d a minute, usually at this time (99\d|1,00\d) \(6(\.\d)? ×\)\.$/,
          ),
          blocks: [
            {
              type: "section",
              expand: true,
              text: expect.objectContaining({ text: expect.stringMatching(/^\*web\* is out/) }),
            },
            {
              type: "context",
              elements: [expect.objectContaining({ text: "Nothing was changed. To find out why: `/spike web 1h`" })],
            },
          ],
        },
      },
    ]);
  });

  it("reads twenty days, which CloudWatch has by five minutes", async () => {
    const context = watchedContext();

    await watchOnce(context);

    const endMs = context.clock.now();
    expect(context.metrics.reads).toEqual([{ startMs: endMs - 20 * DAY_MS, endMs }]);
  });

  it("tells of errors and latency in the same message, and of latency once", async () => {
    const context = watchedContext();
    const secs = { unit: "seconds", aggregation: "mean" } as const;
    const slow = threeDays(context, 6).values.map((value) => (value ?? 0) / 50_000);
    context.metrics.series = [
      threeDays(context, 6, { metric: "latencyP95", ...secs, values: slow }),
      threeDays(context, 6, { metric: "latency", ...secs, values: slow }),
      threeDays(context, 1, { metric: "requests" }),
      threeDays(context, 6, { metric: "errors5xx" }),
      threeDays(context, 6, { metric: "cpu", unit: "percent", aggregation: "mean" }),
    ];

    await watchOnce(context);

    const [said, ...more] = context.messenger.said();
    expect(more).toEqual([]);
    expect(said?.message.text).toMatch(
      /UTC\. 5xx errors (5,9|6,0)\d\d a minute, .* Mean latency (59|60)\d ms, usually at this time (99|100|101) ms \(6(\.\d)? ×\)\.$/,
    );
  });

  it("tells of another episode, hours later", async () => {
    const context = watchedContext();
    await watchOnce(context);
    context.clock.advance(8 * HOUR_MS);
    context.metrics.series = [threeDays(context, 12)];

    await watchOnce(context);

    expect(context.messenger.said()).toHaveLength(2);
  });

  it("says that it has no other days to compare with", async () => {
    const context = watchedContext();
    const whole = threeDays(context, 6);
    const values = whole.values.slice(-150);
    context.metrics.series = [{ ...whole, values, startMs: whole.startMs + (STEPS - 150) * STEP_MS }];

    await watchOnce(context);

    const said = JSON.stringify(context.messenger.said()[0]?.message);
    expect(said).toMatch(/in the hours before (99\d|1,00\d) \(6/);
    expect(said).toContain("There is no seasonal baseline yet");
  });

  it.each([
    ["nothing is out of the ordinary", (context: TestJobContext) => [threeDays(context, 1)]],
    ["there are no metrics", () => []],
    ["the metrics have no value", (context: TestJobContext) => [threeDays(context, 1, { values: [null, null] })]],
    ["what it was is over", (context: TestJobContext) => [threeDays(context, 6, {}, 3)].map(quietSince)],
  ])("is silent where %s", async (_, series) => {
    const context = watchedContext();
    context.metrics.series = series(context);

    await watchOnce(context);

    expect(context.messenger.said()).toEqual([]);
  });

  it("asks nothing of a service that is not watched, which is the default, or has no metrics", async () => {
    const unwatched = watchedContext("services: { web: { metrics: { kind: cloudwatch } } }");
    const without = withWeb(watchedContext(), { metrics: null });

    await watchOnce(unwatched);
    await watchOnce(without);

    expect(unwatched.metrics.reads).toEqual([]);
    expect([...unwatched.messenger.said(), ...without.messenger.said()]).toEqual([]);
  });

  it("tells it with the next look where Slack was away, and fails so that the log says so", async () => {
    const context = watchedContext();
    context.messenger.failWith(new UpstreamError("slack-down", "Slack does not answer", { retryable: true }));
    await expect(watchOnce(context)).rejects.toThrow("1 services could not be watched");
    context.messenger.failWith(null);

    await watchOnce(context);
    await watchOnce(context);

    expect(context.messenger.said()).toHaveLength(1);
  });

  it("looks at the others where one cannot be read, and tells nobody about it", async () => {
    const yaml = `${WATCHED}\n  api:\n    metrics: { kind: cloudwatch }\n    watch: { channel: C0ALERTS }`;
    const context = watchedContext(yaml);
    const web = context.services["web"] as TestJobContext["services"][string];
    const failing = { read: () => Promise.reject(new UpstreamError("aws-down", "AWS is away", { retryable: true })) };
    const both = { ...context, services: { web: { ...web, metrics: failing }, api: web } };

    const error = await watchOnce(both).catch((thrown: unknown) => thrown);
    await tellFailure({ name: "watch", payload: {}, error }, both);

    expect(error).toBeInstanceOf(AggregateError);
    expect(context.messenger.said().map(({ message }) => message.text.slice(0, 4))).toEqual(["api "]);
  });

  it("beside another tells it once", async () => {
    const context = watchedContext();

    await Promise.all([watchOnce(context), watchOnce(context)]);

    expect(context.messenger.said()).toHaveLength(1);
  });

  it("never tells it twice, whenever its worker dies", async () => {
    const steps = await stepsOf(watchedContext(), watchOnce);

    for (let step = 1; step <= steps; step += 1) {
      for (const moment of ["before", "after"] as const) {
        const world = watchedContext();
        await watchOnce(mortal(world, step, moment).context).catch(() => {});
        await watchOnce(world);

        expect(world.messenger.said().length).toBeLessThanOrEqual(1);
      }
    }
  });
});

/** Two hours later, all that time as usual. */
function quietSince(series: MetricSeries): MetricSeries {
  const quiet = series.values.slice(100, 124);
  return { ...series, startMs: series.startMs - quiet.length * STEP_MS, values: [...series.values, ...quiet] };
}
