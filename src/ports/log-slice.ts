import type { TimeWindow } from "../domain/time-window.ts";
import type {
  ApdexCounts,
  Breakdown,
  ClientGroups,
  Dimension,
  DistinctValues,
  DurationHistogram,
  Endings,
  Intake,
  Latency,
  LatencyPercentiles,
  Legs,
  Newcomers,
  PairBreakdown,
  Rank,
  Regularity,
  RepeatCounts,
  Repeats,
  TrafficCube,
  TrafficFilter,
  TrafficSeries,
  WindowPair,
  WithoutClients,
} from "../domain/traffic.ts";

/** What every question about two windows may say. */
export interface WindowsQuestion extends WindowPair {
  readonly filter?: TrafficFilter;
}

/**
 * A part of a log, read and ready for questions. Holds memory and spill files until closed.
 *
 * What the log does not give (no referer in a common log, no query that was not read) is unknown for every request, and
 * no error. Questions may be asked at the same time.
 */
export interface LogSlice {
  readonly intake: Intake;
  /** Steps from `window.startMs` on; an empty slice gives zeros. */
  series(question: { window: TimeWindow; stepMs: number; filter?: TrafficFilter }): Promise<TrafficSeries>;
  /** The largest values of each dimension. Of equally large ones at the limit, the first seen is taken. */
  breakdown(
    question: WindowsQuestion & {
      dimensions: readonly Dimension[];
      /** Rows a dimension, taken from the largest of either window. */
      topN: number;
      rankBy?: Rank;
      /**
       * For which dimensions somebody looks at the rows' clients, which may be zeros elsewhere: to count them takes
       * longest. True for all, which is so where nothing is said.
       */
      countsClients?: boolean | readonly Dimension[];
      /** Whose seconds `backendSecs` counts: those of the servers behind, or in all of what was read as `total`. */
      secs?: "backend" | "total";
    },
  ): Promise<Breakdown>;
  /**
   * How requests divide by several dimensions at once: by each of the values listed, and all others together as null,
   * the unknown ones too. Cells come in the order of the lists, null first, and none that is empty. How many there can
   * be is for the lists to bound: each cell takes memory and time.
   */
  cube(
    question: WindowsQuestion & {
      /** The dimensions, which the cube has in the order of `DIMENSIONS`, and the values of each that count apart. */
      values: Readonly<Partial<Record<Dimension, readonly string[]>>>;
      /** Clients are zeros where this is not asked for: to count them takes longest. */
      countsClients?: boolean;
      /** As of a breakdown. */
      secs?: "backend" | "total";
    },
  ): Promise<TrafficCube>;
  /** The largest pairs of values of two different dimensions; requests that lack either are `unknown`. */
  pairs(
    question: WindowsQuestion & { dimensions: readonly [Dimension, Dimension]; topN: number; rankBy?: Rank },
  ): Promise<PairBreakdown>;
  /** Percentiles, each above 0 and up to 1, are values that occur in the log; on Athena near them (about 1 %). */
  percentiles(
    question: WindowsQuestion & { latencies: readonly Latency[]; percentiles: readonly number[] },
  ): Promise<LatencyPercentiles>;
  /** Where the seconds went, by each duration that was read. */
  legs(question: WindowsQuestion): Promise<Legs>;
  /** How one duration is spread. @param question.edgesSecs ascending, exact to the microsecond */
  histogram(question: WindowsQuestion & { leg: Latency; edgesSecs: readonly number[] }): Promise<DurationHistogram>;
  /** How content clients can be; null where in neither window the total of any request is known. */
  apdex(
    question: WindowsQuestion & { thresholdSecs: number },
  ): Promise<{ readonly baseline: ApdexCounts; readonly spike: ApdexCounts } | null>;
  /** Whether requests that took `slowSecs` or longer end together, by the ends of their total seconds. */
  endings(
    question: WindowsQuestion & { slowSecs: number; binMs: number },
  ): Promise<{ readonly baseline: Endings; readonly spike: Endings }>;
  /**
   * Requests that follow another of the same client for the same path (and query, where it was read) so soon; with `by`
   * also the `topN` values with the most of them in either window. Of equals, those with more requests are taken, then
   * the first seen.
   */
  repeats(question: WindowsQuestion & { withinSecs: number; by?: Dimension; topN?: number }): Promise<Repeats>;
  /** How many of the requests of each step are such repeats. */
  repeatSeries(question: {
    window: TimeWindow;
    stepMs: number;
    withinSecs: number;
    filter?: TrafficFilter;
  }): Promise<readonly number[]>;
  /**
   * Requests that arrive so soon after a failed one (status 500 and more, 408, 429, 460, 499) of the same client for the
   * same path arrived; the query is not compared. What arrives at the same moment as a failed one counts as later.
   */
  retries(
    question: WindowsQuestion & { withinSecs: number },
  ): Promise<{ readonly baseline: RepeatCounts; readonly spike: RepeatCounts }>;
  /**
   * How evenly these clients, 50 at most, space their requests, in the order given. Left out are those with fewer than
   * three requests, or with all of them at one moment.
   */
  regularity(question: {
    window: TimeWindow;
    filter?: TrafficFilter;
    clients: readonly string[];
  }): Promise<readonly Regularity[]>;
  /** Which clients, or networks of clients, are in which window, and when each was first seen. */
  newcomers(question: WindowsQuestion & { stepMs: number; dimension?: "ip" | "net" }): Promise<Newcomers>;
  /** How the clients of each window behave, in groups; those of `without` are left out. */
  clientGroups(
    question: WindowsQuestion & {
      without?: WithoutClients;
      /** How many groups are told apart by user agent and landing, the largest by requests. */
      topN: number;
    },
  ): Promise<ClientGroups>;
  /**
   * Clients of the spike that are not in the baseline, and asked for one of the `landings` (path templates; any where
   * there are none); with `loadNothing` only those that ask for nothing of what pages need. The busiest first, of
   * equals those that came first.
   */
  strangers(
    question: WindowsQuestion & {
      without?: WithoutClients;
      landings: readonly string[];
      loadNothing: boolean;
      topN: number;
    },
  ): Promise<readonly { readonly client: string; readonly requests: number }[]>;
  /** How many different values there are in each window. */
  distinct(question: WindowsQuestion & { dimensions: readonly Dimension[] }): Promise<DistinctValues>;
  close(): Promise<void>;
}
