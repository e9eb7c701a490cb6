import type { TimeWindow } from "../../src/domain/time-window.ts";
import type { Dimension, Intake, TrafficFilter } from "../../src/domain/traffic.ts";
import { UserError } from "../../src/errors.ts";
import type { LogReader } from "../../src/ports/log-reader.ts";
import type { LogSlice } from "../../src/ports/log-slice.ts";
import { divide, divideIntoCells, dividePairs } from "./fake-breakdown.ts";
import { findStrangers, groupClients } from "./fake-client-groups.ts";
import { addLegs, countClasses, countEndings, judge, summariseLatencies } from "./fake-durations.ts";
import { countDistinct, countNewcomers, countSteps } from "./fake-questions.ts";
import { countRepeatSteps, countRepeats, countRetries, measureRegularity } from "./fake-repeats.ts";
import { count, type FakeRequest, valueIn } from "./fake-request.ts";

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

  function sides(question: {
    baseline: TimeWindow;
    spike: TimeWindow;
    filter?: TrafficFilter;
    secs?: "backend" | "total";
  }) {
    const counted = requests.map(({ backendSecs, ...request }): FakeRequest => {
      const secs = question.secs === "total" ? request.totalSecs : backendSecs;
      return secs === undefined ? request : { ...request, backendSecs: secs };
    });
    const matching = (question.secs === "total" ? counted : requests).filter((request) =>
      passes(request, question.filter),
    );
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
      const inSteps = Array.from({ length: steps }, (_, step) =>
        matching.filter(({ atMs }) => Math.floor((atMs - window.startMs) / stepMs) === step),
      );
      return { startMs: window.startMs, stepMs, ...countSteps(inSteps) };
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
    async cube(question) {
      const { before, during } = sides(question);
      return divideIntoCells(before, during, question);
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
      return countRepeats(before, during, question, knowsQuery);
    },
    async legs(question) {
      const { before, during } = sides(question);
      return addLegs(requests, before, during);
    },
    async histogram(question) {
      const { before, during } = sides(question);
      return countClasses(before, during, question);
    },
    async apdex(question) {
      const { before, during } = sides(question);
      return judge(before, during, question.thresholdSecs);
    },
    async endings(question) {
      const { before, during } = sides(question);
      return countEndings(before, during, question);
    },
    async repeatSeries({ window, stepMs, withinSecs, filter }) {
      const matching = requests.filter((request) => isWithin(request.atMs, window) && passes(request, filter));
      return countRepeatSteps(matching, { window, stepMs, withinSecs, comparesQuery: knowsQuery });
    },
    async retries(question) {
      const { before, during } = sides(question);
      return countRetries(before, during, question.withinSecs);
    },
    async regularity({ window, filter, clients }) {
      return measureRegularity(
        requests.filter((request) => isWithin(request.atMs, window) && passes(request, filter)),
        clients,
      );
    },
    async newcomers(question) {
      const { before, during } = sides(question);
      return countNewcomers(before, during, question);
    },
    async clientGroups(question) {
      const { before, during } = sides(question);
      return groupClients(before, during, question);
    },
    async strangers(question) {
      const { before, during } = sides(question);
      return findStrangers(before, during, question);
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

function passes(request: FakeRequest, filter: TrafficFilter | undefined): boolean {
  const only = Object.entries(filter?.only ?? {}) as [Dimension, string][];
  const not = Object.entries(filter?.not ?? {}) as [Dimension, string][];
  const noneOf = Object.entries(filter?.noneOf ?? {}) as [Dimension, readonly string[]][];
  return (
    only.every(([dimension, value]) => valueIn(request, dimension) === value) &&
    not.every(([dimension, value]) => valueIn(request, dimension) !== value) &&
    noneOf.every(([dimension, values]) => !values.includes(valueIn(request, dimension) ?? ""))
  );
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
    detected: [],
    coverage: null,
    headers: 0,
  };
}

function isWithin(atMs: number, window: TimeWindow): boolean {
  return atMs >= window.startMs && atMs < window.endMs;
}
