import type { ServiceConfig } from "../config/service.ts";
import type { MetricSeries } from "../domain/traffic.ts";

/** One metric as AWS keeps it. */
export interface AwsMetric {
  readonly namespace: string;
  readonly name: string;
  /** All that the metric is kept by: with one more or less CloudWatch finds nothing, and no error. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Where it is kept, if not in the service's region. */
  readonly region?: string;
}

/** One metric of ours, and where it comes from. */
export interface CatalogueEntry extends Pick<MetricSeries, "metric" | "unit" | "aggregation"> {
  readonly stat: "Sum" | "Average" | "p95";
  /** Added up: what the balancer answered itself and what the targets answered are counted apart. */
  readonly parts: readonly AwsMetric[];
  /** AWS reports it only when there was one, so that within what is covered no value means none. */
  readonly isZeroWhenMissing: boolean;
}

/**
 * Lists what is asked for a service.
 *
 * `requests` are those that the balancer passed on; what a firewall stopped before is in `blockedRequests`, and what it
 * challenged in `challengedRequests`, which is asked for where there is a rule that does so.
 *
 * @source https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 * @source https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html
 * @source https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html
 * @source https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html
 * @source https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html
 */
export function metricCatalogue(
  config: NonNullable<ServiceConfig["metrics"]>,
  region: string,
  { hasChallenge = false }: { readonly hasChallenge?: boolean } = {},
): readonly CatalogueEntry[] {
  const { loadBalancer, targetGroup, autoScalingGroup, webAcl, s3, distribution } = config;
  return [
    ...(loadBalancer === undefined ? [] : balancerEntries(loadBalancer, targetGroup)),
    ...(autoScalingGroup === undefined ? [] : hostEntries(autoScalingGroup)),
    ...(webAcl === undefined ? [] : stoppedEntries(webAcl, region, hasChallenge)),
    ...(s3 === undefined ? [] : bucketEntries(s3)),
    ...(distribution === undefined ? [] : edgeEntries(distribution)),
  ];
}

function balancerEntries(LoadBalancer: string, TargetGroup: string | undefined): CatalogueEntry[] {
  const of = (name: string, extra: Readonly<Record<string, string>> = {}): AwsMetric => ({
    namespace: "AWS/ApplicationELB",
    name,
    dimensions: { LoadBalancer, ...extra },
  });
  const counted = { unit: "count", aggregation: "sum", stat: "Sum", isZeroWhenMissing: true } as const;
  const timed = { unit: "seconds", aggregation: "mean", isZeroWhenMissing: false } as const;
  return [
    { metric: "requests", ...counted, parts: [of("RequestCount")] },
    { metric: "errors4xx", ...counted, parts: [of("HTTPCode_Target_4XX_Count"), of("HTTPCode_ELB_4XX_Count")] },
    { metric: "errors5xx", ...counted, parts: [of("HTTPCode_Target_5XX_Count"), of("HTTPCode_ELB_5XX_Count")] },
    { metric: "latency", ...timed, stat: "Average", parts: [of("TargetResponseTime")] },
    { metric: "latencyP95", ...timed, stat: "p95", parts: [of("TargetResponseTime")] },
    // The nodes' counts of one minute add up; over five, a minute's share of the sum is the mean of the minutes.
    { metric: "connections", ...counted, parts: [of("ActiveConnectionCount")] },
    { metric: "newConnections", ...counted, parts: [of("NewConnectionCount")] },
    ...(TargetGroup === undefined
      ? []
      : [
          {
            metric: "healthyHosts",
            unit: "count",
            aggregation: "mean",
            stat: "Average",
            isZeroWhenMissing: false,
            parts: [of("HealthyHostCount", { TargetGroup })],
          } as const,
        ]),
  ];
}

function hostEntries(AutoScalingGroupName: string): CatalogueEntry[] {
  const of = (...names: readonly string[]): AwsMetric[] =>
    names.map((name) => ({ namespace: "AWS/EC2", name, dimensions: { AutoScalingGroupName } }));
  const bytes = { unit: "bytes", aggregation: "sum", stat: "Sum", isZeroWhenMissing: false } as const;
  return [
    {
      metric: "cpu",
      unit: "percent",
      aggregation: "mean",
      stat: "Average",
      isZeroWhenMissing: false,
      parts: of("CPUUtilization"),
    },
    { metric: "bytesIn", ...bytes, parts: of("NetworkIn") },
    { metric: "bytesOut", ...bytes, parts: of("NetworkOut") },
    // Volumes of EBS and disks in the host are counted apart.
    { metric: "diskRead", ...bytes, parts: of("EBSReadBytes", "DiskReadBytes") },
    { metric: "diskWrite", ...bytes, parts: of("EBSWriteBytes", "DiskWriteBytes") },
  ];
}

function stoppedEntries(WebACL: string, Region: string, hasChallenge: boolean): CatalogueEntry[] {
  const counted = { unit: "count", aggregation: "sum", stat: "Sum", isZeroWhenMissing: true } as const;
  const of = (name: string): AwsMetric[] => [
    { namespace: "AWS/WAFV2", name, dimensions: { WebACL, Region, Rule: "ALL" } },
  ];
  return [
    { metric: "blockedRequests", ...counted, parts: of("BlockedRequests") },
    ...(hasChallenge
      ? [{ metric: "challengedRequests", ...counted, parts: of("ChallengeRequests") } satisfies CatalogueEntry]
      : []),
  ];
}

/** S3 delivers these as well as it can: a minute without a value may be late or lost. */
function bucketEntries({ bucket, filterId }: { readonly bucket: string; readonly filterId: string }): CatalogueEntry[] {
  const of = (name: string): AwsMetric[] => [
    { namespace: "AWS/S3", name, dimensions: { BucketName: bucket, FilterId: filterId } },
  ];
  const summed = { aggregation: "sum", stat: "Sum", isZeroWhenMissing: false } as const;
  return [
    { metric: "s3Gets", unit: "count", ...summed, parts: of("GetRequests") },
    { metric: "s3BytesOut", unit: "bytes", ...summed, parts: of("BytesDownloaded") },
  ];
}

/** CloudFront is everywhere, and keeps its metrics here. They come minutes late, so that none means nothing yet. */
const EDGE_REGION = "us-east-1";

function edgeEntries(DistributionId: string): CatalogueEntry[] {
  const of = (name: string): AwsMetric[] => [
    { namespace: "AWS/CloudFront", name, dimensions: { DistributionId, Region: "Global" }, region: EDGE_REGION },
  ];
  const summed = { aggregation: "sum", stat: "Sum", isZeroWhenMissing: false } as const;
  return [
    { metric: "edgeRequests", unit: "count", ...summed, parts: of("Requests") },
    { metric: "edgeBytesOut", unit: "bytes", ...summed, parts: of("BytesDownloaded") },
    {
      metric: "cacheHitRatio",
      unit: "percent",
      aggregation: "mean",
      stat: "Average",
      isZeroWhenMissing: false,
      parts: of("CacheHitRate"),
    },
  ];
}
