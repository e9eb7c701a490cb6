import type { Scene } from "./causes/scene.ts";
import { explain, explainBesides } from "./explanations.ts";
import type { Cause, Measure, Onset } from "./finding.ts";
import { valuesIn } from "./movement.ts";
import { formatCount, formatRatio } from "./quantity.ts";
import { mean } from "./robust.ts";
import { DAY_MS, MINUTE_MS } from "./time-window.ts";
import type { Breakdown, TrafficSeries } from "./traffic.ts";
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
  const besides = second === undefined ? "" : `; ${explainBesides(second)}`;
  return `${headline(service, series, scene)} ${explain(main, scene)}${besides} (${main.kind}, ${main.score.toFixed(2)}).`;
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
  if (cause.evidence.some(({ code }) => code === "as-every-day")) return "no more than is usual at this time of day";
  const isAlike = cause.evidence.every(({ code, direction }) => code !== "windows-alike" || direction === "for");
  if (isAlike) return "nothing unusual found";
  return ratio < 1 ? "no spike, but fewer requests than before" : "no abrupt rise, but more requests than before";
}

function calmComparison({ baseline, spike, baselineWindow, spikeWindow }: Breakdown, ratio: number): string {
  const [before, now] = [formatUtcWindow(baselineWindow), formatUtcWindow(spikeWindow)];
  if (baseline.requests === 0) return `${now} has ${counted(spike.requests)}, ${before} has none`;
  if (spike.requests === 0) return `${now} has no requests, ${before} has ${counted(baseline.requests)}`;
  return `${now} has ${formatRatio(ratio)} the requests of ${before}, for its length`;
}

function counted(requests: number): string {
  return requests === 1 ? "1 request" : `${formatCount(requests)} requests`;
}

function headline(service: string, series: TrafficSeries, { onset, comparison, measure }: Scene): string {
  const ratio = measure === "requests" && comparison.ratio > 0 ? comparison.ratio : onset.ratio;
  const marginMs = Math.max(0, onset.highMs - onset.lowMs) / 2;
  const isExact = marginMs < EXACT_MS;
  const within = isExact ? "" : ` (± ${Math.ceil(marginMs / MINUTE_MS)} min)`;
  const lastMs = onset.endMs ?? series.startMs + series.requests.length * series.stepMs;
  const isToday = Math.floor(onset.onsetMs / DAY_MS) === Math.floor((lastMs - 1) / DAY_MS);
  const time = isExact ? `${formatUtcClock(onset.onsetMs)} UTC` : formatUtcTime(onset.onsetMs);
  const since = isToday ? time : formatUtc(onset.onsetMs);
  return onset.endMs === null
    ? `${service}: ${formatRatio(ratio)} its usual ${MEASURE_WORDS[measure]} since ${since}${within}, ${trend(series, onset, measure)}.`
    : `${service}: ${formatRatio(ratio)} its usual ${MEASURE_WORDS[measure]} from ${since}${within} until ${formatUtcTime(onset.endMs)}, and over now.`;
}

/** An onset that is known so well is told to the second. */
const EXACT_MS = 20_000;

const MEASURE_WORDS: Readonly<Record<Measure, string>> = {
  requests: "requests",
  backendSecs: "work for the servers behind",
  totalSecs: "time to answer",
  slow: "slow requests",
  errors: "errors",
  bytes: "bytes",
};

const MIN_TREND_STEPS = 6;
const MIN_TREND = 1.1;

/** Compares the latest third of the spike with the third before; the last step may be half-written and is left out. */
function trend(series: TrafficSeries, { onsetMs }: Onset, measure: Measure): string {
  const values = valuesIn(
    { startMs: series.startMs, stepMs: series.stepMs, values: series[measure] ?? series.requests },
    { startMs: onsetMs, endMs: series.startMs + series.requests.length * series.stepMs },
  ).slice(0, -1);
  if (values.length < MIN_TREND_STEPS) return "still going on";
  const third = Math.floor(values.length / 3);
  const latest = mean(values.slice(-third));
  const before = mean(values.slice(-2 * third, -third));
  if (latest > MIN_TREND * before) return "still rising";
  return latest * MIN_TREND < before ? "falling" : "holding";
}
