import { describe, expect, it } from "@jest/globals";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import { assembleSeries } from "../../src/metrics/assemble.ts";
import { metricCatalogue } from "../../src/metrics/catalogue.ts";

const catalogue = metricCatalogue(
  { kind: "cloudwatch", loadBalancer: "app/a/1", targetGroup: "targetgroup/t/2", autoScalingGroup: "g", webAcl: "w" },
  "eu-west-1",
);
const steps = (count: number) => ({ startMs: 0, stepMs: MINUTE_MS, count });

/** Points by minute, of one metric and its parts. */
function found(metric: string, ...parts: Readonly<Record<number, number>>[]) {
  const entry = catalogue.find((candidate) => candidate.metric === metric);
  if (entry === undefined) throw new Error(`no ${metric}`);
  const points = parts.map((part) =>
    Object.entries(part).map(([minute, value]) => ({ atMs: Number(minute) * MINUTE_MS, value })),
  );
  return { entry, parts: points };
}

const valuesOf = (series: ReturnType<typeof assembleSeries>) =>
  Object.fromEntries(series.map(({ metric, values }) => [metric, values]));

describe("metrics laid on steps", () => {
  it("have no gaps in counts between the first and the last minute with requests, and know nothing outside", () => {
    const series = assembleSeries([found("requests", { 1: 50, 4: 70 })], steps(6));

    expect(valuesOf(series)).toEqual({ requests: [null, 50, 0, 0, 70, null] });
  });

  it("have no errors where requests are known and none was reported", () => {
    const series = assembleSeries(
      [found("requests", { 0: 5, 3: 5 }), found("errors5xx", { 2: 4 }, {}), found("blockedRequests", { 1: 9 })],
      steps(5),
    );

    expect(valuesOf(series)).toMatchObject({ errors5xx: [0, 0, 4, 0, null], blockedRequests: [0, 9, 0, 0, null] });
  });

  it("add up what targets and balancer answered", () => {
    const series = assembleSeries([found("errors5xx", { 0: 4, 1: 1 }, { 1: 2 })], steps(2));

    expect(valuesOf(series)).toEqual({ errors5xx: [4, 3] });
  });

  it("leave gaps where a level was not measured", () => {
    const series = assembleSeries([found("requests", { 0: 5, 2: 5 }), found("latency", { 0: 0.2, 2: 0.4 })], steps(3));

    expect(valuesOf(series)["latency"]).toEqual([0.2, null, 0.4]);
  });

  it("leave out what has no value at all", () => {
    const series = assembleSeries(
      [found("requests", { 0: 5 }), found("errors5xx", {}, {}), found("cpu", {})],
      steps(1),
    );

    expect(series.map(({ metric }) => metric)).toEqual(["requests"]);
  });

  it("take a host's value every five minutes for what it is", () => {
    const series = assembleSeries([found("cpu", { 2: 30, 7: 40, 17: 50 })], steps(20));

    expect(series).toEqual([
      {
        metric: "cpu",
        unit: "percent",
        aggregation: "mean",
        startMs: 2 * MINUTE_MS,
        stepMs: 5 * MINUTE_MS,
        values: [30, 40, null, 50],
      },
    ]);
  });

  it("add up disks of both sorts, every five minutes too", () => {
    const [disk] = assembleSeries([found("diskRead", { 1: 300, 6: 500 }, { 1: 30, 6: 50 })], steps(10));

    expect(disk).toMatchObject({ metric: "diskRead", stepMs: 5 * MINUTE_MS, values: [330, 550] });
  });

  it("leave out points beside the steps", () => {
    expect(assembleSeries([found("cpu", { 9: 30 })], steps(2))).toEqual([]);
  });
});
