import { contains } from "./address.ts";
import { formatRateLimit } from "./address-measure.ts";
import type { AnalysisInput } from "./analysis-input.ts";
import { carrierText } from "./causes/carried.ts";
import type { Scene } from "./causes/scene.ts";
import { SURE } from "./causes/score.ts";
import { costPerMonth, type Prices } from "./cost.ts";
import { cellsOf, type SliceValues, totalOf } from "./cube.ts";
import type { Advice, Cause, Suggestion } from "./finding.ts";
import { type GuardedRange, guardBlock } from "./guard.ts";
import type { Prediction } from "./prediction.ts";
import { formatCount, formatRatio, formatShare } from "./quantity.ts";
import { scalingOutlook } from "./scaling-limits.ts";
import { minutesIn } from "./time-window.ts";
import type { Dimension } from "./traffic.ts";

type Limits = Pick<AnalysisInput["limits"], "prices" | "guarded" | "prepared">;

/** Says what people can do about the causes beyond the changes that are offered. */
export function adviseOn(
  scene: Scene,
  causes: readonly Cause[],
  limits: Limits,
  offered: readonly Suggestion[] = [],
): readonly Advice[] {
  return causes
    .filter(({ score }) => score >= SURE)
    .flatMap((cause) => adviceFor(cause, scene, limits))
    .filter((advice) => !isOffered(advice, offered));
}

/** Who can click need not be told what to set up. */
function isOffered({ kind, slice }: Advice, offered: readonly Suggestion[]): boolean {
  const address = slice.ip ?? slice.subnet ?? slice.net;
  return offered.some(
    ({ change }) =>
      change.kind === "block" &&
      change.measure === kind &&
      address !== undefined &&
      change.addresses.some((network) => contains(network, address)),
  );
}

function adviceFor(cause: Cause, scene: Scene, { prices, guarded = [], prepared }: Limits): readonly Advice[] {
  const forbidden = whyNotTouched(cause, guarded);
  if (forbidden !== null) return [{ ...NO_FILTER, kind: "none", because: forbidden }];
  switch (cause.kind) {
    case "heavy-client":
      return limitClient(cause, scene, prepared);
    case "distributed-flood":
      return challenge(cause, scene, prepared);
    case "cache-bypass":
      return [cacheAdvice(cause, scene)];
    case "client-regression":
      return [fixClients(cause, scene, prices ?? null)];
    case "retry-storm":
      return [{ ...NO_FILTER, kind: "fix", because: RETRY_ADVICE }];
    case "slow-backend":
      return [slowAdvice(scene)];
    case "flash-crowd":
      return [{ ...NO_FILTER, kind: "none", because: "These are people: do not block them, serve them." }];
    case "scanner":
    case "no-anomaly":
    case "unknown":
      return [];
  }
}

/** A client that may not be blocked must not be slowed down either: behind a CDN's address are all who come through it. */
function whyNotTouched({ slice }: Cause, guarded: readonly GuardedRange[]): string | null {
  const address = slice.ip ?? slice.subnet ?? slice.net;
  if (address === undefined || guarded.length === 0) return null;
  const [refusal] = guardBlock({ addresses: [address], neverBlock: [], ranges: guarded }).refused;
  return refusal !== undefined && guarded.some(({ rule }) => rule === refusal.rule) ? refusal.reason : null;
}

const NO_FILTER = { slice: {}, predicted: null } as const;

const RETRY_ADVICE =
  "Mend what fails first: block nobody, and do not scale out for tries that are repeated; then give clients a limit and growing pauses between their tries.";

/** AWS counts over five minutes by default, and accepts no limit below 10. */
const RATE_WINDOW_MINS = 5;
const MIN_RATE_LIMIT = 100;

/** A limit that is twice what the heaviest usual client sends stops nobody else. */
function limitClient(cause: Cause, scene: Scene, prepared: Limits["prepared"]): readonly Advice[] {
  const guilty = scene.guilty.find(({ dimension, row }) => cause.slice[dimension] === row.value);
  if (guilty === undefined || guilty.timesUsual <= 0) return [];
  const mins = Math.max(1, minutesIn(scene.breakdown.spikeWindow));
  const per5Min = (guilty.row.spike.requests / mins) * RATE_WINDOW_MINS;
  const limit = Math.max(MIN_RATE_LIMIT, roundUp((2 * per5Min) / guilty.timesUsual));
  if (limit >= per5Min / 2) return [];
  const removed = Math.max(0, guilty.row.spike.requests * (1 - limit / per5Min));
  return [
    {
      kind: "rate-limit",
      slice: cause.slice,
      predicted: predictionOf(scene, { removed, harmed: 0, harmedClients: 0 }),
      because: `Limit each address to ${formatCount(limit)} requests in 5 min, twice what the heaviest usual client sends: that takes away ${formatShare(Math.min(1, removed / scene.comparison.excess))} of the excess; the firewall counts roughly.${limitHint(prepared, limit)}`,
    },
  ];
}

/** What keeps it from being offered with a button. */
function limitHint(prepared: Limits["prepared"], wanted: number): string {
  if (prepared === undefined) return "";
  const { rateLimit } = prepared;
  if (rateLimit === null) {
    return " Name a prepared rule in `firewall.rateLimit` of spillway.yaml, and it is offered here the next time.";
  }
  const per5Min = (rateLimit.limit / rateLimit.windowSecs) * RATE_WINDOW_MINS * 60;
  return per5Min > 2 * wanted ? ` The prepared rule allows ${formatRateLimit(rateLimit)}, which takes too little.` : "";
}

