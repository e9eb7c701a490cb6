import type { TimeWindow } from "../../src/domain/time-window.ts";
import type {
  Dimension,
  DistinctValues,
  Latency,
  LatencyPercentiles,
  LatencySummary,
  Newcomers,
  RepeatCounts,
  Repeats,
  TrafficSeries,
} from "../../src/domain/traffic.ts";
import { count, type FakeRequest, valueIn } from "./fake-request.ts";

type Requests = readonly FakeRequest[];

export function countSteps(steps: readonly Requests[]): Omit<TrafficSeries, "startMs" | "stepMs"> {
  const counts = steps.map(count);
  const knows = (isKnown: (request: FakeRequest) => boolean) => steps.some((step) => step.some(isKnown));
  const totalSecs = (step: Requests) =>
    step.reduce((sum, request) => sum + Math.round((request.totalSecs ?? 0) * 1e6), 0) / 1e6;
  return {
    requests: counts.map(({ requests }) => requests),
    bytes: counts.map(({ bytes }) => bytes),
    errors: counts.map(({ errors }) => errors),
    clients: counts.map(({ clients }) => clients),
    ...(knows(({ backendSecs }) => backendSecs !== undefined) && {
      backendSecs: counts.map(({ backendSecs }) => backendSecs ?? 0),
    }),
    ...(knows(({ totalSecs }) => totalSecs !== undefined) && { totalSecs: steps.map(totalSecs) }),
    ...(knows(({ cache }) => cache !== undefined) && {
      cacheMisses: counts.map(({ cacheMisses }) => cacheMisses ?? 0),
    }),
  };
}

export function summariseLatencies(
  before: Requests,
  during: Requests,
  { latencies, percentiles }: { latencies: readonly Latency[]; percentiles: readonly number[] },
): LatencyPercentiles {
  const isWebSocket = ({ status }: FakeRequest) => status === 101;

  function summary(requests: Requests, latency: Latency): LatencySummary {
    const others = requests.filter((request) => !isWebSocket(request));
    const known = others.flatMap((request) => secsOf(request, latency) ?? []).sort((a, b) => a - b);
    return {
      known: known.length,
      unknown: others.length - known.length,
      secs: percentiles.map((share) => known[Math.max(1, Math.ceil(known.length * share)) - 1] ?? null),
    };
  }

  return {
    percentiles,
    webSockets: { baseline: before.filter(isWebSocket).length, spike: during.filter(isWebSocket).length },
    by: Object.fromEntries(
      latencies.map((latency) => [latency, { baseline: summary(before, latency), spike: summary(during, latency) }]),
    ),
  };
}

function secsOf(request: FakeRequest, latency: Latency): number | undefined {
  if (latency === "total") return request.totalSecs;
  return latency === "backend" ? request.backendSecs : undefined;
}

export function countRepeats(before: Requests, during: Requests, withinSecs: number, comparesQuery: boolean): Repeats {
  function countIn(requests: Requests): RepeatCounts {
    const known = requests.filter(({ ip, path }) => ip !== undefined && path !== undefined);
    const lastMs = new Map<string, number>();
    let repeats = 0;
    for (const { atMs, ip, path, query } of known.toSorted((a, b) => a.atMs - b.atMs)) {
      const key = JSON.stringify([ip, path, comparesQuery ? (query ?? null) : null]);
      if (atMs - (lastMs.get(key) ?? Number.NEGATIVE_INFINITY) <= withinSecs * 1_000) repeats += 1;
      lastMs.set(key, atMs);
    }
    return { requests: known.length, repeats, share: known.length === 0 ? null : repeats / known.length };
  }

  return { comparesQuery, baseline: countIn(before), spike: countIn(during) };
}

export function countNewcomers(
  before: Requests,
  during: Requests,
  { baseline, spike, stepMs }: { baseline: TimeWindow; spike: TimeWindow; stepMs: number },
): Newcomers {
  const filled = [baseline, spike].filter(({ startMs, endMs }) => startMs < endMs);
  const startMs = filled.length === 0 ? spike.startMs : Math.min(...filled.map((window) => window.startMs));
  const endMs = filled.length === 0 ? spike.startMs : Math.max(...filled.map((window) => window.endMs));
  const clients = new Array<number>(Math.ceil((endMs - startMs) / stepMs)).fill(0);
  const seen = new Set<string>();
  for (const { ip, atMs } of [...before, ...during].sort((a, b) => a.atMs - b.atMs)) {
    if (ip === undefined || seen.has(ip)) continue;
    seen.add(ip);
    const step = Math.floor((atMs - startMs) / stepMs);
    clients[step] = (clients[step] ?? 0) + 1;
  }
  const usual = new Set(before.flatMap(({ ip }) => ip ?? []));
  const there = new Set(during.flatMap(({ ip }) => ip ?? []));
  const spikeClients = during.flatMap(({ ip }) => ip ?? []);
  return {
    clients: {
      baseline: usual.size,
      spike: there.size,
      both: [...there].filter((ip) => usual.has(ip)).length,
    },
    spikeRequests: {
      newcomers: spikeClients.filter((ip) => !usual.has(ip)).length,
      returning: spikeClients.filter((ip) => usual.has(ip)).length,
    },
    firstSeen: { startMs, stepMs, clients },
  };
}

export function countDistinct(before: Requests, during: Requests, dimensions: readonly Dimension[]): DistinctValues {
  const distinct = (requests: Requests, dimension: Dimension) =>
    new Set(requests.flatMap((request) => valueIn(request, dimension) ?? [])).size;
  return Object.fromEntries(
    dimensions.map((dimension) => [
      dimension,
      { baseline: distinct(before, dimension), spike: distinct(during, dimension) },
    ]),
  );
}
