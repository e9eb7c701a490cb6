import type { TimeWindow } from "../../domain/time-window.ts";
import type { Coverage } from "../../domain/traffic.ts";

/** A log file that can be read from this machine's disk. */
export interface LocalFile {
  /** Where it is on disk. */
  readonly path: string;
  /** What people call it: the path as given, or `s3://bucket/key`. */
  readonly name: string;
  readonly bytes: number;
}

/** Finds the files that can hold a window's requests and brings them to this machine. */
export interface LogSource {
  /** For people: "files under ./logs", "ALB logs of app/web/50dc in s3://bucket/prefix". */
  readonly description: string;
  /** Prepares to bring files; the work begins with the iteration of `files`, and ends with it. */
  fetch(request: FetchRequest): Fetching;
}

export interface FetchRequest {
  /** Null for everything. */
  readonly window: TimeWindow | null;
  /** Stops the work within a second; the iteration then throws its reason. */
  readonly signal: AbortSignal;
  /** Called as bytes arrive, those from a cache too; totals are null until all is listed. */
  readonly onFetched?: (progress: FetchProgress) => void;
}

export interface FetchProgress {
  readonly bytes: number;
  readonly bytesTotal: number | null;
  readonly filesTotal: number | null;
}

export interface Fetching {
  /**
   * Whole files as they arrive, in any order; to be iterated once. Who leaves early stops the work.
   *
   * @throws {UserError} `logs-not-found` where nothing is there at all, `logs-window-missing` where everything may be
   * years, `logs-too-big` beyond a configured limit (before the first file where the first page of the listing shows it),
   * `logs-cache-unwritable` where the disk is full or closed to us
   * @throws {UpstreamError} where the place did not answer
   */
  readonly files: AsyncIterable<LocalFile>;
  /** What became of it all. Only after the iteration has ended. */
  report(): FetchReport;
}

export interface FetchReport {
  /** Files that could not be brought, and why; by name. */
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  /** Null where nothing is fetched: files on disk. */
  readonly coverage: Coverage | null;
}
