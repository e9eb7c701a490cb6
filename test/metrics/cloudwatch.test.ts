import { CloudWatchClient, GetMetricDataCommand, type MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { createLog } from "../../src/log.ts";
import { metricCatalogue } from "../../src/metrics/catalogue.ts";
import { createCloudWatchMetrics } from "../../src/metrics/cloudwatch.ts";

const window = { startMs: Date.parse("2026-10-01T13:00:00Z"), endMs: Date.parse("2026-10-01T13:03:00Z") };
const minute = (index: number) => new Date(window.startMs + index * 60_000);

function createMetrics(config: {
  loadBalancer?: string;
  targetGroup?: string;
  autoScalingGroup?: string;
  webAcl?: string;
  s3?: { bucket: string; filterId: string };
  distribution?: string;
}) {
  const mock = mockClient(CloudWatchClient);
  mock.on(GetMetricDataCommand).resolves({ MetricDataResults: [] });
  const metrics = createCloudWatchMetrics({
    config: { kind: "cloudwatch", ...config },
    aws: { region: "eu-west-1" },
    log: createLog("silent"),
    clock: { now: () => Date.parse("2026-10-01T14:00:00Z") },
  });
  const asked = () => mock.commandCalls(GetMetricDataCommand).map((call) => call.args[0].input);
  return { metrics, mock, asked };
}

function result(Id: string, points: Readonly<Record<number, number>>): MetricDataResult {
  return {
    Id,
    StatusCode: "Complete",
    Timestamps: Object.keys(points).map((index) => minute(Number(index))),
    Values: Object.values(points),
  };
}

describe("metrics of CloudWatch", () => {
  it("are asked for no more than those that are wanted", async () => {
    const { metrics, asked } = createMetrics({ loadBalancer: "app/web/1", autoScalingGroup: "web", webAcl: "acl" });

    await metrics.read(window, undefined, ["requests"]);

    expect(asked()).toHaveLength(1);
    expect(asked()[0]?.MetricDataQueries?.map(({ MetricStat }) => MetricStat?.Metric?.MetricName)).toEqual([
      "RequestCount",
    ]);
  });

  it("are asked for all at once, each by all of its dimensions, oldest first and without a unit", async () => {
    const { metrics, asked } = createMetrics({
      loadBalancer: "app/web/1",
      targetGroup: "targetgroup/web/2",
      autoScalingGroup: "web",
      webAcl: "acl",
      s3: { bucket: "assets", filterId: "EntireBucket" },
    });

    await metrics.read(window);

    expect(asked()).toHaveLength(1);
    expect(asked()[0]).toMatchObject({ StartTime: minute(0), EndTime: minute(3), ScanBy: "TimestampAscending" });
    const lines = asked()[0]?.MetricDataQueries?.map(({ MetricStat: stat }) => {
      const dimensions = stat?.Metric?.Dimensions?.map(({ Name, Value }) => `${Name}=${Value}`).join(" ");
      return `${stat?.Metric?.Namespace} ${stat?.Metric?.MetricName} ${stat?.Stat} ${stat?.Period} ${stat?.Unit ?? "-"} ${dimensions}`;
    });
    expect(lines).toEqual([
      "AWS/ApplicationELB RequestCount Sum 60 - LoadBalancer=app/web/1",
      "AWS/ApplicationELB HTTPCode_Target_4XX_Count Sum 60 - LoadBalancer=app/web/1",
      "AWS/ApplicationELB HTTPCode_ELB_4XX_Count Sum 60 - LoadBalancer=app/web/1",
      "AWS/ApplicationELB HTTPCode_Target_5XX_Count Sum 60 - LoadBalancer=app/web/1",
      "AWS/ApplicationELB HTTPCode_ELB_5XX_Count Sum 60 - LoadBalancer=app/web/1",
      "AWS/ApplicationELB TargetResponseTime Average 60 - LoadBalancer=app/web/1",
      "AWS/ApplicationELB TargetResponseTime p95 60 - LoadBalancer=app/web/1",
      "AWS/ApplicationELB ActiveConnectionCount Sum 60 - LoadBalancer=app/web/1",
      "AWS/ApplicationELB NewConnectionCount Sum 60 - LoadBalancer=app/web/1",
      "AWS/ApplicationELB HealthyHostCount Average 60 - LoadBalancer=app/web/1 TargetGroup=targetgroup/web/2",
      "AWS/EC2 CPUUtilization Average 60 - AutoScalingGroupName=web",
      "AWS/EC2 NetworkIn Sum 60 - AutoScalingGroupName=web",
      "AWS/EC2 NetworkOut Sum 60 - AutoScalingGroupName=web",
      "AWS/EC2 EBSReadBytes Sum 60 - AutoScalingGroupName=web",
      "AWS/EC2 DiskReadBytes Sum 60 - AutoScalingGroupName=web",
      "AWS/EC2 EBSWriteBytes Sum 60 - AutoScalingGroupName=web",
      "AWS/EC2 DiskWriteBytes Sum 60 - AutoScalingGroupName=web",
      "AWS/WAFV2 BlockedRequests Sum 60 - WebACL=acl Region=eu-west-1 Rule=ALL",
      "AWS/S3 GetRequests Sum 60 - BucketName=assets FilterId=EntireBucket",
      "AWS/S3 BytesDownloaded Sum 60 - BucketName=assets FilterId=EntireBucket",
    ]);
  });

  it("of CloudFront are asked for where it keeps them, beside the others", async () => {
    const { metrics, mock } = createMetrics({ webAcl: "acl", distribution: "E2EX" });
    mock.on(GetMetricDataCommand).callsFake(async (input: { MetricDataQueries: { Id: string }[] }) => ({
      MetricDataResults: input.MetricDataQueries.map(({ Id }) => result(Id, { 0: 5, 2: 7 })),
    }));

    const series = await metrics.read(window);

    const calls = mock.commandCalls(GetMetricDataCommand);
    const regions = await Promise.all(calls.map((call) => (call.thisValue as CloudWatchClient).config.region()));
    expect(regions).toEqual(["eu-west-1", "us-east-1"]);
    expect(calls[1]?.args[0].input.MetricDataQueries?.map(({ MetricStat: stat }) => stat?.Metric)).toEqual(
      ["Requests", "BytesDownloaded", "CacheHitRate"].map((MetricName) => ({
        Namespace: "AWS/CloudFront",
        MetricName,
        Dimensions: [
          { Name: "DistributionId", Value: "E2EX" },
          { Name: "Region", Value: "Global" },
        ],
      })),
    );
    expect(series.map(({ metric, values }) => [metric, values])).toEqual([
      ["blockedRequests", [5, 0, 7]],
      ["edgeRequests", [5, null, 7]],
      ["edgeBytesOut", [5, null, 7]],
      ["cacheHitRatio", [5, null, 7]],
    ]);
  });

  it("tell what is challenged where a rule does so, and do not ask for it elsewhere", async () => {
    const names = (hasChallenge: boolean) =>
      metricCatalogue({ kind: "cloudwatch", webAcl: "acl" }, "eu-west-1", { hasChallenge }).flatMap(({ parts }) =>
        parts.map(({ name }) => name),
      );

    expect(names(false)).toEqual(["BlockedRequests"]);
    expect(names(true)).toEqual(["BlockedRequests", "ChallengeRequests"]);
  });

  it("are put together from all pages", async () => {
    const { metrics, mock, asked } = createMetrics({ webAcl: "acl" });
    mock
      .on(GetMetricDataCommand)
      .resolvesOnce({ MetricDataResults: [{ ...result("m0p0", { 0: 4 }), StatusCode: "PartialData" }], NextToken: "2" })
      .resolvesOnce({ MetricDataResults: [result("m0p0", { 2: 6 })] });

    const series = await metrics.read(window);

    expect(asked().map(({ NextToken }) => NextToken)).toEqual([undefined, "2"]);
    expect(series).toEqual([
      {
        metric: "blockedRequests",
        unit: "count",
        aggregation: "sum",
        startMs: window.startMs,
        stepMs: 60_000,
        values: [4, 0, 6],
      },
    ]);
  });

  it("are not asked for where nothing is configured or nothing is over yet", async () => {
    const nothing = createMetrics({});
    const ahead = createMetrics({ webAcl: "acl" });

    expect(await nothing.metrics.read(window)).toEqual([]);
    expect(await ahead.metrics.read({ startMs: window.startMs + 3_600_000, endMs: window.endMs + 3_600_000 })).toEqual(
      [],
    );
    expect(nothing.asked()).toEqual([]);
    expect(ahead.asked()).toEqual([]);
  });

  it("are tried again rather than given by half", async () => {
    const { metrics, mock } = createMetrics({ webAcl: "acl" });
    mock.on(GetMetricDataCommand).resolves({
      MetricDataResults: [{ ...result("m0p0", { 0: 4 }), StatusCode: "InternalError", Label: "BlockedRequests" }],
    });

    await expect(metrics.read(window)).rejects.toMatchObject({ code: "metrics-incomplete", retryable: true });
  });

  it("say that AWS limits the calls, so that the job waits", async () => {
    const { metrics, mock } = createMetrics({ webAcl: "acl" });
    mock
      .on(GetMetricDataCommand)
      .rejects(Object.assign(new Error("Rate exceeded"), { name: "Throttling", $metadata: { httpStatusCode: 400 } }));

    await expect(metrics.read(window)).rejects.toMatchObject({ code: "aws-throttled", retryable: true });
  });
});
