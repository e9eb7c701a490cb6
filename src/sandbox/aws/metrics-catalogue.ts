import { LOAD_BALANCER, REGION, SCALING_GROUP, TARGET_GROUP, WEB_ACL } from "../site/estate.ts";
import type { Gauge, Totals } from "../site/ledger.ts";

/** What CloudWatch keeps of a metric for a span of time; its statistics are made from it. */
export interface Datum {
  readonly sum: number;
  readonly samples: number;
  readonly min: number;
  readonly max: number;
  /** Gives the value that this share (0–1) of samples stayed within. */
  quantile(share: number): number;
}

/** A metric that the simulated account has. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  /** All of them, and no other, must be asked for. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: "Count" | "Seconds" | "Bytes" | "Percent" | "None";
  /** Null where nothing was reported: counters of errors and blocks only report when there was one. */
  read(totals: Totals): Datum | null;
}

const balancer = { LoadBalancer: LOAD_BALANCER };
const targetGroup = { LoadBalancer: LOAD_BALANCER, TargetGroup: TARGET_GROUP };
const scalingGroup = { AutoScalingGroupName: SCALING_GROUP.name };
const ELB = "AWS/ApplicationELB";

/** Every metric of the simulated account. */
export const METRICS: readonly Metric[] = [
  counter(ELB, "RequestCount", balancer, (totals) => totals.requests),
  counter(ELB, "HTTPCode_Target_2XX_Count", balancer, (totals) => totals.answered[2]),
  counter(ELB, "HTTPCode_Target_3XX_Count", balancer, (totals) => totals.answered[3]),
  counter(ELB, "HTTPCode_Target_4XX_Count", balancer, (totals) => totals.answered[4]),
  counter(ELB, "HTTPCode_Target_5XX_Count", balancer, (totals) => totals.answered[5]),
  counter(ELB, "HTTPCode_ELB_4XX_Count", balancer, (totals) => totals.blocked),
  counter(ELB, "HTTPCode_ELB_5XX_Count", balancer, (totals) => totals.balancerErrors),
  {
    namespace: ELB,
    name: "ProcessedBytes",
    dimensions: balancer,
    unit: "Bytes",
    read: (totals) => bytes(totals.receivedBytes + totals.sentBytes, 1),
  },
  { namespace: ELB, name: "TargetResponseTime", dimensions: balancer, unit: "Seconds", read: latency },
  gauge(ELB, "HealthyHostCount", targetGroup, "Count", (totals) => totals.inService),
  gauge("AWS/EC2", "CPUUtilization", scalingGroup, "Percent", (totals) => totals.cpuPercent),
  {
    namespace: "AWS/EC2",
    name: "NetworkIn",
    dimensions: scalingGroup,
    unit: "Bytes",
    read: (totals) => bytes(totals.receivedBytes, totals.inService.max),
  },
  {
    namespace: "AWS/EC2",
    name: "NetworkOut",
    dimensions: scalingGroup,
    unit: "Bytes",
    read: (totals) => bytes(totals.sentBytes, totals.inService.max),
  },
  gauge("AWS/AutoScaling", "GroupInServiceInstances", scalingGroup, "None", (totals) => totals.inService),
  counter("AWS/WAFV2", "BlockedRequests", waf("ALL"), (totals) => totals.blocked),
  counter("AWS/WAFV2", "ChallengeRequests", waf("ALL"), (totals) => totals.challenged),
  counter("AWS/WAFV2", "AllowedRequests", waf("ALL"), (totals) => totals.requests),
];

/** Finds the metric of exactly these dimensions; undefined where the account has none. */
export function findMetric(wanted: {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}): Metric | undefined {
  const names = Object.keys(wanted.dimensions);
  return METRICS.find(
    (metric) =>
      metric.namespace === wanted.namespace &&
      metric.name === wanted.name &&
      names.length === Object.keys(metric.dimensions).length &&
      names.every((name) => metric.dimensions[name] === wanted.dimensions[name]),
  );
}

function waf(rule: string): Record<string, string> {
  return { WebACL: WEB_ACL.name, Region: REGION, Rule: rule };
}

/** Each event is a sample of 1. */
function counter(
  namespace: string,
  name: string,
  dimensions: Metric["dimensions"],
  of: (totals: Totals) => number,
): Metric {
  function read(totals: Totals): Datum | null {
    const events = of(totals);
    return events === 0 ? null : { sum: events, samples: events, min: 1, max: 1, quantile: () => 1 };
  }
  return { namespace, name, dimensions, unit: "Count", read };
}

function gauge(
  namespace: string,
  name: string,
  dimensions: Metric["dimensions"],
  unit: Metric["unit"],
  of: (totals: Totals) => Gauge,
): Metric {
  function read(totals: Totals): Datum | null {
    const level = of(totals);
    // The quantiles of a level between its bounds: nobody asks for them, and a straight line is near enough.
    return level.samples === 0 ? null : { ...level, quantile: (share) => level.min + share * (level.max - level.min) };
  }
  return { namespace, name, dimensions, unit, read };
}

function latency({ latencies }: Totals): Datum | null {
  if (latencies.count() === 0) return null;
  const quantile = (share: number): number => latencies.quantileSecs(share) ?? 0;
  return { sum: latencies.sumSecs(), samples: latencies.count(), min: quantile(0), max: quantile(1), quantile };
}

function bytes(sum: number, samples: number): Datum {
  const mean = sum / Math.max(samples, 1);
  return { sum, samples: Math.max(samples, 1), min: mean, max: mean, quantile: () => mean };
}
