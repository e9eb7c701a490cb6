import type { TimeWindow } from "./time-window.ts";

/**
 * What a request can be counted by.
 *
 * - `ip`: the client's address; `net`: its /24 (IPv4) or /48 (IPv6)
 * - `path`: as logged, without the query; `pathTemplate`: digits, UUIDs and hashes replaced by `{id}`
 * - `referer`: as logged; `refererHost`: its host alone
 */
export const DIMENSIONS = [
  "ip",
  "net",
  "userAgent",
  "path",
  "pathTemplate",
  "host",
  "referer",
  "refererHost",
  "status",
  "method",
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Narrows a question to requests that have (`only`) or have not (`not`) these values. */
export interface TrafficFilter {
  readonly only?: Readonly<Partial<Record<Dimension, string>>>;
  readonly not?: Readonly<Partial<Record<Dimension, string>>>;
}

/** Totals of a set of requests. */
export interface TrafficCounts {
  readonly requests: number;
  /** Bytes sent to clients, as the log counts them (with or without headers). */
  readonly bytes: number;
  /** Responses with a status of 500 or more. */
  readonly errors: number;
  /** Distinct client addresses. */
  readonly clients: number;
}

/** One value of a dimension, counted in two windows. */
export interface SliceRow {
  readonly value: string;
  readonly baseline: TrafficCounts;
  readonly spike: TrafficCounts;
  /** First request with this value in either window, epoch ms. */
  readonly firstSeenMs: number;
}

/** The values of one dimension: the largest by requests in the spike or the baseline, and what was left out. */
export interface DimensionBreakdown {
  /** Largest first by `spike.requests`, then by `baseline.requests`, then by value. */
  readonly rows: readonly SliceRow[];
  /** How many distinct values there are in both windows together, the ones left out included. */
  readonly distinct: number;
  /** Requests whose value the log does not give. */
  readonly unknown: { readonly baselineRequests: number; readonly spikeRequests: number };
}

/** How the traffic of two windows divides, by every dimension asked for. */
export interface Breakdown {
  readonly baselineWindow: TimeWindow;
  readonly spikeWindow: TimeWindow;
  readonly baseline: TrafficCounts;
  readonly spike: TrafficCounts;
  readonly by: Readonly<Partial<Record<Dimension, DimensionBreakdown>>>;
}

/** Traffic at equal steps; index i covers `[startMs + i·stepMs, startMs + (i+1)·stepMs)`. Missing steps are zeros. */
export interface TrafficSeries {
  readonly startMs: number;
  readonly stepMs: number;
  readonly requests: readonly number[];
  readonly bytes: readonly number[];
  /** Responses with a status of 500 or more. */
  readonly errors: readonly number[];
  /** Distinct client addresses within each step. */
  readonly clients: readonly number[];
}

/** A metric of the service at equal steps, oldest first; null where nothing was recorded. */
export interface MetricSeries {
  readonly metric: MetricName;
  readonly unit: "count" | "bytes" | "percent" | "seconds";
  /** Whether a step's value is a total of the step or a mean over it. */
  readonly aggregation: "sum" | "mean";
  readonly startMs: number;
  readonly stepMs: number;
  readonly values: readonly (number | null)[];
}

export const METRIC_NAMES = [
  "requests",
  "bytesOut",
  "bytesIn",
  "clients",
  "errors4xx",
  "errors5xx",
  "latency",
  "latencyP95",
  "cpu",
  "healthyHosts",
  "blockedRequests",
] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

/** What became of every line of every file that was asked for: `lines = parsed + recovered + unparsed`. */
export interface Intake {
  readonly files: number;
  readonly lines: number;
  /** Lines that the fast reader took. */
  readonly parsed: number;
  /** Lines that only the tolerant reader could take. */
  readonly recovered: number;
  /** Lines that neither could read; sampled in `unparsedSamples`. */
  readonly unparsed: number;
  readonly unparsedSamples: readonly { readonly file: string; readonly line: string }[];
  /** Files that gave nothing, and why. */
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  /** Arrival of the first and the last request read, epoch ms; null where none was. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  /** Format name → number of files read as it. */
  readonly formats: Readonly<Record<string, number>>;
}

/** How much of a window's log was there to be read, and what it took to fetch it. */
export interface Coverage {
  /**
   * Objects that should be there: those found, and one for each of `missing`. Null where the layout promises no number
   * (CloudFront, S3 access logs, folders of one's own).
   */
  readonly objectsExpected: number | null;
  /** Objects whose names say that they can hold the window's requests. */
  readonly objectsFound: number;
  /**
   * Spans of the window that no object covers, oldest first, the first few as epoch ms of their start. What nobody
   * asked anything of writes no file, so a span without one is late, lost, or was quiet.
   */
  readonly missing: { readonly spans: number; readonly firstStartsMs: readonly number[] };
  /** Of those found, the ones that could not be brought: vanished, changed, cut short, empty, denied. */
  readonly objectsNotFetched: number;
  /** Of those found, the ones that were on this machine already. */
  readonly objectsFromCache: number;
  /** Of all objects brought, as stored (most are compressed), those from the cache too. */
  readonly bytes: number;
  /** Of those, the ones that came over the network. */
  readonly bytesDownloaded: number;
  /** What S3 was asked, tries that failed too; each is paid for. */
  readonly requests: { readonly list: number; readonly get: number };
  /** Up to when the newest object found covers, by its name, epoch ms; null where none was found. */
  readonly newestEndMs: number | null;
  /** When the newest object found was written, epoch ms; null where none was found. */
  readonly newestWrittenMs: number | null;
  /** When it was listed, epoch ms: what came later is not in here. */
  readonly listedMs: number;
  /** How long after a request this log usually has it, in ms; a window is complete when so much has passed. */
  readonly usualDelayMs: number;
}
