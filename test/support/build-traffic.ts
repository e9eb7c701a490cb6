import type { AnalysisInput } from "../../src/domain/analysis-input.ts";
import { detectOnset } from "../../src/domain/onset.ts";
import { pathTemplate } from "../../src/domain/path-template.ts";
import { MINUTE_MS, type TimeWindow } from "../../src/domain/time-window.ts";
import type {
  Breakdown,
  Dimension,
  DimensionBreakdown,
  SliceRow,
  TrafficCounts,
  TrafficSeries,
} from "../../src/domain/traffic.ts";

/** One request, as a log would have it. */
export interface Hit {
  readonly atMs: number;
  readonly ip: string;
  readonly userAgent: string;
  readonly path: string;
  readonly host: string;
  readonly refererHost: string | null;
  readonly status: number;
  readonly bytes: number;
}

/** Counts requests as a log engine would; the plain and slow way, over all of them. */
export function buildSeries(hits: readonly Hit[], window: TimeWindow): TrafficSeries {
  const steps = Math.ceil((window.endMs - window.startMs) / MINUTE_MS);
  const requests = new Array<number>(steps).fill(0);
  const bytes = new Array<number>(steps).fill(0);
  const errors = new Array<number>(steps).fill(0);
  const clients = Array.from({ length: steps }, () => new Set<string>());
  for (const hit of hits) {
    const step = Math.floor((hit.atMs - window.startMs) / MINUTE_MS);
    if (step < 0 || step >= steps) continue;
    requests[step] = (requests[step] ?? 0) + 1;
    bytes[step] = (bytes[step] ?? 0) + hit.bytes;
    errors[step] = (errors[step] ?? 0) + Number(hit.status >= 500);
    clients[step]?.add(hit.ip);
  }
  return {
    startMs: window.startMs,
    stepMs: MINUTE_MS,
    requests,
    bytes,
    errors,
    clients: clients.map((seen) => seen.size),
  };
}

const READ_VALUE: Partial<Record<Dimension, (hit: Hit) => string | null>> = {
  ip: (hit) => hit.ip,
  net: (hit) => `${hit.ip.split(".").slice(0, 3).join(".")}.0/24`,
  userAgent: (hit) => hit.userAgent,
  pathTemplate: (hit) => pathTemplate(hit.path),
  host: (hit) => hit.host,
  refererHost: (hit) => hit.refererHost,
  status: (hit) => String(hit.status),
};

/** Divides requests by the dimensions that a verdict is looked for in. */
function buildBreakdown(hits: readonly Hit[], baselineWindow: TimeWindow, spikeWindow: TimeWindow): Breakdown {
  const baseline = within(hits, baselineWindow);
  const spike = within(hits, spikeWindow);
  const by: Partial<Record<Dimension, DimensionBreakdown>> = {};
  for (const [dimension, readValue] of Object.entries(READ_VALUE)) {
    by[dimension as Dimension] = divide(baseline, spike, readValue);
  }
  return { baselineWindow, spikeWindow, baseline: count(baseline), spike: count(spike), by };
}

function within(hits: readonly Hit[], window: TimeWindow): readonly Hit[] {
  return hits.filter((hit) => hit.atMs >= window.startMs && hit.atMs < window.endMs);
}

function count(hits: readonly Hit[]): TrafficCounts {
  return {
    requests: hits.length,
    bytes: hits.reduce((total, hit) => total + hit.bytes, 0),
    errors: hits.filter((hit) => hit.status >= 500).length,
    clients: new Set(hits.map((hit) => hit.ip)).size,
    backendSecs: null,
    cacheMisses: null,
  };
}

function divide(
  baseline: readonly Hit[],
  spike: readonly Hit[],
  readValue: (hit: Hit) => string | null,
): DimensionBreakdown {
  const groups = new Map<string, { baseline: Hit[]; spike: Hit[] }>();
  const unknown = { baselineRequests: 0, spikeRequests: 0 };
  const sort = (hits: readonly Hit[], window: "baseline" | "spike") => {
    for (const hit of hits) {
      const value = readValue(hit);
      if (value === null) {
        unknown[`${window}Requests`]++;
        continue;
      }
      const group = groups.get(value) ?? { baseline: [], spike: [] };
      group[window].push(hit);
      groups.set(value, group);
    }
  };
  sort(baseline, "baseline");
  sort(spike, "spike");
  const rows: SliceRow[] = [...groups].map(([value, group]) => ({
    value,
    baseline: count(group.baseline),
    spike: count(group.spike),
    firstSeenMs: [...group.baseline, ...group.spike].reduce((first, { atMs }) => Math.min(first, atMs), Infinity),
  }));
  rows.sort(
    (a, b) =>
      b.spike.requests - a.spike.requests || b.baseline.requests - a.baseline.requests || (a.value < b.value ? -1 : 1),
  );
  return { rows, distinct: rows.length, unknown };
}

export const NO_LIMITS: AnalysisInput["limits"] = {
  neverBlock: [],
  blockSecs: 3_600,
  maxAddresses: 100,
  capacity: { min: 2, max: 20, desired: 2, running: 2 },
  instanceHourUsd: 0.1,
  blocked: [],
  mayBlock: true,
  offersForPast: false,
};

/** Does with requests what an investigation does with a log: finds the onset, and divides what is before and after. */
export function buildInput(
  hits: readonly Hit[],
  window: TimeWindow,
  limits: Partial<AnalysisInput["limits"]> = {},
): AnalysisInput {
  const series = buildSeries(hits, window);
  const onset = detectOnset(series);
  const splitMs = onset?.onsetMs ?? (window.startMs + window.endMs) / 2;
  const baseline = { startMs: window.startMs, endMs: splitMs };
  const spike = { startMs: splitMs, endMs: onset?.endMs ?? window.endMs };
  return {
    service: "web",
    series,
    onset,
    breakdown: buildBreakdown(hits, baseline, spike),
    metrics: [],
    limits: { ...NO_LIMITS, ...limits },
  };
}
