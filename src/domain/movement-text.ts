import type { Movement } from "./finding.ts";
import { formatBytes, formatRatio } from "./quantity.ts";
import type { MetricName } from "./traffic.ts";

const METRIC_LABELS: Readonly<Record<MetricName, string>> = {
  requests: "requests",
  bytesOut: "bytes sent",
  bytesIn: "bytes received",
  clients: "clients",
  errors4xx: "4xx errors",
  errors5xx: "5xx errors",
  latency: "latency",
  latencyP95: "p95 latency",
  connections: "connections",
  newConnections: "new connections",
  cpu: "CPU",
  diskRead: "bytes read from disk",
  diskWrite: "bytes written to disk",
  healthyHosts: "healthy hosts",
  blockedRequests: "blocked requests",
  challengedRequests: "challenged requests",
  s3Gets: "S3 GETs",
  s3BytesOut: "bytes from S3",
  edgeRequests: "requests at the edge",
  edgeBytesOut: "bytes sent at the edge",
  cacheHitRatio: "cache hits",
};

/**
 * Writes how a metric behaved, in the figures that tell most: "bytes sent 6.1 ×", "latency 36 ms → 508 ms".
 *
 * Of what is counted that is the ratio; of times and loads people know the levels; a ratio of rare errors needs both.
 */
export function describeMovement(movement: Movement): string {
  const { metric, baseline, spike, ratio } = movement;
  const name = METRIC_LABELS[metric];
  switch (metric) {
    case "healthyHosts":
      return baseline === spike ? `${name} ${compact(spike)}` : `${name} ${compact(baseline)} → ${compact(spike)}`;
    case "cpu":
    case "cacheHitRatio":
      return `${name} ${Math.round(baseline)} % → ${Math.round(spike)} %`;
    case "latency":
    case "latencyP95":
      return `${name} ${seconds(baseline)} → ${seconds(spike)}`;
    case "errors4xx":
    case "errors5xx":
      return ratio === null ? perMinute(movement) : `${name} ${formatRatio(ratio)} (${levels(movement)} a minute)`;
    default:
      return ratio === null ? perMinute(movement) : `${name} ${formatRatio(ratio)}`;
  }
}

function perMinute(movement: Movement): string {
  return `${METRIC_LABELS[movement.metric]} ${levels(movement)} a minute`;
}

const BYTES: readonly MetricName[] = ["bytesIn", "bytesOut", "diskRead", "diskWrite", "s3BytesOut", "edgeBytesOut"];

function levels({ metric, baseline, spike }: Movement): string {
  const level = BYTES.includes(metric) ? formatBytes : compact;
  return `${level(baseline)} → ${level(spike)}`;
}

function seconds(value: number): string {
  return value < 1 ? `${Math.round(value * 1_000)} ms` : `${value.toFixed(1)} s`;
}

const COMPACT = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });
const SMALL = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 2 });

function compact(value: number): string {
  return (value < 10 ? SMALL : COMPACT).format(value);
}
