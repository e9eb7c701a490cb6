/** The steps from a slice of a log to a finding, the same for a job and for files on disk. */

import { analyse } from "./domain/analysis.ts";
import type { AnalysisInput } from "./domain/analysis-input.ts";
import type { CheckedCrawler } from "./domain/crawlers.ts";
import type { Finding, Onset } from "./domain/finding.ts";
import type { GuardedRange } from "./domain/guard.ts";
import { findLead, type Lead } from "./domain/lead.ts";
import type { Counts } from "./domain/season.ts";
import { compareWindows, findGuiltyClients } from "./domain/slices.ts";
import { MINUTE_MS, minutesIn, type TimeWindow } from "./domain/time-window.ts";
import type { Breakdown, Dimension, MetricSeries, TrafficFilter, TrafficSeries } from "./domain/traffic.ts";
import { claimedCrawler, userAgentOf } from "./domain/traits.ts";
import { lookCloser } from "./looking-closer.ts";
import { observe } from "./observing.ts";
import type { LogSlice } from "./ports/log-slice.ts";
import { refine } from "./refining.ts";

/** The dimensions that a verdict is looked for in. */
const ANALYSED: readonly Dimension[] = [
  "ip",
  "net",
  "subnet",
  "wideNet",
  "userAgent",
  "path",
  "pathTemplate",
  "host",
  "referer",
  "refererHost",
  "queryShape",
  "status",
  "target",
];

/** Where a verdict looks at how many clients share a value. */
const ANALYSED_CLIENTS: readonly Dimension[] = ["ip", "subnet", "net", "userAgent", "pathTemplate"];

/**
 * Enough that no value which could explain a tenth of an excess is left out: with so many larger ones, the excess
 * would be less than one request in five hundred, and none that anybody sees.
 */
const ROWS_PER_DIMENSION = 5_000;

/** A quarter of what web pages are usually held to, since a log counts single requests. */
const DEFAULT_APDEX_SECS = 0.5;

export interface InvestigationRequest {
  readonly service: string;
  /** What to look at, baseline and spike together; null for all that the slice holds. */
  readonly span: TimeWindow | null;
  /** The usual traffic, where the asker knows it; null to find it before the onset. */
  readonly baseline: TimeWindow | null;
  readonly filter?: TrafficFilter;
  /** What else the traffic is to be divided by on the way, for others to show. */
  readonly alsoBy?: readonly Dimension[];
  readonly metrics: readonly MetricSeries[];
  /** Requests in the days before the span, in steps of any length, with the filter if there is one; null where not known. */
  readonly history?: Counts | null;
  /** T of Apdex, in seconds: within it people are satisfied. */
  readonly apdexSecs?: number;
  readonly limits: AnalysisInput["limits"];
  /** Tells who is a search engine's crawler; left out where nobody can be asked. */
  readonly checkCrawlers?: CrawlerChecker;
}

type CrawlerChecker = (
  clients: readonly { readonly address: string; readonly claims: string | null }[],
) => Promise<readonly CheckedCrawler[]>;

export interface InvestigationResult {
  /** Minute steps over all that was looked at; the first and the last may be cut short. */
  readonly series: TrafficSeries;
  /** What is drawn and judged: whole minutes only. */
  readonly wholeMinutes: TrafficSeries;
  readonly breakdown: Breakdown;
  /** Null where the slice holds no request. */
  readonly finding: Finding | null;
  /** What the first cause's slice accounts for, on the steps of `wholeMinutes`; null where no slice is guilty. */
  readonly guilty: TrafficSeries | null;
}

