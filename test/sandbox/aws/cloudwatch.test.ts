import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type MetricDataQuery,
} from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { LOAD_BALANCER } from "../../../src/sandbox/site/estate.ts";
import { crawledSite, OPEN_MS, type OpenAccount, openAccount } from "./open-account.ts";

const MINUTE_MS = 60_000;
const THIS_MINUTE_MS = Math.floor(OPEN_MS / MINUTE_MS) * MINUTE_MS;
const HOUR_START_MS = Math.floor(OPEN_MS / 3_600_000) * 3_600_000;

let account: OpenAccount;
let cloudWatch: CloudWatchClient;

beforeAll(async () => {
  account = await openAccount(crawledSite());
  cloudWatch = new CloudWatchClient(account.client);
});

afterAll(async () => {
  cloudWatch.destroy();
  await account.server.close();
});

function query(
  name: string,
  stat: string,
  options: { periodSecs?: number; unit?: "Bytes" | "Count" } = {},
): MetricDataQuery {
  return {
    Id: `q_${name.toLowerCase()}_${stat.toLowerCase()}`,
    MetricStat: {
      Metric: {
        Namespace: "AWS/ApplicationELB",
        MetricName: name,
        Dimensions: [{ Name: "LoadBalancer", Value: LOAD_BALANCER }],
      },
      Period: options.periodSecs ?? 60,
      Stat: stat,
      ...(options.unit === undefined ? {} : { Unit: options.unit }),
    },
  };
}

async function read(queries: MetricDataQuery[], minutes = 5): Promise<{ atMs: number[]; values: number[] }[]> {
  const { MetricDataResults } = await cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(THIS_MINUTE_MS - minutes * MINUTE_MS),
      EndTime: new Date(OPEN_MS),
      MetricDataQueries: queries,
    }),
  );
  return (MetricDataResults ?? []).map((result) => ({
    atMs: (result.Timestamps ?? []).map((time) => time.getTime()),
    values: result.Values ?? [],
  }));
}

describe("the stand-in for CloudWatch", () => {
  it("gives the full minutes, the newest first", async () => {
    const [requests] = await read([query("RequestCount", "Sum")]);

    expect(requests?.atMs).toEqual([1, 2, 3, 4, 5].map((minutes) => THIS_MINUTE_MS - minutes * MINUTE_MS));
    const counted = account.world.ledgers.web.between(THIS_MINUTE_MS - MINUTE_MS, THIS_MINUTE_MS)?.requests;
    expect(requests?.values[0]).toBe(counted);
  });

  it("adds minutes up to longer periods", async () => {
    const [minutes, all] = await read([
      query("RequestCount", "Sum"),
      query("RequestCount", "SampleCount", { periodSecs: 3600 }),
    ]);

    const sum = account.world.ledgers.web.between(HOUR_START_MS, THIS_MINUTE_MS)?.requests;
    expect(all?.values).toEqual([sum]);
    expect(minutes?.values).toHaveLength(5);
  });

  it("gives mean and percentile of the latency", async () => {
    const [mean, p50, p95] = await read([
      query("TargetResponseTime", "Average"),
      query("TargetResponseTime", "p50"),
      query("TargetResponseTime", "p95"),
    ]);

    expect(p95?.values[0]).toBeGreaterThan(mean?.values[0] ?? Number.NaN);
    expect(mean?.values[0]).toBeGreaterThan((p50?.values[0] ?? Number.NaN) / 2);
  });

  it("gives processor use by scaling group, healthy hosts by target group", async () => {
    const metric = (namespace: string, name: string, dimensions: Record<string, string>): MetricDataQuery => ({
      Id: name.toLowerCase(),
      MetricStat: {
        Metric: {
          Namespace: namespace,
          MetricName: name,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        Period: 60,
        Stat: "Average",
      },
    });

    const [cpu, healthy, blocked] = await read([
      metric("AWS/EC2", "CPUUtilization", { AutoScalingGroupName: "web" }),
      metric("AWS/ApplicationELB", "HealthyHostCount", {
        TargetGroup: "targetgroup/web/73e2d6bc24d8a067",
        LoadBalancer: LOAD_BALANCER,
      }),
      metric("AWS/WAFV2", "BlockedRequests", { WebACL: "web", Rule: "ALL", Region: "eu-west-1" }),
    ]);

    expect(cpu?.values[0]).toBeGreaterThan(50);
    expect(healthy?.values).toEqual([2, 2, 2, 2, 2]);
    expect(blocked?.values).toEqual([]);
  });

  it("gives nothing for a metric that is not there, or not kept in that unit", async () => {
    const nothing = await read([query("NoSuchMetric", "Sum"), query("RequestCount", "Sum", { unit: "Bytes" })]);

    expect(nothing).toEqual([
      { atMs: [], values: [] },
      { atMs: [], values: [] },
    ]);
  });

  it.each<[what: string, queries: MetricDataQuery[], minutes: number]>([
    ["ids that come twice", [query("RequestCount", "Sum"), query("RequestCount", "Sum")], 5],
    ["expressions", [{ Id: "e", Expression: "1 + 1" }], 5],
    ["a window that ends before it begins", [query("RequestCount", "Sum")], -10],
  ])("refuses %s", async (_what, queries, minutes) => {
    await expect(read(queries, minutes)).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("says which operation it does not know", async () => {
    await expect(cloudWatch.send(new DescribeAlarmsCommand({}))).rejects.toMatchObject({
      name: "UnknownOperationException",
    });
  });
});
