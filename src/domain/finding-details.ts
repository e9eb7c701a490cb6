/** What a finding says beside its causes: how content people are, where seconds went, what bytes and work are made of. */
import type { AnalysisInput } from "./analysis-input.ts";
import { type CarrierSlice, findCarriers } from "./carriers.ts";
import { type ConcentrationChange, concentrationOf } from "./concentration.ts";
import { costPerMonth, type MonthlyCost } from "./cost.ts";
import {
  type Decomposition,
  decompose,
  decomposeBackendSecs,
  type ExtraRequests,
  weighExtraRequests,
} from "./decomposition.ts";
import { compareExperience, type ExperienceChange } from "./experience.ts";
import { explainLatency, type LatencyRise } from "./legs.ts";
import { valuesIn } from "./movement.ts";
import { mean } from "./robust.ts";
import type { Comparison } from "./slices.ts";
import { type Dimension, RANKS, type Rank } from "./traffic.ts";

/** Left out is what the log cannot tell. */
export interface FindingDetails {
  /** Bytes a minute = clients a minute × requests of each × bytes of each request. */
  readonly bytes?: Decomposition;
  /** Seconds of the servers behind, of the spike against what the baseline makes expect. */
  readonly backendSecs?: Decomposition;
  readonly extraRequests?: ExtraRequests;
  readonly costPerMonth?: MonthlyCost;
  readonly experience?: ExperienceChange;
  readonly latency?: LatencyRise;
  /** How concentrated requests are, and how far the spike left the baseline, by dimension. */
  readonly concentration?: Readonly<Partial<Record<Dimension, ConcentrationChange>>>;
  /** Slices that carry the excess, by what is counted; of what did not rise there are none. */
  readonly slices?: Readonly<Partial<Record<Rank, readonly CarrierSlice[]>>>;
}

/** What a spike concentrates on, or spreads over. */
const CONCENTRATED: readonly Dimension[] = ["ip", "net", "userAgent", "pathTemplate", "refererHost", "status"];

/** Works out everything that can be told from what was asked. */
export function findDetails(input: AnalysisInput, comparison: Comparison): FindingDetails {
  const { breakdown, observations = {}, limits } = input;
  const { baseline, spike } = breakdown;
  const { timeFactor } = comparison;
  const bytes = bytesAMinute(input);
  const backendSecs = decomposeBackendSecs(baseline, spike, timeFactor);
  const extraRequests = weighExtraRequests(baseline, spike, timeFactor);
  const latency = observations.legs === undefined ? null : explainLatency(observations.legs);
  const { apdex, cube } = observations;
  return {
    ...(bytes !== null && { bytes }),
    ...(backendSecs !== null && { backendSecs }),
    ...(extraRequests !== null && { extraRequests }),
    ...(limits.prices !== undefined && {
      costPerMonth: costPerMonth(
        {
          requests: comparison.excess,
          bytes: spike.bytes - timeFactor * baseline.bytes,
          instances: 0,
          overMs: breakdown.spikeWindow.endMs - breakdown.spikeWindow.startMs,
        },
        limits.prices,
      ),
    }),
    ...(apdex !== undefined && { experience: compareExperience(apdex.baseline, apdex.spike) }),
    ...(latency !== null && { latency }),
    concentration: Object.fromEntries(
      CONCENTRATED.flatMap((dimension) => {
        const change = concentrationOf(breakdown, dimension);
        return change === null ? [] : [[dimension, change]];
      }),
    ),
    ...(cube !== undefined && {
      slices: Object.fromEntries(
        RANKS.flatMap((rank) => {
          const carriers = findCarriers(cube, rank, timeFactor);
          return carriers.length === 0 ? [] : [[rank, carriers]];
        }),
      ),
    }),
  };
}

/** By the minute, since the distinct clients of a longer window are not so many more. */
function bytesAMinute({ series, breakdown }: AnalysisInput): Decomposition | null {
  const meansIn = (window: "baselineWindow" | "spikeWindow") => {
    const of = (values: readonly number[]) =>
      mean(valuesIn({ startMs: series.startMs, stepMs: series.stepMs, values }, breakdown[window]));
    return { clients: of(series.clients), requests: of(series.requests), bytes: of(series.bytes) };
  };
  const [before, after] = [meansIn("baselineWindow"), meansIn("spikeWindow")];
  if ([before, after].some(({ clients, requests }) => clients <= 0 || requests <= 0)) return null;
  const factors = ({ clients, requests, bytes }: typeof before) => [
    { name: "clients", value: clients },
    { name: "requests-per-client", value: requests / clients },
    { name: "bytes-per-request", value: bytes / requests },
  ];
  return decompose({ before: factors(before), after: factors(after) });
}
