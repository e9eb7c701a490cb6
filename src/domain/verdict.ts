import { contains } from "./address.ts";
import { landingPath, sendingHost } from "./causes/flash-crowd.ts";
import type { Scene } from "./causes/scene.ts";
import type { Cause, Onset } from "./finding.ts";
import { valuesIn } from "./movement.ts";
import { formatCount, formatExcessShare, formatRate, formatRatio, formatShare, shortenForeign } from "./quantity.ts";
import { mean } from "./robust.ts";
import { DAY_MS, MINUTE_MS, minutesIn } from "./time-window.ts";
import type { Breakdown, TrafficSeries } from "./traffic.ts";
import { userAgentOf } from "./traits.ts";
import { formatUtc, formatUtcClock, formatUtcTime, formatUtcWindow } from "./utc.ts";

/** Says in two sentences what happened since when, and who or what explains it. Plain text; nothing in it is escaped. */
export function describeSpike(
  service: string,
  series: TrafficSeries,
  scene: Scene,
  causes: readonly [Cause, ...Cause[]],
): string {
  const [main] = causes;
  const second = causes.find((cause) => cause.kind !== main.kind && cause.kind !== "unknown" && cause.score >= 0.5);
  const besides = second === undefined ? "" : `; ${besidesThat(second)}`;
  return `${headline(service, series, scene)} ${explanation(main, scene)}${besides} (${main.kind}, ${main.score.toFixed(2)}).`;
}

/** Says in two sentences that no spike is there, and by what comparison. */
export function describeCalm(service: string, breakdown: Breakdown, ratio: number, cause: Cause): string {
  const against = cause.evidence.find(({ code, direction }) => direction === "against" && code !== "windows-alike");
  const but = against === undefined ? "" : `, although ${against.statement}`;
  const summary = `${calmHeadline(breakdown, ratio, cause)}. ${calmComparison(breakdown, ratio)}${but}`;
  return `${service}: ${summary} (no-anomaly, ${cause.score.toFixed(2)}).`;
}

/** A level that changed without a spike, an outage for one, is not called usual. */
function calmHeadline({ baseline, spike }: Breakdown, ratio: number, cause: Cause): string {
  if (baseline.requests === 0) return "nothing to compare with";
  if (spike.requests === 0) return "requests stopped";
  const isAlike = cause.evidence.every(({ code, direction }) => code !== "windows-alike" || direction === "for");
  if (isAlike) return "nothing unusual found";
  return ratio < 1 ? "no spike, but fewer requests than before" : "no abrupt rise, but more requests than before";
}

function calmComparison({ baseline, spike, baselineWindow, spikeWindow }: Breakdown, ratio: number): string {
  const [before, now] = [formatUtcWindow(baselineWindow), formatUtcWindow(spikeWindow)];
  if (baseline.requests === 0) return `${now} has ${formatCount(spike.requests)} requests, ${before} has none`;
  if (spike.requests === 0) return `${now} has no requests, ${before} has ${formatCount(baseline.requests)}`;
  return `${now} has ${formatRatio(ratio)} the requests of ${before}, for its length`;
}

function headline(service: string, series: TrafficSeries, { onset, comparison }: Scene): string {
  const ratio = comparison.ratio > 0 ? comparison.ratio : onset.ratio;
  const margin = Math.ceil(Math.max(0, onset.highMs - onset.lowMs) / 2 / MINUTE_MS);
  const within = margin > 0 ? ` (± ${margin} min)` : "";
  const lastMs = onset.endMs ?? series.startMs + series.requests.length * series.stepMs;
  const isToday = Math.floor(onset.onsetMs / DAY_MS) === Math.floor((lastMs - 1) / DAY_MS);
  const since = isToday ? formatUtcTime(onset.onsetMs) : formatUtc(onset.onsetMs);
  return onset.endMs === null
    ? `${service}: ${formatRatio(ratio)} its usual requests since ${since}${within}, ${trend(series, onset)}.`
    : `${service}: ${formatRatio(ratio)} its usual requests from ${since}${within} until ${formatUtcTime(onset.endMs)}, and over now.`;
}

const MIN_TREND_STEPS = 6;
const MIN_TREND = 1.1;

