import type { TimeWindow } from "../../domain/time-window.ts";

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
  /** For people: "files under ./logs", "s3://bucket/prefix". */
  readonly description: string;
  /**
   * @param request.window null for everything
   * @param request.onFetched called as bytes arrive; totals are null until known
   * @throws {UserError} `logs-not-found` where nothing is there at all, `logs-too-big` beyond a configured limit
   * @throws {UpstreamError} where the place did not answer
   */
  fetch(request: {
    readonly window: TimeWindow | null;
    readonly onFetched?: (progress: { bytes: number; bytesTotal: number | null }) => void;
    readonly signal?: AbortSignal;
  }): Promise<{
    readonly files: readonly LocalFile[];
    readonly skipped: readonly { readonly file: string; readonly reason: string }[];
  }>;
}
