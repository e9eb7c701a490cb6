import { measureOf } from "../domain/address-measure.ts";
import type { Finding } from "../domain/finding.ts";
import type { Change } from "../domain/proposal.ts";
import type { Dimension, Intake, TrafficSeries } from "../domain/traffic.ts";
import type { TopTables } from "./top-values.ts";

/** The dimensions of the CLI's tables, in their order. */
export const TOP_DIMENSIONS = [
  "ip",
  "net",
  "userAgent",
  "path",
  "host",
  "referer",
  "status",
  "method",
] as const satisfies readonly Dimension[];

/** Everything that `spillway analyze` found out. */
export interface Analysis {
  readonly intake: Intake;
  /** The whole span against the baseline. */
  readonly top: TopTables;
  /** Whether the baseline is one, and not merely what came first. */
  readonly hasBaseline: boolean;
  readonly series: TrafficSeries;
  /** Null where no request is in the span. */
  readonly finding: Finding | null;
}

/** The object that `--json` prints. Its shape is public: fields are added, never changed. */
export function toJson(analysis: Analysis): object {
  const { intake, top, series, finding } = analysis;
  return {
    files: intake.files,
    lines: intake.lines,
    parsed: intake.parsed,
    recovered: intake.recovered,
    unparsed: intake.unparsed,
    skipped: intake.skipped.map(({ file, reason }) => ({ file, reason })),
    firstMs: intake.firstMs,
    lastMs: intake.lastMs,
    requests: top.requests,
    bytes: top.bytes,
    clients: top.clients,
    top: Object.fromEntries(TOP_DIMENSIONS.map((dimension) => [dimension, topRows(analysis, dimension)])),
    series: {
      startMs: series.startMs,
      stepMs: series.stepMs,
      requests: series.requests,
      errors: series.errors,
      bytes: series.bytes,
    },
    finding: finding === null ? null : findingJson(finding),
    headers: intake.headers,
    formats: intake.formats,
    detected: intake.detected,
    coverage: intake.coverage,
    lacks: intake.lacks ?? [],
  };
}

function topRows({ top, hasBaseline }: Analysis, dimension: Dimension): object[] {
  return (top.by[dimension]?.rows ?? []).map(({ value, requests, bytes, errors, baselineRequests }) => ({
    value,
    requests,
    share: top.requests === 0 ? 0 : requests / top.requests,
    bytes,
    errors,
    ...(hasBaseline ? { baselineRequests } : {}),
  }));
}

function findingJson(finding: Finding): object {
  return {
    onsetMs: finding.onset?.onsetMs ?? null,
    endMs: finding.onset?.endMs ?? null,
    verdict: finding.verdict,
    causes: finding.causes.map(({ kind, slice, suspects, excessShare, score, evidence, rivals }) => ({
      kind,
      slice,
      ...(suspects && { suspects }),
      excessShare,
      score,
      evidence,
      rivals,
    })),
    moved: finding.moved,
    unmoved: finding.unmoved,
    proposals: finding.suggestions.map(({ change, predicted }) => ({
      action: change.kind === "block" ? measureOf(change) : change.kind,
      targets: targetsOf(change),
      predicted: { excessRemoved: predicted.excessRemoved, baselineHarmed: predicted.baselineHarmed },
    })),
    measure: finding.measure ?? "requests",
    advice: finding.advice ?? [],
    details: finding.details ?? {},
  };
}

/** What a change would be made to: addresses, or how many instances there would be. */
export function targetsOf(change: Change): readonly string[] {
  switch (change.kind) {
    case "block":
      return change.addresses;
    case "scale":
      return [String(change.toInstances)];
  }
}
