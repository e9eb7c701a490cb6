import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { expect, it } from "@jest/globals";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import { createLog } from "../../src/log.ts";
import { createCloudWatchMetrics } from "../../src/metrics/cloudwatch.ts";
import { describeWithMoto } from "../support/moto.ts";

// moto computes no percentiles, so the load balancer's metrics are tested without a server alone.
describeWithMoto("metrics over CloudWatch's protocol", (moto) => {
  it("come back as they were put, with what is missing told apart from zero", async () => {
    const startMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 30 * MINUTE_MS;
    const client = new CloudWatchClient({ ...moto.aws });
    const host = [{ Name: "AutoScalingGroupName", Value: "web" }];
    const acl = ["WebACL=acl", "Region=eu-west-1", "Rule=ALL"].map((pair) => {
      const [Name, Value] = pair.split("=");
      return { Name, Value };
    });
    const at = (minute: number) => new Date(startMs + minute * MINUTE_MS);
    await client.send(
      new PutMetricDataCommand({
        Namespace: "AWS/EC2",
        MetricData: [
          { MetricName: "CPUUtilization", Dimensions: host, Timestamp: at(0), Value: 20 },
          { MetricName: "CPUUtilization", Dimensions: host, Timestamp: at(0), Value: 40 },
          { MetricName: "CPUUtilization", Dimensions: host, Timestamp: at(2), Value: 50 },
          { MetricName: "NetworkOut", Dimensions: host, Timestamp: at(1), Value: 2_000 },
          { MetricName: "NetworkOut", Dimensions: host, Timestamp: at(1), Value: 3_000 },
          { MetricName: "NetworkOut", Dimensions: host, Timestamp: at(2), Value: 1_000 },
        ],
      }),
    );
    await client.send(
      new PutMetricDataCommand({
        Namespace: "AWS/WAFV2",
        MetricData: [0, 3].map((minute) => ({
          MetricName: "BlockedRequests",
          Dimensions: acl,
          Timestamp: at(minute),
          Value: 7,
        })),
      }),
    );
    const metrics = createCloudWatchMetrics({
      config: { kind: "cloudwatch", autoScalingGroup: "web", webAcl: "acl" },
      aws: moto.aws,
      log: createLog("silent"),
    });

    const series = await metrics.read({ startMs, endMs: startMs + 4 * MINUTE_MS });

    expect(Object.fromEntries(series.map(({ metric, values }) => [metric, values]))).toEqual({
      cpu: [30, null, 50, null],
      bytesOut: [null, 5_000, 1_000, null],
      blockedRequests: [7, 0, 0, 7],
    });
  });
});
