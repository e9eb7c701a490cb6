import type { TimeWindow } from "../../src/domain/time-window.ts";
import type { Dimension, DistinctValues, Newcomers, TrafficSeries } from "../../src/domain/traffic.ts";
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
    ...(knows(({ totalSecs }) => totalSecs !== undefined) && {
      totalSecs: steps.map(totalSecs),
      slow: steps.map((step) => step.filter(({ totalSecs = 0 }) => totalSecs >= 1).length),
    }),
    ...(knows(({ cache }) => cache !== undefined) && {
      cacheMisses: counts.map(({ cacheMisses }) => cacheMisses ?? 0),
    }),
  };
}

export function countNewcomers(
  before: Requests,
  during: Requests,
  {
    baseline,
    spike,
    stepMs,
    dimension = "ip",
  }: { baseline: TimeWindow; spike: TimeWindow; stepMs: number; dimension?: "ip" | "net" },
): Newcomers {
  const filled = [baseline, spike].filter(({ startMs, endMs }) => startMs < endMs);
  const startMs = filled.length === 0 ? spike.startMs : Math.min(...filled.map((window) => window.startMs));
  const endMs = filled.length === 0 ? spike.startMs : Math.max(...filled.map((window) => window.endMs));
  const clients = new Array<number>(Math.ceil((endMs - startMs) / stepMs)).fill(0);
  const seen = new Set<string>();
  for (const request of [...before, ...during].sort((a, b) => a.atMs - b.atMs)) {
    const client = valueIn(request, dimension);
    if (client === null || seen.has(client)) continue;
    seen.add(client);
    const step = Math.floor((request.atMs - startMs) / stepMs);
    clients[step] = (clients[step] ?? 0) + 1;
  }
  const clientsOf = (requests: Requests) => requests.flatMap((request) => valueIn(request, dimension) ?? []);
  const usual = new Set(clientsOf(before));
  const there = new Set(clientsOf(during));
  const spikeClients = clientsOf(during);
  return {
    clients: {
      baseline: usual.size,
      spike: there.size,
      both: [...there].filter((client) => usual.has(client)).length,
    },
    spikeRequests: {
      newcomers: spikeClients.filter((client) => !usual.has(client)).length,
      returning: spikeClients.filter((client) => usual.has(client)).length,
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
