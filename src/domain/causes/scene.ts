import type { AnalysisInput } from "../analysis-input.ts";
import type { Onset } from "../finding.ts";
import { valuesIn } from "../movement.ts";
import { mean, sum } from "../robust.ts";
import { type Comparison, findGuiltyClients, type GuiltySlice } from "../slices.ts";
import type { Breakdown } from "../traffic.ts";

/** What all causes are judged from: the spike, who stands out of it, and what is left without them. */
export interface Scene {
  readonly onset: Onset;
  readonly breakdown: Breakdown;
  readonly comparison: Comparison;
  /** Clients and networks that carry the excess, the largest first. */
  readonly guilty: readonly GuiltySlice[];
  /** What the guilty explain of the excess together; may be above 1. */
  readonly guiltyShare: number;
  /** Addresses and networks that are blocked already. */
  readonly blocked: readonly string[];
  readonly rest: {
    /** Requests of everybody else over what their baseline makes expect; 0 without a baseline. */
    readonly ratio: number;
    /** Excess requests that the guilty leave unexplained, never negative, and their share of all excess. */
    readonly excess: number;
    readonly excessShare: number;
    /** Distinct clients a step, the guilty ones left out, over those of the baseline; null where none was counted. */
    readonly clientsRatio: number | null;
  };
}

/** Prepares the numbers that the causes share. */
export function setScene(input: AnalysisInput, comparison: Comparison, onset: Onset): Scene {
  const { breakdown } = input;
  const guilty = findGuiltyClients(breakdown, comparison);
  const restSpike = breakdown.spike.requests - sum(guilty.map(({ row }) => row.spike.requests));
  const restBaseline = breakdown.baseline.requests - sum(guilty.map(({ row }) => row.baseline.requests));
  const restExpected = restBaseline * comparison.timeFactor;
  const excess = Math.max(0, comparison.excess - sum(guilty.map((slice) => slice.excess)));
  return {
    onset,
    breakdown,
    comparison,
    guilty,
    blocked: input.limits.blocked,
    guiltyShare: sum(guilty.map((slice) => slice.excessShare)),
    rest: {
      ratio: restExpected > 0 ? Math.max(0, restSpike) / restExpected : 0,
      excess,
      excessShare: comparison.excess > 0 ? Math.min(1, excess / comparison.excess) : 0,
      clientsRatio: clientsRatio(input, guilty),
    },
  };
}

function clientsRatio({ series, breakdown }: AnalysisInput, guilty: readonly GuiltySlice[]): number | null {
  const clients = { startMs: series.startMs, stepMs: series.stepMs, values: series.clients };
  const usual = mean(valuesIn(clients, breakdown.baselineWindow));
  const guiltyClients = sum(guilty.map(({ row }) => row.spike.clients));
  const now = mean(valuesIn(clients, breakdown.spikeWindow)) - guiltyClients;
  return usual > 0 ? Math.max(0, now) / usual : null;
}