/** Asks a slice of a log everything that a verdict needs, and makes the verdict. */
export async function investigateSlice(slice: LogSlice, request: InvestigationRequest): Promise<InvestigationResult> {
  const span = covered(request.span, slice);
  const filter = request.filter ? { filter: request.filter } : {};
  const series = await slice.series({ window: minutesAround(span), stepMs: MINUTE_MS, ...filter });
  const wholeMinutes = withoutCutMinutes(series, span);
  // Where the log tells only what requests took in all, that is the nearest to what the servers behind took.
  const secs = wholeMinutes.backendSecs === undefined && wholeMinutes.totalSecs !== undefined ? "total" : "backend";
  const { breakdown, lead, risesEveryDay } = await compare(slice, request, { span, wholeMinutes, secs });
  if (breakdown.baseline.requests + breakdown.spike.requests === 0) {
    return { series, wholeMinutes, breakdown, finding: null, guilty: null };
  }

  const onset = lead?.onset ?? statedOnset(breakdown, request.baseline !== null, span);
  const [observations, crawlers] =
    onset === null
      ? [null, []]
      : await Promise.all([
          observe(slice, breakdown, {
            filter: request.filter,
            apdexSecs: request.apdexSecs ?? DEFAULT_APDEX_SECS,
            secs,
          }),
          crawlersIn(breakdown, request.checkCrawlers),
        ]);
  const isByRequests = (lead?.measure ?? "requests") === "requests" && lead !== null;
  const finding = analyse({
    service: request.service,
    series: wholeMinutes,
    onset:
      onset !== null && observations !== null && isByRequests
        ? await refine(slice, onset, { breakdown, observations, filter: request.filter })
        : onset,
    measure: lead?.measure ?? "requests",
    foundIn: lead?.foundIn ?? "whole",
    risesEveryDay,
    breakdown,
    ...(observations !== null && { observations }),
    metrics: request.metrics,
    crawlers,
    limits: withGuards(request.limits, crawlers),
  });
  const guiltySlice = finding.causes[0].slice;
  const guilty =
    Object.keys(guiltySlice).length === 0
      ? null
      : await slice.series({
          window: windowOf(wholeMinutes),
          stepMs: MINUTE_MS,
          filter: { ...request.filter, only: { ...request.filter?.only, ...guiltySlice } },
        });
  return { series, wholeMinutes, breakdown, finding, guilty };
}

/** Heavy clients that are looked up, the heaviest first; each costs DNS a question or two. */
const MAX_LOOKED_UP = 10;

async function crawlersIn(breakdown: Breakdown, check: CrawlerChecker | undefined): Promise<readonly CheckedCrawler[]> {
  if (check === undefined) return [];
  const clients = findGuiltyClients(breakdown, compareWindows(breakdown))
    .filter(({ dimension }) => dimension === "ip")
    .slice(0, MAX_LOOKED_UP);
  return check(
    clients.map((client) => ({
      address: client.row.value,
      claims: claimedCrawler(userAgentOf(client, breakdown) ?? ""),
    })),
  );
}

/** Whom DNS confirms is no more to be blocked than who is in a published list, which is guarded already. */
function withGuards(limits: AnalysisInput["limits"], crawlers: readonly CheckedCrawler[]): AnalysisInput["limits"] {
  const guards = crawlers
    .filter(({ check, toldBy }) => check === "verified" && toldBy === "dns")
    .map(({ address, name }): GuardedRange => ({ cidr: address, rule: "crawler", whose: `${name}, confirmed by DNS` }));
  return guards.length === 0 ? limits : { ...limits, guarded: [...(limits.guarded ?? []), ...guards] };
}

/** Holds the time before what rose against the time since; where nothing rises out of the whole, looks closer. */
async function compare(
  slice: LogSlice,
  request: InvestigationRequest,
  read: { readonly span: TimeWindow; readonly wholeMinutes: TrafficSeries; readonly secs: "backend" | "total" },
): Promise<{ breakdown: Breakdown; lead: Lead | null; risesEveryDay: boolean }> {
  const { span, wholeMinutes, secs } = read;
  const { filter, history = null } = request;
  const divide = (windows: { baseline: TimeWindow; spike: TimeWindow }) =>
    slice.breakdown({
      ...windows,
      dimensions: [...new Set([...ANALYSED, ...(request.alsoBy ?? [])])],
      topN: ROWS_PER_DIMENSION,
      countsClients: ANALYSED_CLIENTS,
      secs,
      ...(filter && { filter }),
    });
  if (request.baseline) {
    return { breakdown: await divide(statedWindows(request.baseline, span)), lead: null, risesEveryDay: false };
  }
  const lead = findLead(wholeMinutes, history);
  const breakdown = await divide(windowsAround(lead?.onset ?? null, span));
  const known = { breakdown, lead, risesEveryDay: false };
  if (lead !== null || breakdown.baseline.requests + breakdown.spike.requests === 0) return known;
  // Whatever makes it rise every day would be found in some part of it, and be no news.
  if (history !== null && findLead(wholeMinutes)?.measure === "requests") return { ...known, risesEveryDay: true };
  const hidden = await lookCloser(slice, { series: wholeMinutes, halves: breakdown, filter });
  if (hidden === null) return known;
  return { ...known, breakdown: await divide(windowsAround(hidden.onset, span)), lead: hidden };
}

