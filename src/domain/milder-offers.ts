import { formatRateLimit, type RateLimit } from "./address-measure.ts";
import type { AnalysisInput } from "./analysis-input.ts";
import { beyondLimit } from "./beyond-limit.ts";
import type { Scene } from "./causes/scene.ts";
import { cautionOf, crawlerClaims } from "./crawler-claims.ts";
import { excessShareBetween } from "./excess-interval.ts";
import type { Cause, Suggestion } from "./finding.ts";
import { guarded, isBlockable, isWithin, withinHarm } from "./offer-bounds.ts";
import { formatCount, formatExcessShare, formatShare } from "./quantity.ts";
import { sum } from "./robust.ts";
import type { GuiltySlice } from "./slices.ts";
import { formatUtcTime } from "./utc.ts";

/** Offers a rate limit or a challenge where it is advised for addresses, and a rule is prepared for it. */
export function suggestMilder(input: AnalysisInput, scene: Scene, causes: readonly Cause[]): readonly Suggestion[] {
  const { prepared, mayBlock } = input.limits;
  if (prepared === undefined || !mayBlock) return [];
  const { rateLimit, challenge } = prepared;
  return [
    ...(rateLimit === null ? [] : suggestLimit(input, scene, causes, rateLimit)),
    ...(challenge === null ? [] : suggestChallenge(input, scene, causes, challenge.standing)),
  ];
}

/** A limit that lets most of it through is no answer. */
const MIN_STOPPED = 0.5;

function suggestLimit(
  { service, limits, series }: AnalysisInput,
  scene: Scene,
  causes: readonly Cause[],
  rule: RateLimit & { readonly standing: readonly string[] },
): Suggestion[] {
  const { breakdown, comparison } = scene;
  const limit = { limit: rule.limit, windowSecs: rule.windowSecs };
  const stoppedOf = (slice: GuiltySlice, side: "baseline" | "spike") => beyondLimit(slice, side, { limit, breakdown });
  const standing = [...limits.blocked, ...rule.standing];
  const guilty = scene.guilty.filter(
    (slice) =>
      causes.some((cause) => cause.kind === "heavy-client" && cause.slice[slice.dimension] === slice.row.value) &&
      stoppedOf(slice, "spike").requests >= MIN_STOPPED * slice.row.spike.requests,
  );
  const chosen = withinHarm(
    guilty.filter(({ row }) => isBlockable(row.value, limits) && !isWithin(row.value, standing)),
    breakdown.baseline,
    (slice) => stoppedOf(slice, "baseline"),
  ).slice(0, limits.maxAddresses);
  const addresses = chosen.map(({ row }) => row.value);
  const { allowed } = guarded(addresses, limits);
  if (allowed.length === 0) return [];

  const harmed = chosen.map((slice) => stoppedOf(slice, "baseline"));
  const stopped = sum(chosen.map((slice) => stoppedOf(slice, "spike").requests));
  const usual = comparison.commonRatio * comparison.timeFactor * sum(harmed.map(({ requests }) => requests));
  const removed = Math.max(0, stopped - usual);
  const left = Math.max(0, breakdown.spike.requests - stopped);
  const carried = formatExcessShare(sum(chosen.map(({ excessShare }) => excessShare)));
  const claims = crawlerClaims(chosen, scene);
  const caution = cautionOf(claims);
  const whom = chosen.length === 1 ? "it" : "them";
  return [
    {
      change: {
        kind: "block",
        measure: "rate-limit",
        rateLimit: limit,
        service,
        addresses: allowed,
        durationSecs: limits.blockSecs,
        reason: [
          `${who(chosen)} ${carried} since ${formatUtcTime(scene.onset.onsetMs)}`,
          `a limit keeps ${whom} from that and lets ${whom} go on`,
          ...claims,
        ].join("; "),
      },
      predicted: {
        excessRemoved: share(removed, comparison.excess),
        excessRemovedBetween: excessShareBetween(removed, { series, breakdown, comparison }),
        baselineHarmed: share(sum(harmed.map(({ requests }) => requests)), breakdown.baseline.requests),
        baselineClientsHarmed: share(sum(harmed.map(({ clients }) => clients)), breakdown.baseline.clients),
        ratioAfter: comparison.expected > 0 ? left / comparison.expected : 0,
        costPerHourUsd: null,
      },
      because:
        `The prepared rule lets each address send ${formatRateLimit(limit)}; who goes on above that gets nothing through. ${caution}`.trimEnd(),
      ...(caution !== "" && { caution }),
    },
  ];
}

/** So much of the excess at least: a few of very many change nothing. */
const MIN_CHALLENGED = 0.1;

function suggestChallenge(
  { service, limits, series }: AnalysisInput,
  scene: Scene,
  causes: readonly Cause[],
  standing: readonly string[],
): Suggestion[] {
  if (!causes.some(({ kind }) => kind === "distributed-flood")) return [];
  const { breakdown, comparison, observations } = scene;
  const dealtWith = [...limits.blocked, ...standing];
  // New ones all of them, so that nobody usual is asked.
  const chosen = (observations.strangers ?? [])
    .filter(({ client }) => isBlockable(client, limits) && !isWithin(client, dealtWith))
    .slice(0, limits.maxAddresses);
  const { allowed } = guarded(
    chosen.map(({ client }) => client),
    limits,
  );
  const removed = sum(chosen.map(({ requests }) => requests));
  if (allowed.length === 0 || removed < MIN_CHALLENGED * comparison.excess) return [];
  const all = observations.strangers?.length ?? 0;
  const some =
    chosen.length < all
      ? `the busiest ${formatCount(chosen.length)} of ${formatCount(all)}`
      : `all ${formatCount(all)}`;
  const left = Math.max(0, breakdown.spike.requests - removed);
  return [
    {
      change: {
        kind: "block",
        measure: "challenge",
        service,
        addresses: allowed,
        durationSecs: limits.blockSecs,
        reason: `New clients that act like programs carry ${formatShare(share(removed, comparison.excess))} of the excess since ${formatUtcTime(scene.onset.onsetMs)} (${some})`,
      },
      predicted: {
        excessRemoved: share(removed, comparison.excess),
        excessRemovedBetween: excessShareBetween(removed, { series, breakdown, comparison }),
        baselineHarmed: 0,
        baselineClientsHarmed: 0,
        ratioAfter: comparison.expected > 0 ? left / comparison.expected : 0,
        costPerHourUsd: null,
      },
      because: `It is for ${some} named; that none of them runs a browser is assumed, and people among them are asked once.`,
    },
  ];
}

function who(chosen: readonly GuiltySlice[]): string {
  const one = chosen[0]?.dimension === "ip" ? "One client carries" : "One network carries";
  return chosen.length === 1 ? one : `${formatCount(chosen.length)} clients carry`;
}

function share(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0;
}
