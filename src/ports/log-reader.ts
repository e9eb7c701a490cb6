import type { TimeWindow } from "../domain/time-window.ts";
import type { Dimension, Latency } from "../domain/traffic.ts";
import type { LogSlice } from "./log-slice.ts";

export interface ReadProgress {
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly linesRead: number;
  readonly bytesRead: number;
  readonly bytesTotal: number;
}

/** What a read that is paid for would cost, before anything runs. */
export interface PriceEstimate {
  /** Of the objects that can hold the window's requests: what is too much to fetch. */
  readonly logBytes: number;
  /** What one query reads, at most: more than that where others' objects lie in the same folders of days. */
  readonly bytes: number;
  /** How many queries are expected. */
  readonly queries: number;
  readonly usd: number;
  /** What may be spent on one question. */
  readonly limitUsd: number;
}

export interface LogReadRequest {
  /** Only requests that arrived in this window; null for all. */
  readonly window: TimeWindow | null;
  /**
   * What will be asked for beyond the usual, since all that is kept costs. Unknown where they are not named here:
   * `owner`, `query`, `queryKeys`, `queryShape`, `scheme`, `tls`, `node` and `target`.
   */
  readonly dimensions?: readonly Dimension[];
  /** Which percentiles will be asked for; all others are unknown. */
  readonly latencies?: readonly Latency[];
  readonly onProgress?: (progress: ReadProgress) => void;
  /** Is told the price where the read has one; false stops it before anything runs. Without it the limit alone counts. */
  readonly onEstimate?: (estimate: PriceEstimate) => boolean | Promise<boolean>;
  readonly signal?: AbortSignal;
}

/** Finds and reads the access logs of one service. */
export interface LogReader {
  /** What is read and from where, for people: "ALB logs in s3://bucket/prefix". */
  readonly description: string;
  /**
   * @throws {UserError} `logs-none-readable` when not one file could be read
   * @throws {UpstreamError} when the place where the logs are did not answer
   */
  read(request: LogReadRequest): Promise<LogSlice>;
}
