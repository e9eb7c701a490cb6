import { adviseOn } from "./advice.ts";
import type { AnalysisInput } from "./analysis-input.ts";
import { cacheBypassCause } from "./causes/cache-bypass.ts";
import { clientRegressionCause } from "./causes/client-regression.ts";
import { distributedFloodCause } from "./causes/distributed-flood.ts";
import { flashCrowdCause } from "./causes/flash-crowd.ts";
import { heavyClientCauses } from "./causes/heavy-client.ts";
import { noAnomalyCause } from "./causes/no-anomaly.ts";
import { retryStormCause } from "./causes/retry-storm.ts";
import { type Scene, setScene } from "./causes/scene.ts";
import { SURE } from "./causes/score.ts";
import { slowBackendCause } from "./causes/slow-backend.ts";
import { unknownCause } from "./causes/unknown.ts";
import type { Cause, CauseKind, Finding } from "./finding.ts";
import { findDetails } from "./finding-details.ts";
import { describeGaps } from "./gaps.ts";
import { suggestChanges } from "./mitigation.ts";
import { compareMetrics } from "./movement.ts";
import { sum } from "./robust.ts";
import { compareWindows } from "./slices.ts";
import { describeCalm, describeSpike } from "./verdict.ts";

/** Below this, what somebody took for a spike is within the ordinary. */
const MIN_RATIO = 1.2;

/** Turns numbers into a verdict; see README.md beside this file for symbols and sources. */
export function analyse(input: AnalysisInput): Finding {
  const { service, onset, breakdown, measure = "requests", risesEveryDay = false } = input;
  const movements = compareMetrics(input.series, input.metrics, {
    baseline: breakdown.baselineWindow,
    spike: breakdown.spikeWindow,
  });
  const finding = {
    service,
    onset,
    measure,
    moved: movements.filter(({ state }) => state === "moved"),
    unmoved: movements.filter(({ state }) => state !== "moved"),
  };
  if (breakdown.baseline.requests + breakdown.spike.requests === 0) {
    const verdict = `${service}: no requests in what was read. That is not the same as no traffic (unknown, 0.00).`;
    return { ...finding, verdict, causes: [NOTHING_READ], suggestions: [] };
  }

  const gaps = describeGaps(input.series);
  const withGaps = (verdict: string) => (gaps === null ? verdict : `${verdict} ${gaps}`);
  const comparison = compareWindows(breakdown);
  const isCalm =
    measure === "requests" &&
    input.foundIn !== "part" &&
    (comparison.excess <= 0 || (comparison.ratio > 0 && comparison.ratio < MIN_RATIO));
  if (onset === null || isCalm) {
    const cause = noAnomalyCause(breakdown, comparison, { hasOnset: onset !== null, risesEveryDay });
    const verdict = withGaps(describeCalm(service, breakdown, comparison.ratio, cause));
    return { ...finding, verdict, causes: [cause], suggestions: [] };
  }

  const scene = setScene(input, comparison, onset);
  const causes = judge(scene);
  // What grew in a part alone and fits nothing is one of the ups and downs of any day.
  if (input.foundIn === "part" && (causes[0].kind === "unknown" || causes[0].score < SURE)) {
    const cause = noAnomalyCause(breakdown, comparison, { hasOnset: false, risesEveryDay });
    const verdict = withGaps(describeCalm(service, breakdown, comparison.ratio, cause));
    return { ...finding, onset: null, verdict, causes: [cause], suggestions: [] };
  }
  const suggestions = suggestChanges(input, scene, causes);
  return {
    ...finding,
    verdict: withGaps(describeSpike(service, input.series, scene, causes)),
    causes,
    suggestions,
    advice: adviseOn(scene, causes, input.limits, suggestions),
    details: findDetails(input, comparison),
  };
}

const NOTHING_READ: Cause = {
  kind: "unknown",
  slice: {},
  excessShare: 0,
  score: 0,
  evidence: [{ code: "no-requests", direction: "against", statement: "no requests were read", value: 0 }],
  rivals: [],
};

/** Whatever fits worse is not worth reading. */
const MIN_SCORE = 0.1;

/** Weighs every cause, and orders them by how much of the excess they explain and how well. */
function judge(scene: Scene): readonly [Cause, ...Cause[]] {
  const named = [
    ...heavyClientCauses(scene),
    ...[
      distributedFloodCause,
      flashCrowdCause,
      cacheBypassCause,
      clientRegressionCause,
      retryStormCause,
      slowBackendCause,
    ]
      .map((judge) => judge(scene))
      .filter((cause) => cause !== null),
  ];
  const unknown = unknownCause(scene, named);
  const judged = [...named, ...(unknown === null ? [] : [unknown])].filter(({ score }) => score >= MIN_SCORE);
  const ranked = judged.sort(
    (a, b) => rank(b, judged) - rank(a, judged) || b.excessShare - a.excessShare || b.score - a.score,
  );
  const [first, ...others] = largestPartFirst(ranked);
  return first === undefined
    ? [noAnomalyCause(scene.breakdown, scene.comparison, { hasOnset: true, risesEveryDay: false })]
    : [first, ...others];
}

/** Kinds that each explain other requests of the excess; all others are rivals for the same. */
const PARTS: readonly CauseKind[] = ["heavy-client", "scanner", "distributed-flood", "flash-crowd"];
/** Shares are estimates: beyond this together, two of them explain the same requests. */
const MAX_TOGETHER = 1.1;

/** Of parts that are sure and stand beside each other, none is less so for a lower score: the largest comes first. */
function largestPartFirst(ranked: readonly Cause[]): readonly Cause[] {
  const isPart = ({ kind, score }: Cause) => PARTS.includes(kind) && score >= SURE;
  const parts = ranked.filter(isPart);
  if (sum(parts.map(({ excessShare }) => excessShare)) > MAX_TOGETHER) return ranked;
  const bySize = parts.toSorted((a, b) => shareOf(b, parts) - shareOf(a, parts));
  return ranked.map((cause) => (isPart(cause) ? (bySize.shift() as Cause) : cause));
}

/** Of what is sure, what explains more of the excess comes first; all of that comes before what is not. */
function rank(cause: Cause, all: readonly Cause[]): number {
  return (cause.score >= SURE ? SURE : 0) + cause.score * shareOf(cause, all);
}

/** Ten clients that carry a twentieth each explain half. */
function shareOf(cause: Cause, all: readonly Cause[]): number {
  const isOneOfMany = cause.kind === "heavy-client" || cause.kind === "scanner";
  const alike = isOneOfMany ? all.filter(({ kind }) => kind === cause.kind) : [cause];
  return Math.min(1, Math.max(0, sum(alike.map(({ excessShare }) => excessShare))));
}