function roundUp(limit: number): number {
  const step = 10 ** Math.max(1, Math.floor(Math.log10(Math.max(10, limit))) - 1);
  return Math.ceil(limit / step) * step;
}

/** A challenge lets people through, so it may meet more of them than a block may. */
const MAX_CHALLENGED = 0.05;

function challenge(cause: Cause, scene: Scene, prepared: Limits["prepared"]): readonly Advice[] {
  const predicted = replay(cause.slice, scene);
  const isNameable = (scene.observations.strangers?.length ?? 0) > 0;
  const hint =
    prepared?.challenge === null && isNameable
      ? " To challenge the busiest of their addresses from here, name a prepared rule in `firewall.challenge` of spillway.yaml."
      : "";
  if (predicted === null || predicted.baselineHarmed > MAX_CHALLENGED) {
    return [
      {
        ...NO_FILTER,
        kind: "rate-limit",
        because: `No user agent, path or query tells these clients from people: limit the requests of each address in the firewall, rather than block any.${hint}`,
      },
    ];
  }
  const share = formatShare(predicted.excessRemoved ?? 0);
  return [
    {
      kind: "challenge",
      slice: cause.slice,
      predicted,
      because: `Challenge requests with ${carrierText(cause.slice)}: that takes away ${share} of the excess and meets ${formatShare(predicted.baselineHarmed)} of the usual requests, whose people pass it.${hint}`,
    },
  ];
}

/** Replays both windows through a rule that stops a slice; null where the slice names nothing. */
function replay(slice: SliceValues, scene: Scene): Prediction | null {
  const { cube } = scene.observations;
  const dimensions = Object.keys(slice) as Dimension[];
  if (cube === undefined || dimensions.length === 0) return null;
  if (!dimensions.every((dimension) => cube.dimensions.includes(dimension))) return null;
  const cells = cellsOf(cube, slice);
  // Values that did not grow beside the rest are not told apart in it.
  if (cells.length === 0) return null;
  const { baseline, spike } = totalOf(cells, "requests");
  const { commonRatio, timeFactor } = scene.comparison;
  // Of some dimensions clients are not counted: they say nothing here, which is not that there are none.
  const counted = dimensions.flatMap((dimension) => {
    const row = scene.breakdown.by[dimension]?.rows.find(({ value }) => value === slice[dimension]);
    return row !== undefined && row.baseline.clients > 0 ? [row.baseline.clients] : [];
  });
  return predictionOf(scene, {
    removed: spike - commonRatio * timeFactor * baseline,
    harmed: baseline,
    // Whoever has all of the values has each of them: the fewest is the most that there can be, and never more than requests.
    harmedClients: Math.min(baseline, ...counted),
    stopped: spike,
  });
}

function predictionOf(
  { comparison, breakdown }: Scene,
  effect: { removed: number; harmed: number; harmedClients: number; stopped?: number },
): Prediction {
  const share = (part: number, whole: number) => (whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0);
  const left = Math.max(0, breakdown.spike.requests - (effect.stopped ?? effect.removed));
  return {
    excessRemoved: share(effect.removed, comparison.excess),
    baselineHarmed: share(effect.harmed, breakdown.baseline.requests),
    baselineClientsHarmed: share(effect.harmedClients, breakdown.baseline.clients),
    ratioAfter: comparison.expected > 0 ? left / comparison.expected : 0,
    costPerHourUsd: null,
  };
}

function cacheAdvice(cause: Cause, { cost }: Scene): Advice {
  const slice = carrierText(cause.slice);
  const what = slice === "" ? "these requests" : slice;
  const how = cause.slice.queryShape?.includes("{random}")
    ? "leave the made-up value out of its key, or where it is a token, let the link be used once"
    : "see which cookie, query or header keeps it from answering";
  const back =
    cost === null
      ? ""
      : ` The servers behind would be at ${formatRatio(cost.ratio * Math.max(0, 1 - cause.excessShare) + Math.min(1, cause.excessShare))} their usual work.`;
  return {
    kind: "cache",
    slice: cause.slice,
    predicted: null,
    because: `Let the cache answer ${what}: ${how}; a purge does not help, and to block visitors or scale out does not either.${back}`,
  };
}

function fixClients(cause: Cause, scene: Scene, prices: Prices | null): Advice {
  const { breakdown, comparison } = scene;
  const slice = carrierText(cause.slice);
  const cost =
    prices === null
      ? null
      : costPerMonth(
          {
            requests: comparison.excess,
            bytes: breakdown.spike.bytes - comparison.timeFactor * breakdown.baseline.bytes,
            instances: 0,
            overMs: breakdown.spikeWindow.endMs - breakdown.spikeWindow.startMs,
          },
          prices,
        ).totalUsd;
  const bill = cost === null ? "" : ` It costs $${cost.toFixed(2)} a month if it goes on.`;
  return {
    kind: "fix",
    slice: cause.slice,
    predicted: null,
    because: `Block nobody: look at what was released to clients${slice === "" ? "" : ` with ${slice}`} when this began, and at cache headers, since every client does the same.${bill}`,
  };
}

function slowAdvice({ breakdown, comparison }: Scene): Advice {
  const { baseline, spike } = breakdown;
  const outlook = scalingOutlook({ baseline, spike, timeFactor: comparison.timeFactor, fitted: null });
  const why = outlook.limits[0]?.statement;
  return {
    ...NO_FILTER,
    kind: "fix",
    because: `Block nobody and do not scale out: no traffic explains it${why === undefined ? "" : `; ${why}`}. Look at what the slow part waits for.`,
  };
}
