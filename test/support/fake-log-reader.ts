import { pathTemplate } from "../../src/domain/path-template.ts";
import type { TimeWindow } from "../../src/domain/time-window.ts";
import type {
  Breakdown,
  Dimension,
  DimensionBreakdown,
  Intake,
  TrafficCounts,
  TrafficFilter,
} from "../../src/domain/traffic.ts";
import { UserError } from "../../src/errors.ts";
import { hostOfReferer, networkOfClient } from "../../src/logs/derived-values.ts";
import type { LogReader, LogSlice } from "../../src/ports.ts";

/** One request of a made-up log; what is left out is unknown. */
export interface FakeRequest {
  readonly atMs: number;
  readonly ip?: string;
  readonly userAgent?: string;
  readonly path?: string;
  readonly host?: string;
  readonly referer?: string;
  readonly status?: number;
  readonly method?: string;
  readonly bytes?: number;
}

/** A log in memory that answers as the real one does, by plain loops. */
export function fakeLogReader(
  requests: readonly FakeRequest[],
  intake: Partial<Intake> = {},
): LogReader & { closedSlices(): number } {
  let closed = 0;
  return {
    description: "a log in memory",
    closedSlices: () => closed,
    async read({ window, onProgress, signal }) {
      signal?.throwIfAborted();
      if (intake.files === 0) throw new UserError("logs-none-readable", "No log could be read: fake.log is empty.");
      const kept = requests.filter(({ atMs }) => window === null || isWithin(atMs, window));
      const bytes = requests.length * 200;
      onProgress?.({ filesDone: 1, filesTotal: 1, linesRead: requests.length, bytesRead: bytes, bytesTotal: bytes });
      return fakeSlice(kept, { ...intakeOf(requests.length, kept), ...intake }, () => {
        closed += 1;
      });
    },
  };
}

function fakeSlice(requests: readonly FakeRequest[], intake: Intake, onClose: () => void): LogSlice {
  return {
    intake,
    async series({ window, stepMs, filter }) {
      const steps = Math.max(0, Math.ceil((window.endMs - window.startMs) / stepMs));
      const matching = requests.filter((request) => isWithin(request.atMs, window) && passes(request, filter));
      const counts = Array.from({ length: steps }, (_, step) =>
        count(matching.filter(({ atMs }) => Math.floor((atMs - window.startMs) / stepMs) === step)),
      );
      return {
        startMs: window.startMs,
        stepMs,
        requests: counts.map((step) => step.requests),
        bytes: counts.map((step) => step.bytes),
        errors: counts.map((step) => step.errors),
        clients: counts.map((step) => step.clients),
      };
    },
    async breakdown({ baseline, spike, filter, dimensions, topN }): Promise<Breakdown> {
      const matching = requests.filter((request) => passes(request, filter));
      const before = matching.filter(({ atMs }) => isWithin(atMs, baseline));
      const during = matching.filter(({ atMs }) => isWithin(atMs, spike));
      return {
        baselineWindow: baseline,
        spikeWindow: spike,
        baseline: count(before),
        spike: count(during),
        by: Object.fromEntries(dimensions.map((name) => [name, divide(before, during, name, topN)])),
      };
    },
    async close() {
      onClose();
    },
  };
}

function divide(
  before: readonly FakeRequest[],
  during: readonly FakeRequest[],
  dimension: Dimension,
  topN: number,
): DimensionBreakdown {
  const beforeOf = groupBy(before, dimension);
  const duringOf = groupBy(during, dimension);
  const values = [...new Set([...beforeOf.keys(), ...duringOf.keys()])].filter((value) => value !== null);
  const rows = values.map((value) => {
    const all = [...(beforeOf.get(value) ?? []), ...(duringOf.get(value) ?? [])];
    return {
      value,
      baseline: count(beforeOf.get(value) ?? []),
      spike: count(duringOf.get(value) ?? []),
      firstSeenMs: Math.min(...all.map(({ atMs }) => atMs)),
    };
  });
  const largest = rows.toSorted(
    (a, b) =>
      Math.max(b.spike.requests, b.baseline.requests) - Math.max(a.spike.requests, a.baseline.requests) ||
      compare(a.value, b.value),
  );
  return {
    rows: largest
      .slice(0, topN)
      .toSorted(
        (a, b) =>
          b.spike.requests - a.spike.requests || b.baseline.requests - a.baseline.requests || compare(a.value, b.value),
      ),
    distinct: values.length,
    unknown: {
      baselineRequests: beforeOf.get(null)?.length ?? 0,
      spikeRequests: duringOf.get(null)?.length ?? 0,
    },
  };
}

function groupBy(requests: readonly FakeRequest[], dimension: Dimension): Map<string | null, FakeRequest[]> {
  const groups = new Map<string | null, FakeRequest[]>();
  for (const request of requests) {
    const value = valueIn(request, dimension);
    groups.set(value, [...(groups.get(value) ?? []), request]);
  }
  return groups;
}

function valueIn(request: FakeRequest, dimension: Dimension): string | null {
  switch (dimension) {
    case "net":
      return request.ip === undefined ? null : networkOfClient(request.ip);
    case "pathTemplate":
      return request.path === undefined ? null : pathTemplate(request.path);
    case "refererHost":
      return request.referer === undefined ? null : hostOfReferer(request.referer);
    case "status":
      return request.status === undefined ? null : String(request.status);
    default:
      return request[dimension] ?? null;
  }
}

function passes(request: FakeRequest, filter: TrafficFilter | undefined): boolean {
  const only = Object.entries(filter?.only ?? {}) as [Dimension, string][];
  const not = Object.entries(filter?.not ?? {}) as [Dimension, string][];
  return (
    only.every(([dimension, value]) => valueIn(request, dimension) === value) &&
    not.every(([dimension, value]) => valueIn(request, dimension) !== value)
  );
}

function count(requests: readonly FakeRequest[]): TrafficCounts {
  return {
    requests: requests.length,
    bytes: requests.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
    errors: requests.filter(({ status }) => (status ?? 0) >= 500).length,
    clients: new Set(requests.flatMap(({ ip }) => ip ?? [])).size,
  };
}

function intakeOf(lines: number, kept: readonly FakeRequest[]): Intake {
  const times = kept.map(({ atMs }) => atMs);
  return {
    files: 1,
    lines,
    parsed: lines,
    recovered: 0,
    unparsed: 0,
    unparsedSamples: [],
    skipped: [],
    firstMs: times.length === 0 ? null : Math.min(...times),
    lastMs: times.length === 0 ? null : Math.max(...times),
    formats: { "nginx-combined": 1 },
  };
}

function isWithin(atMs: number, window: TimeWindow): boolean {
  return atMs >= window.startMs && atMs < window.endMs;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
