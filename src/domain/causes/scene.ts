import type { AddressMeasure } from "../address-measure.ts";
import type { AnalysisInput } from "../analysis-input.ts";
import { type CarrierSlice, findCarriers } from "../carriers.ts";
import type { CheckedCrawler } from "../crawlers.ts";
import { withoutValues } from "../cube.ts";
import type { Measure, Onset } from "../finding.ts";
import { valuesIn } from "../movement.ts";
import { type NewcomerSplit, splitNewcomers } from "../newcomers.ts";
import type { Observations } from "../observations.ts";
import { mean, sum } from "../robust.ts";
import { type Comparison, findGuiltyClients, type GuiltySlice } from "../slices.ts";
import type { Breakdown } from "../traffic.ts";
import { type Cost, costOf } from "./cost-scene.ts";

/** What all causes are judged from: the spike, who stands out of it, and what is left without them. */
export interface Scene {
  /** What rose. */
  readonly measure: Measure;
  readonly onset: Onset;
  readonly breakdown: Breakdown;
  readonly comparison: Comparison;
  /** Clients and networks that carry the excess, the largest first. */
  readonly guilty: readonly GuiltySlice[];
  /** What the guilty explain of the excess together; may be above 1. */
  readonly guiltyShare: number;
  /** Addresses and networks under each measure already. */
  readonly standing: Readonly<Record<AddressMeasure, readonly string[]>>;
  /** What is known of the guilty that are a search engine's crawlers, or say so. */
  readonly crawlers: readonly CheckedCrawler[];
  readonly observations: Observations;
  /** Who came with the spike, the guilty left out; null where the log was not asked. */
  readonly split: NewcomerSplit | null;
  /** Slices that carry what the guilty leave of the excess requests, the largest first. */
  readonly carriers: readonly CarrierSlice[];
  /** What the requests cost the servers behind; null where the log does not tell. */
  readonly cost: Cost | null;
  readonly rest: {
    /** Requests of everybody else over what their baseline makes expect; 0 without a baseline. */
    readonly ratio: number;
    /** Excess requests that the guilty leave unexplained, never negative, and their share of all excess. */
    readonly excess: number;
    readonly excessShare: number;
    /** Distinct clients a step, the guilty ones left out, over those of the baseline; null where none was counted. */
    readonly clientsRatio: number | null;
  };
  /**
   * How surely `rest.clientsRatio` is not 1: in nats, beyond chance among all steps at which the spike might have begun.
   * Below 0 where it may be chance.
   */
  readonly clientsGain: number;
}

const CLIENT_DIMENSIONS = ["ip", "subnet", "net"] as const;

/** Prepares the numbers that the causes share. */
export function setScene(input: AnalysisInput, comparison: Comparison, onset: Onset): Scene {
  const { breakdown, observations = {}, measure = "requests" } = input;
  const guilty = findGuiltyClients(breakdown, comparison);
  const restSpike = breakdown.spike.requests - sum(guilty.map(({ row }) => row.spike.requests));
  const restBaseline = breakdown.baseline.requests - sum(guilty.map(({ row }) => row.baseline.requests));
  const restExpected = restBaseline * comparison.timeFactor;
  const excess = Math.max(0, comparison.excess - sum(guilty.map((slice) => slice.excess)));
  const { cube, groups } = observations;
  const ratioOfClients = clientsRatio(input, guilty);
  const restCube =
    cube && CLIENT_DIMENSIONS.reduce((left, name) => withoutValues(left, name, valuesOf(guilty, name)), cube);
  return {
    measure,
    onset,
    observations,
    split: groups === undefined ? null : splitNewcomers(groups, comparison.timeFactor),
    carriers: restCube === undefined ? [] : findCarriers(restCube, "requests", comparison.timeFactor),
    cost: costOf(breakdown, observations, comparison),
    breakdown,
    comparison,
    guilty,
    standing: {
      block: input.limits.blocked,
      "rate-limit": input.limits.prepared?.rateLimit?.standing ?? [],
      challenge: input.limits.prepared?.challenge?.standing ?? [],
    },
    crawlers: input.crawlers ?? [],
    guiltyShare: sum(guilty.map((slice) => slice.excessShare)),
    rest: {
      ratio: restExpected > 0 ? Math.max(0, restSpike) / restExpected : 0,
      excess,
      excessShare: comparison.excess > 0 ? Math.min(1, excess / comparison.excess) : 0,
      clientsRatio: ratioOfClients,
    },
    clientsGain: clientsGain(input, guilty, ratioOfClients),
  };
}

function clientsRatio({ series, breakdown }: AnalysisInput, guilty: readonly GuiltySlice[]): number | null {
  const clients = { startMs: series.startMs, stepMs: series.stepMs, values: series.clients };
  const usual = mean(valuesIn(clients, breakdown.baselineWindow));
  const guiltyClients = sum(guilty.map(({ row }) => row.spike.clients));
  const now = mean(valuesIn(clients, breakdown.spikeWindow)) - guiltyClients;
  return usual > 0 ? Math.max(0, now) / usual : null;
}

/** Visits last a minute or ten: the variance of how many go on at once is about twice that of how many there are. */
const VISIT_DISPERSION = 2;

/** The likelihood ratio of a ratio of two counts, by the normal approximation of its logarithm. */
function clientsGain(
  { breakdown, series }: AnalysisInput,
  guilty: readonly GuiltySlice[],
  ratio: number | null,
): number {
  if (ratio === null || ratio <= 0) return 0;
  const counted = (window: "baseline" | "spike") =>
    Math.max(1, breakdown[window].clients - sum(guilty.map(({ row }) => row[window].clients)));
  const variance = VISIT_DISPERSION * (1 / counted("baseline") + 1 / counted("spike"));
  return Math.log(ratio) ** 2 / (2 * variance) - Math.log(Math.max(1, series.requests.length));
}

function valuesOf(guilty: readonly GuiltySlice[], dimension: (typeof CLIENT_DIMENSIONS)[number]): readonly string[] {
  return guilty.filter((slice) => slice.dimension === dimension).map(({ row }) => row.value);
}

/** Where something else rose, requests have to rise well beside it to be worth a cause of their own. */
const MIN_BESIDE_RATIO = 1.2;

/** Tells whether there are more requests to explain. */
export function requestsRose({ measure, comparison }: Scene): boolean {
  return measure === "requests" || comparison.ratio >= MIN_BESIDE_RATIO;
}
