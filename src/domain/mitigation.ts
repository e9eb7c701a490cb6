import type { AnalysisInput } from "./analysis-input.ts";
import { landingPath } from "./causes/flash-crowd.ts";
import type { Scene } from "./causes/scene.ts";
import { SURE } from "./causes/score.ts";
import { cautionOf, crawlerClaims } from "./crawler-claims.ts";
import { excessShareBetween } from "./excess-interval.ts";
import type { Cause, Suggestion } from "./finding.ts";
import { suggestMilder } from "./milder-offers.ts";
import { guarded, isBlockable, isWithin, withinHarm } from "./offer-bounds.ts";
import type { Prediction } from "./prediction.ts";
import { formatExcessShare, formatRatio, formatShare } from "./quantity.ts";
import { instancesNeeded } from "./queueing.ts";
import { sum } from "./robust.ts";
import { scalingOutlook } from "./scaling-limits.ts";
import type { GuiltySlice } from "./slices.ts";
import { SECOND_MS } from "./time-window.ts";
import type { TrafficSeries } from "./traffic.ts";
import { formatUtcTime } from "./utc.ts";

/**
 * Offers what fits the causes, with the effect predicted by replaying the breakdown's rows: block heavy clients, limit
 * or challenge them where a rule is prepared for it, scale out for a crowd. Offers nothing for what is not understood, nor, where production can still be changed, for what is
 * over.
 */
export function suggestChanges(input: AnalysisInput, scene: Scene, causes: readonly Cause[]): readonly Suggestion[] {
  if (scene.onset.endMs !== null && !input.limits.offersForPast) return [];
  const sure = causes.filter((cause) => cause.score >= SURE);
  const block = sure.some((cause) => cause.kind === "heavy-client" || cause.kind === "scanner")
    ? suggestBlock(input, scene, sure)
    : [];
  // The same requests are explained better by clients that repeat themselves: instances would serve nobody.
  const first = sure.find(
    ({ kind }) => kind === "flash-crowd" || kind === "client-regression" || kind === "retry-storm",
  );
  const crowd = first?.kind === "flash-crowd" ? first : undefined;
  return [
    ...block,
    ...suggestMilder(input, scene, sure),
    ...(crowd === undefined ? [] : suggestScale(input, scene, crowd)),
  ];
}

function suggestBlock(
  { service, limits, series }: AnalysisInput,
  scene: Scene,
  causes: readonly Cause[],
): Suggestion[] {
  if (!limits.mayBlock) return [];
  const guilty = scene.guilty.filter(({ dimension, row }) =>
    causes.some(({ slice }) => slice[dimension] === row.value),
  );
  const chosen = withinHarm(
    guilty.filter(({ row }) => isBlockable(row.value, limits) && !isWithin(row.value, limits.blocked)),
    scene.breakdown.baseline,
  ).slice(0, limits.maxAddresses);
  const { allowed } = guarded(
    chosen.map(({ row }) => row.value),
    limits,
  );
  if (allowed.length === 0) return [];

  const predicted = predictBlock(chosen, scene, series);
  const share = formatExcessShare(sum(chosen.map((slice) => slice.excessShare)));
  const one = chosen[0]?.dimension === "ip" ? "One client carries" : "One network carries";
  const who = chosen.length === 1 ? one : `${chosen.length} clients carry`;
  const claims = crawlerClaims(chosen, scene);
  const caution = cautionOf(claims);
  const after =
    predicted.ratioAfter > 0
      ? `without ${chosen.length === 1 ? "it" : "them"} ${service} is at ${formatRatio(predicted.ratioAfter)} its usual requests`
      : "nobody else was there before";
  return [
    {
      change: {
        kind: "block",
        service,
        addresses: allowed,
        durationSecs: limits.blockSecs,
        // The card shows the reason, and whoever approves has to read the caution too.
        reason: [`${who} ${share} since ${formatUtcTime(scene.onset.onsetMs)}`, ...claims].join("; "),
      },
      predicted,
      because:
        `${who} ${share} and ${formatShare(predicted.baselineHarmed)} of the usual requests; ${after}. ${caution}`.trimEnd(),
      ...(caution !== "" && { caution }),
    },
  ];
}

