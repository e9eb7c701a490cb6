import { isCacheMiss } from "../../src/domain/cache-words.ts";
import { pathTemplate } from "../../src/domain/path-template.ts";
import type { TimeWindow } from "../../src/domain/time-window.ts";
import type { Dimension, Intake, TrafficCounts, TrafficFilter } from "../../src/domain/traffic.ts";
import { UserError } from "../../src/errors.ts";
import { hostOfReferer, networkOfClient } from "../../src/logs/derived-values.ts";
import type { LogReader, LogSlice } from "../../src/ports.ts";
import { divide, dividePairs } from "./fake-breakdown.ts";
import { countDistinct, countNewcomers, countRepeats, summariseLatencies } from "./fake-questions.ts";

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
  readonly query?: string;
  readonly queryKeys?: string;
  readonly scheme?: string;
  readonly cache?: string;
  readonly tls?: string;
  readonly node?: string;
  readonly target?: string;
  readonly bytes?: number;
  readonly totalSecs?: number;
  readonly backendSecs?: number;
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
  const knowsQuery = requests.some(({ query }) => query !== undefined);

  function sides(question: { baseline: TimeWindow; spike: TimeWindow; filter?: TrafficFilter }) {
    const matching = requests.filter((request) => passes(request, question.filter));
    return {
      before: matching.filter(({ atMs }) => isWithin(atMs, question.baseline)),
      during: matching.filter(({ atMs }) => isWithin(atMs, question.spike)),
    };
  }

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
    async breakdown(question) {
      const { before, during } = sides(question);
      return {
        baselineWindow: question.baseline,
        spikeWindow: question.spike,
        baseline: count(before),
        spike: count(during),
        by: Object.fromEntries(question.dimensions.map((name) => [name, divide(before, during, name, question)])),
      };
    },
    async pairs(question) {
      const { before, during } = sides(question);
      return dividePairs(before, during, question);
    },
    async percentiles(question) {
      const { before, during } = sides(question);
      return summariseLatencies(before, during, question);
    },
    async repeats(question) {
      const { before, during } = sides(question);
      return countRepeats(before, during, question.withinSecs, knowsQuery);
    },
    async newcomers(question) {
      const { before, during } = sides(question);
      return countNewcomers(before, during, question);
    },
    async distinct(question) {
      const { before, during } = sides(question);
      return countDistinct(before, during, question.dimensions);
    },
    async close() {
      onClose();
    },
  };
}

/** Gives what a request is counted by in a dimension; null where it is unknown. */
export function valueIn(request: FakeRequest, dimension: Dimension): string | null {
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

/** Counts requests as the engines do: what is known of none is null, and sums of seconds are exact to the microsecond. */
export function count(requests: readonly FakeRequest[]): TrafficCounts {
  const backendSecs = requests.flatMap((request) => request.backendSecs ?? []);
  const caches = requests.flatMap(({ cache }) => cache ?? []);
  return {
    requests: requests.length,
    bytes: requests.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
    errors: requests.filter(({ status }) => (status ?? 0) >= 500).length,
    clients: new Set(requests.flatMap(({ ip }) => ip ?? [])).size,
    backendSecs:
      backendSecs.length === 0 ? null : backendSecs.reduce((sum, secs) => sum + Math.round(secs * 1e6), 0) / 1e6,
    cacheMisses: caches.length === 0 ? null : caches.filter(isCacheMiss).length,
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