function statedWindows(baseline: TimeWindow, span: TimeWindow): { baseline: TimeWindow; spike: TimeWindow } {
  const startMs = baseline.endMs <= span.startMs || baseline.endMs >= span.endMs ? span.startMs : baseline.endMs;
  return { baseline, spike: { startMs, endMs: span.endMs } };
}

function windowsAround(onset: Onset | null, span: TimeWindow): { baseline: TimeWindow; spike: TimeWindow } {
  // Without an onset the later half is held against the earlier one, so that "nothing unusual" has its numbers too.
  const splitMs = onset?.onsetMs ?? span.startMs + Math.floor((span.endMs - span.startMs) / 2);
  return {
    baseline: { startMs: Math.min(span.startMs, splitMs), endMs: splitMs },
    // Up to the last record and no further: minutes without records would thin the rates.
    spike: { startMs: splitMs, endMs: onset?.endMs ?? Math.max(splitMs, span.endMs) },
  };
}

/** Half as much again: less than this between two windows that somebody chose is not called a spike. */
const STATED_MIN_RATIO = 1.5;

/** Takes the asker's word for when it began, if the two windows really differ. */
function statedOnset(breakdown: Breakdown, isStated: boolean, span: TimeWindow): Onset | null {
  if (!isStated) return null;
  const usualPerMin = breakdown.baseline.requests / Math.max(1, minutesIn(breakdown.baselineWindow));
  const spikePerMin = breakdown.spike.requests / Math.max(1, minutesIn(breakdown.spikeWindow));
  if (usualPerMin === 0 || spikePerMin / usualPerMin < STATED_MIN_RATIO) return null;
  const { startMs, endMs } = breakdown.spikeWindow;
  return {
    onsetMs: startMs,
    lowMs: startMs,
    highMs: startMs,
    endMs: endMs < span.endMs ? endMs : null,
    ratio: spikePerMin / usualPerMin,
  };
}

/**
 * The part of the span for which there are records. A log that is late, or begins late, is not a service without
 * traffic: its empty minutes would look like a drop, or make what follows look like a spike.
 */
function covered(span: TimeWindow | null, slice: LogSlice): TimeWindow {
  const { firstMs, lastMs } = slice.intake;
  if (firstMs === null || lastMs === null) return { startMs: 0, endMs: 0 };
  return {
    startMs: Math.max(firstMs, span?.startMs ?? firstMs),
    endMs: Math.min(lastMs + 1, span?.endMs ?? Number.POSITIVE_INFINITY),
  };
}

function minutesAround(window: TimeWindow): TimeWindow {
  return {
    startMs: Math.floor(window.startMs / MINUTE_MS) * MINUTE_MS,
    endMs: Math.ceil(window.endMs / MINUTE_MS) * MINUTE_MS,
  };
}

/** With fewer whole minutes than this, the cut ones are better than nothing. */
const MIN_WHOLE_MINUTES = 3;

/** Leaves out a first and a last minute that the span only touches: they would be read as a rise and a drop. */
function withoutCutMinutes(series: TrafficSeries, span: TimeWindow): TrafficSeries {
  const { startMs, endMs } = windowOf(series);
  const first = startMs < span.startMs ? 1 : 0;
  const end = series.requests.length - (endMs > span.endMs ? 1 : 0);
  if (end - first < MIN_WHOLE_MINUTES) return series;
  return {
    startMs: startMs + first * series.stepMs,
    stepMs: series.stepMs,
    requests: series.requests.slice(first, end),
    bytes: series.bytes.slice(first, end),
    errors: series.errors.slice(first, end),
    clients: series.clients.slice(first, end),
    ...(series.backendSecs && { backendSecs: series.backendSecs.slice(first, end) }),
    ...(series.totalSecs && { totalSecs: series.totalSecs.slice(first, end) }),
    ...(series.slow && { slow: series.slow.slice(first, end) }),
    ...(series.cacheMisses && { cacheMisses: series.cacheMisses.slice(first, end) }),
  };
}

function windowOf(series: TrafficSeries): TimeWindow {
  return { startMs: series.startMs, endMs: series.startMs + series.requests.length * series.stepMs };
}
