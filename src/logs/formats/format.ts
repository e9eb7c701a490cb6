/** One request as a log line tells it; null is what the line does not tell, never zero. */
export interface LogRecord {
  /** Epoch ms, UTC: when the request arrived, or where the log has only that, when it was answered. */
  readonly arrivalMs: number;
  /** The client's address as logged, without its port; a host name where the server logs those. */
  readonly ip: string | null;
  readonly method: string | null;
  /** The request's target as logged, without the query: a path, or a whole URL. */
  readonly target: string | null;
  /** The host asked for, where the line has it beside the target. */
  readonly host: string | null;
  readonly status: number | null;
  /** Sent to the client, as the log counts them. */
  readonly bytes: number | null;
  readonly userAgent: string | null;
  readonly referer: string | null;
}

/**
 * A log format, read in two ways that give the same.
 *
 * SQL takes the lines that look as they should, which are nearly all; the
 * function takes whatever SQL leaves over, and is slow and patient.
 */
export interface LogFormat {
  /**
   * Gives a query over the relation `lines(file, line)` with the columns of `LogRecord` in snake case beside `file`,
   * `line` and `is_clean`. Where `is_clean` is false the other columns mean nothing.
   */
  selectClean(lines: string): string;
  /** Reads what it can by position; null where not even the time and the client can be told. */
  read(line: string): LogRecord | null;
  /** Whether the line is of this format as its server writes it; for telling formats apart, so stricter than `read`. */
  recognises(line: string): boolean;
}