function predictBlock(
  blocked: readonly GuiltySlice[],
  { breakdown, comparison }: Scene,
  series: TrafficSeries,
): Prediction {
  const share = (part: number, whole: number) => (whole > 0 ? Math.min(1, part / whole) : 0);
  const left = Math.max(0, breakdown.spike.requests - sum(blocked.map(({ row }) => row.spike.requests)));
  return {
    excessRemoved: Math.min(1, Math.max(0, sum(blocked.map(({ excessShare }) => excessShare)))),
    excessRemovedBetween: excessShareBetween(sum(blocked.map(({ excess }) => excess)), {
      series,
      breakdown,
      comparison,
    }),
    baselineHarmed: share(sum(blocked.map(({ row }) => row.baseline.requests)), breakdown.baseline.requests),
    baselineClientsHarmed: share(sum(blocked.map(({ row }) => row.baseline.clients)), breakdown.baseline.clients),
    ratioAfter: comparison.expected > 0 ? left / comparison.expected : 0,
    costPerHourUsd: null,
  };
}

/** A crowd that a programme or an article sends is mostly gone within an hour; twice that to be safe. */
const SCALE_OUT_SECS = 7_200;

/**
 * By Little's law where it is known how many requests an instance works on at once, else as many more instances as there
 * are more requests. What was measured that speaks against it is said beside it.
 */
function suggestScale({ service, limits }: AnalysisInput, scene: Scene, crowd: Cause): Suggestion[] {
  const { capacity, instanceHourUsd } = limits;
  if (capacity === null || capacity.desired < 1) return [];
  const { baseline, baselineWindow } = scene.breakdown;
  // What a block takes away needs no instances.
  const ratio = scene.rest.ratio;
  const usualPerSec = baseline.requests / Math.max(1, (baselineWindow.endMs - baselineWindow.startMs) / SECOND_MS);
  const secs = baseline.backendSecs === null || baseline.requests === 0 ? 0 : baseline.backendSecs / baseline.requests;
  const atOnce = limits.requestsAtOnce ?? 0;
  const wanted = instancesNeeded({
    perSec: usualPerSec * ratio,
    now: { instances: capacity.desired, perSec: usualPerSec },
    service: secs > 0 && atOnce > 0 ? { secs, atOnce } : null,
  }).instances;
  const toInstances = Math.min(wanted, capacity.max);
  if (!(toInstances > capacity.desired)) return [];

  const more = toInstances - capacity.desired;
  const page = landingPath(scene);
  const limited = toInstances < wanted ? ` ${wanted} would be needed, ${capacity.max} is the most allowed:` : "";
  const each = formatRatio((ratio * capacity.desired) / toInstances);
  const doubt = scalingDoubt(scene);
  return [
    {
      change: {
        kind: "scale",
        service,
        toInstances,
        fromInstances: capacity.desired,
        durationSecs: SCALE_OUT_SECS,
        reason: `A crowd of people brings ${formatRatio(ratio)} the usual requests since ${formatUtcTime(scene.onset.onsetMs)}`,
      },
      predicted: {
        excessRemoved: null,
        baselineHarmed: 0,
        baselineClientsHarmed: 0,
        ratioAfter: scene.comparison.ratio,
        costPerHourUsd: instanceHourUsd === null ? null : Math.round(more * instanceHourUsd * 1e4) / 1e4,
      },
      because: `These look like people (flash-crowd, ${crowd.score.toFixed(2)}), who must not be blocked;${limited} with ${toInstances} instances each carries ${each} its usual load${
        page === null ? "" : ", and caching the page they come for takes more off"
      }.${doubt === "" ? "" : ` ${doubt}`}`,
      ...(doubt !== "" && { caution: doubt }),
    },
  ];
}

/** Empty where nothing that was measured speaks against more instances. */
function scalingDoubt({ breakdown, comparison }: Scene): string {
  const { baseline, spike } = breakdown;
  const { limits } = scalingOutlook({ baseline, spike, timeFactor: comparison.timeFactor, fitted: null });
  return limits.map(({ statement }) => `More instances may not help: ${statement}.`).join(" ");
}
