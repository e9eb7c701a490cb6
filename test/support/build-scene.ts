import type { Cost } from "../../src/domain/causes/cost-scene.ts";
import type { Scene } from "../../src/domain/causes/scene.ts";
import type { Arrivals, NewcomerSplit } from "../../src/domain/newcomers.ts";
import { compareWindows, type GuiltySlice } from "../../src/domain/slices.ts";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import type { Breakdown, Dimension, DimensionBreakdown, SliceRow, TrafficCounts } from "../../src/domain/traffic.ts";

const START_MS = Date.UTC(2026, 10, 21, 13);
const ONSET_MS = START_MS + 60 * MINUTE_MS;

export function counts(requests: number, given: Partial<TrafficCounts> = {}): TrafficCounts {
  return {
    requests,
    bytes: 1_000 * requests,
    errors: 0,
    clients: Math.ceil(requests / 10),
    backendSecs: null,
    cacheMisses: null,
    ...given,
  };
}

export function row(value: string, baseline: number, spike: number): SliceRow {
  return {
    value,
    baseline: counts(baseline),
    spike: counts(spike),
    firstSeenMs: baseline > 0 ? START_MS : ONSET_MS,
  };
}

export function rows(...given: readonly SliceRow[]): DimensionBreakdown {
  return { rows: given, distinct: given.length, unknown: { baselineRequests: 0, spikeRequests: 0 } };
}

/** An hour of 6,000 requests before an hour of 18,000. */
export function buildBreakdown(given: Partial<Breakdown> = {}): Breakdown {
  return {
    baselineWindow: { startMs: START_MS, endMs: ONSET_MS },
    spikeWindow: { startMs: ONSET_MS, endMs: ONSET_MS + 60 * MINUTE_MS },
    baseline: counts(6_000),
    spike: counts(18_000),
    by: {},
    ...given,
  };
}

/** A spike of three times the requests that nobody stands out of, with what is given instead. */
export function buildScene(given: Partial<Scene> = {}): Scene {
  const breakdown = given.breakdown ?? buildBreakdown();
  const comparison = given.comparison ?? compareWindows(breakdown);
  return {
    measure: "requests",
    onset: { onsetMs: ONSET_MS, lowMs: ONSET_MS, highMs: ONSET_MS, endMs: null, ratio: comparison.ratio },
    breakdown,
    comparison,
    guilty: [],
    guiltyShare: 0,
    standing: { block: [], "rate-limit": [], challenge: [] },
    crawlers: [],
    observations: {},
    split: null,
    carriers: [],
    cost: null,
    rest: { ratio: comparison.ratio, excess: comparison.excess, excessShare: 1, clientsRatio: 1 },
    clientsGain: 100,
    ...given,
  };
}

export function buildArrivals(given: Partial<Arrivals> = {}): Arrivals {
  return {
    excess: 0,
    clients: 0,
    requests: 0,
    newNetShare: 0.5,
    oneTemplateShare: 0.3,
    changesAgentShare: 0,
    browserShare: 0.95,
    clientErrorShare: 0,
    agent: null,
    landing: null,
    ...given,
  };
}

export function buildSplit(given: Partial<NewcomerSplit> = {}): NewcomerSplit {
  return { tellsByAssets: true, people: buildArrivals(), programs: buildArrivals(), returningExcess: 0, ...given };
}

export function buildCost(given: Partial<Cost> = {}): Cost {
  return {
    timeFactor: 1,
    ratio: 5,
    excessSecs: 4_000,
    askedRatio: 4,
    askedShare: { baseline: 0.2, spike: 0.8 },
    secsEach: { baseline: 0.5, spike: 0.5 },
    byRequests: 0.05,
    byAsking: 0.9,
    bySlowness: 0.05,
    carriers: [],
    ...given,
  };
}

export function guiltySlice(dimension: Dimension, of: SliceRow, excessShare: number): GuiltySlice {
  return { dimension, row: of, excess: of.spike.requests - of.baseline.requests, excessShare, timesUsual: 40 };
}
