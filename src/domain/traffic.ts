import type { TimeWindow } from "./time-window.ts";

/**
 * What a request can be counted by.
 *
 * - `ip`: the client's address; `net`: its /24 (IPv4) or /48 (IPv6); `wideNet`: its /16 or /32
 * - `subnet`: the /64 of an IPv6 address, within which one machine may take any; unknown for IPv4
 * - `owner`: whose network it is, where a database of networks is configured
 * - `path`: as logged, without the query; `pathTemplate`: digits, UUIDs and hashes replaced by `{id}`
 * - `resource`: `asset` for what browsers load because a page needs it, by the path's ending, `page` for all else
 * - `referer`: as logged; `refererHost`: its host alone
 * - `query`: as logged, without the question mark; `queryKeys`: the names in it alone; `queryShape`: the names, each with
 *   `={random}` where its value looks made up
 * - `scheme`: `http`, `https`, `ws`; `tls`: the protocol of the encrypted connection
 * - `cache`: what the cache says that it did, as logged
 * - `node`: which part of the service wrote the line; `target`: which server behind was asked
 */
export const DIMENSIONS = [
  "ip",
  "net",
  "subnet",
  "wideNet",
  "owner",
  "userAgent",
  "path",
  "pathTemplate",
  "resource",
  "host",
  "referer",
  "refererHost",
  "status",
  "method",
  "query",
  "queryKeys",
  "queryShape",
  "scheme",
  "cache",
  "tls",
  "node",
  "target",
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Narrows a question to requests that have (`only`) or have not (`not`, and of several `noneOf`) these values. */
export interface TrafficFilter {
  readonly only?: Readonly<Partial<Record<Dimension, string>>>;
  readonly not?: Readonly<Partial<Record<Dimension, string>>>;
  readonly noneOf?: Readonly<Partial<Record<Dimension, readonly string[]>>>;
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
  /** What the servers behind took, together, in seconds to the microsecond; null where the log gives it for none. */
  readonly backendSecs: number | null;
  /** Requests that the cache could not answer (see `cache-words.ts`); null where the log says of none what it did. */
  readonly cacheMisses: number | null;
}

/** What values can be ranked by; requests where nothing is said. */
export const RANKS = ["requests", "bytes", "backendSecs", "errors", "cacheMisses"] as const;
export type Rank = (typeof RANKS)[number];

/** The two windows that a question compares. They may overlap: what is in both counts in both. */
export interface WindowPair {
  /** An empty window (start = end) gives zeros. */
  readonly baseline: TimeWindow;
  readonly spike: TimeWindow;
}

/** One value of a dimension, counted in two windows. */
export interface SliceRow {
  readonly value: string;
  readonly baseline: TrafficCounts;
  readonly spike: TrafficCounts;
  /** First request with this value in either window, epoch ms. */
  readonly firstSeenMs: number;
}

/** The values of one dimension: the largest in the spike or the baseline, and what was left out. */
export interface DimensionBreakdown {
  /** Largest first by the rank's count in the spike, then in the baseline, then by value. */
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

/** One value of each of two dimensions that requests have together, counted in two windows. */
export interface PairRow extends Omit<SliceRow, "value"> {
  readonly values: readonly [string, string];
}

/** The pairs of values of two dimensions: the largest in the spike or the baseline, and what was left out. */
export interface PairBreakdown extends Omit<DimensionBreakdown, "rows"> {
  /** Largest first by the rank's count in the spike, then in the baseline, then by the values. */
  readonly rows: readonly PairRow[];
}

/** Durations that logs give: in all, of the server behind, and the legs of the total. */
export const LATENCIES = ["total", "backend", "connect", "firstByte", "body", "client"] as const;
export type Latency = (typeof LATENCIES)[number];

/** How long the requests of one window took. */
export interface LatencySummary {
  /** Requests whose seconds are known; the percentiles are theirs. */
  readonly known: number;
  readonly unknown: number;
  /** One for each percentile asked for, in seconds; null where nothing is known. */
  readonly secs: readonly (number | null)[];
}

/** Percentiles of durations in two windows. */
export interface LatencyPercentiles {
  /** As asked for, each above 0 and up to 1. */
  readonly percentiles: readonly number[];
  /** WebSockets (status 101), which last as long as somebody looks at a page: counted here and left out of the rest. */
  readonly webSockets: { readonly baseline: number; readonly spike: number };
  readonly by: Readonly<
    Partial<Record<Latency, { readonly baseline: LatencySummary; readonly spike: LatencySummary }>>
  >;
}

/** How many requests of one window only repeat an earlier one. */
export interface RepeatCounts {
  /** Requests whose client and path are known. */
  readonly requests: number;
  /** Of those, how many follow one of the same client for the same thing, in the same window and soon enough. */
  readonly repeats: number;
  /** 0–1; null where there is no such request. */
  readonly share: number | null;
}

export interface Repeats {
  /** Whether the query was compared too; otherwise the path alone. */
  readonly comparesQuery: boolean;
  readonly baseline: RepeatCounts;
  readonly spike: RepeatCounts;
  /** How many repeats come i to i + 1 seconds after what they repeat, i being the index. */
  readonly gapsSecs: { readonly baseline: readonly number[]; readonly spike: readonly number[] };
  /** By the values that repeats have; empty where no dimension was asked for. Most repeats of the spike first. */
  readonly rows: readonly RepeatRow[];
}

/** The requests with one value, and how many of them are repeats. */
export interface RepeatRow {
  readonly value: string;
  readonly baseline: RepeatCounts;
  readonly spike: RepeatCounts;
}

/** Which clients are new, or which networks of clients; in what follows a client stands for either. */
export interface Newcomers {
  /** Distinct clients: of each window, and of both at once. */
  readonly clients: { readonly baseline: number; readonly spike: number; readonly both: number };
  /** Requests in the spike, by whether their client is in the baseline too; of unknown clients in neither. */
  readonly spikeRequests: { readonly newcomers: number; readonly returning: number };
  /**
   * Clients whose first request in either window is in a step; from the earlier window's start to the later one's end,
   * with zeros between the windows.
   */
  readonly firstSeen: { readonly startMs: number; readonly stepMs: number; readonly clients: readonly number[] };
}

/** Distinct values in each of two windows, by dimension; 0 where the log does not give them. */
export type DistinctValues = Readonly<
  Partial<Record<Dimension, { readonly baseline: number; readonly spike: number }>>
>;

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
  /** What the servers behind took, together, in seconds; left out where the log gives it for no request. */
  readonly backendSecs?: readonly number[];
  /** From the request's arrival to the end of its answer, together, in seconds; left out likewise. */
  readonly totalSecs?: readonly number[];
  /** Requests that took a second or longer; left out as `totalSecs`. */
  readonly slow?: readonly number[];
  /** Requests that the cache could not answer; left out where the log says of none what the cache did. */
  readonly cacheMisses?: readonly number[];
}

/** Requests that have the same of the values asked for, counted in two windows; null stands for every other value. */
export interface CubeCell {
  /** In the order of the cube's dimensions. */
  readonly values: readonly (string | null)[];
  readonly baseline: TrafficCounts;
  readonly spike: TrafficCounts;
}

/** How the traffic of two windows divides by several dimensions at once. Cells add up to all, but for their clients. */
export interface TrafficCube {
  readonly dimensions: readonly Dimension[];
  readonly cells: readonly CubeCell[];
}

/** Where the seconds of requests went, in one window. WebSockets (101) are left out, here and in what follows. */
export interface LegCounts {
  /** Requests for which the leg is known. */
  readonly known: number;
  /** Their seconds together. */
  readonly secs: number;
}

/** Where the seconds of requests went, in two windows, by leg; those that were not read are left out. */
export type Legs = Readonly<Partial<Record<Latency, { readonly baseline: LegCounts; readonly spike: LegCounts }>>>;

/** How a duration is spread: how many requests lie in each class, in two windows. */
export interface DurationHistogram {
  /** Ascending, in seconds. Class i holds `edgesSecs[i-1] <= secs < edgesSecs[i]`; the first begins at 0, the last has no end. */
  readonly edgesSecs: readonly number[];
  readonly baseline: readonly number[];
  readonly spike: readonly number[];
}

/** How content the people behind requests can be, in one window. WebSockets (101) are left out. */
export interface ApdexCounts {
  /** Up to T and no error; up to 4 T; above, or an error (500 and more, 499, 460), however quick. */
  readonly satisfied: number;
  readonly tolerating: number;
  readonly frustrated: number;
  /** Of the frustrated, those that got an error (500 and more) and those whose client left before the answer (499, 460). */
  readonly failed: number;
  readonly abandoned: number;
}

/** Whether slow requests end together, as when a machine or a link stood still and then went on. */
export interface Endings {
  /** Requests of at least `slowSecs`. */
  readonly slow: number;
  /**
   * Of those, the ones in whose bin of `binMs` requests end that began in at least five different such bins. Bins are
   * counted from the epoch on.
   */
  readonly together: number;
}

/** Clients that a question leaves out, by their addresses or networks. */
export type WithoutClients = Readonly<Partial<Record<"ip" | "subnet" | "net", readonly string[]>>>;

/** Clients that behave alike, in one of two windows. What the log does not give is false or null. */
export interface ClientGroup {
  readonly window: "baseline" | "spike";
  /** In this window only, of the two. */
  readonly isNew: boolean;
  /** Nobody of their /24 or /48 is in the other window. */
  readonly isNetNew: boolean;
  readonly loadsAssets: boolean;
  /** They ask for one path template and no other. */
  readonly staysOnOne: boolean;
  readonly changesAgent: boolean;
  /** Every answer that they got was an error (500 and more). */
  readonly isTurnedAway: boolean;
  /** Of their first request; null where groups are not told apart by it, or it is unknown. */
  readonly userAgent: string | null;
  /** The path template of their first request; null likewise. */
  readonly landing: string | null;
  readonly clients: number;
  readonly requests: number;
  /** Requests for what pages need. */
  readonly assets: number;
  /** Answered with 400 to 499, and with 500 and more. */
  readonly clientErrors: number;
  readonly errors: number;
}

export interface ClientGroups {
  /** Every client whose address is known, told apart by behaviour alone. */
  readonly all: readonly ClientGroup[];
  /** The largest groups by requests where user agent and landing tell them apart too. */
  readonly named: readonly ClientGroup[];
}

/** How evenly one client spaces its requests in a window. */
export interface Regularity {
  readonly client: string;
  readonly requests: number;
  readonly meanGapSecs: number;
  /** Standard deviation of its gaps over their mean: 0 for a clock, about 1 for chance, more for people. */
  readonly gapVariation: number;
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

/**
 * What is known of a service beside its log.
 *
 * - `requests`, `errors4xx`, `errors5xx`, `latency`, `latencyP95`, `connections` (open at once, both sides of the load
 *   balancer together), `newConnections`, `healthyHosts`: as the load balancer sees them
 * - `bytesOut`, `bytesIn`, `cpu`, `diskRead`, `diskWrite`: of the hosts, all together but for `cpu`
 * - `s3Gets`, `s3BytesOut`: of the bucket behind; `edgeRequests`, `edgeBytesOut`, `cacheHitRatio` (in percent): of the
 *   cache in front
 * - `blockedRequests`, `challengedRequests`: by the firewall; `clients`: distinct, from the log
 */
export const METRIC_NAMES = [
  "requests",
  "bytesOut",
  "bytesIn",
  "clients",
  "errors4xx",
  "errors5xx",
  "latency",
  "latencyP95",
  "connections",
  "newConnections",
  "cpu",
  "diskRead",
  "diskWrite",
  "healthyHosts",
  "blockedRequests",
  "challengedRequests",
  "s3Gets",
  "s3BytesOut",
  "edgeRequests",
  "edgeBytesOut",
  "cacheHitRatio",
] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

/** What became of every line of every file that was asked for: `lines = parsed + recovered + unparsed`. */
export interface Intake {
  readonly files: number;
  readonly lines: number;
  /** Lines that are as their format has them. */
  readonly parsed: number;
  /** Of these, the ones that are no requests: they say how the others are laid out. */
  readonly headers: number;
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
  /** How each format was told, by the example of a file, for people. */
  readonly detected: readonly { readonly format: string; readonly file: string; readonly because: string }[];
  /** How complete the log is, where files were fetched; null for files on disk. */
  readonly coverage: Coverage | null;
  /** What no request in it tells, though it is asked about: sums of it are zeros that mean nothing. */
  readonly lacks?: readonly ("status" | "bytes")[];
  /** What was asked where the log lies; left out where it was read here. */
  readonly athena?: AthenaUse;
}

/** What Athena was asked for one answer, and what that cost. */
export interface AthenaUse {
  readonly queries: number;
  readonly scannedBytes: number;
  readonly usd: number;
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