/** Compares the latest third of the spike with the third before; the last step may be half-written and is left out. */
function trend(series: TrafficSeries, { onsetMs }: Onset): string {
  const values = valuesIn(
    { startMs: series.startMs, stepMs: series.stepMs, values: series.requests },
    { startMs: onsetMs, endMs: series.startMs + series.requests.length * series.stepMs },
  ).slice(0, -1);
  if (values.length < MIN_TREND_STEPS) return "still going on";
  const third = Math.floor(values.length / 3);
  const latest = mean(values.slice(-third));
  const before = mean(values.slice(-2 * third, -third));
  if (latest > MIN_TREND * before) return "still rising";
  return latest * MIN_TREND < before ? "falling" : "holding";
}

function explanation(cause: Cause, scene: Scene): string {
  switch (cause.kind) {
    case "heavy-client":
      return heavyClients(scene);
    case "flash-crowd":
      return crowd(scene);
    case "scanner":
    case "distributed-flood":
    case "cache-bypass":
    case "client-regression":
    case "retry-storm":
    case "slow-backend":
    case "unknown":
      return unknown(cause, scene);
    case "no-anomaly":
      return "No excess is left to explain";
  }
}

const MAX_NAMED = 3;

function heavyClients(scene: Scene): string {
  const { guilty, guiltyShare, breakdown } = scene;
  const [first] = guilty;
  if (first === undefined) return "No client stands out";
  if (guilty.length > 1) {
    const named = guilty.slice(0, MAX_NAMED).map(({ row }) => nameOf(row.value, scene));
    const more = guilty.length > MAX_NAMED ? ` and ${guilty.length - MAX_NAMED} more` : "";
    return `${guilty.length} clients explain ${formatExcessShare(guiltyShare)}: ${named.join(", ")}${more}; ${rest(scene)}`;
  }
  const who = first.dimension === "net" ? "One network explains" : "One client explains";
  const userAgent = userAgentOf(first, breakdown);
  const named = userAgent === null ? "" : `, "${shortenForeign(userAgent)}"`;
  const seen = first.row.baseline.requests === 0 ? `, first seen ${formatUtcClock(first.row.firstSeenMs)}` : "";
  const rate = formatRate(first.row.spike.requests / Math.max(1, minutesIn(breakdown.spikeWindow)));
  return `${who} ${formatExcessShare(guiltyShare)}: ${nameOf(first.row.value, scene)}${named}${seen}, ${rate}; ${rest(scene)}`;
}

/** What is blocked is still logged by what blocks it, so it still stands out. */
function nameOf(address: string, { blocked }: Scene): string {
  const isBlocked = blocked.some((network) => contains(network, address));
  return `${shortenForeign(address)}${isBlocked ? " (blocked already)" : ""}`;
}

function rest({ rest }: Scene): string {
  return rest.ratio > 0
    ? `everybody else is at ${formatRatio(rest.ratio)} their usual requests`
    : "nobody else was there before";
}

function crowd(scene: Scene): string {
  const { clientsRatio, ratio } = scene.rest;
  const sender = sendingHost(scene);
  const page = landingPath(scene);
  const growth =
    clientsRatio === null || clientsRatio <= 0
      ? "Many new clients"
      : `${formatRatio(clientsRatio)} as many clients, each at ${formatRatio(ratio / clientsRatio)} the usual rate`;
  const from = sender === null ? "" : `, sent by ${shortenForeign(sender.host)}`;
  const to = page === null ? "" : `, most of them to ${shortenForeign(page.path)}`;
  return `${growth}${from}${to}: this looks like a crowd of people`;
}

function unknown(cause: Cause, { rest, guilty }: Scene): string {
  const leading = cause.evidence.find((evidence) => evidence.code.startsWith("leading-"));
  const proxy = cause.evidence.find((evidence) => evidence.code === "one-address-for-all");
  const behind = proxy === undefined ? "" : `; ${proxy.statement}`;
  if (leading !== undefined) return `No single client explains it: ${leading.statement}${behind}`;
  if (proxy !== undefined) return `Who explains it cannot be told${behind}`;
  if (guilty.length > 0) return "The clients that stand out do not explain most of it";
  const growth =
    rest.clientsRatio === null || rest.clientsRatio <= 0
      ? ""
      : `: ${formatRatio(rest.clientsRatio)} as many clients, each at ${formatRatio(rest.ratio / rest.clientsRatio)} the usual rate`;
  return `Nobody is responsible, everything grew in proportion${growth}`;
}

function besidesThat(cause: Cause): string {
  const share = formatShare(cause.excessShare);
  return cause.kind === "flash-crowd"
    ? `${share} of the excess looks like a crowd of people`
    : `beside it, heavy clients such as ${Object.values(cause.slice).map(shortenForeign).join(", ")}, ${share} of the excess`;
}
