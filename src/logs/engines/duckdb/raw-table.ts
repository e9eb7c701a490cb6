import type { TimeWindow } from "../../../domain/time-window.ts";
import { NEVER_IN_LOGS } from "../../clean-copy.ts";
import { FORMATS, type KnownFormatName } from "../../formats/index.ts";
import { EARLIEST_MS, LATEST_MS } from "../../formats/plausible-time.ts";
import { type LogDatabase, sqlText } from "./database.ts";

/** A file as the engine reads it. */
export interface ReadableFile {
  /** Its number among the files of this read. */
  readonly id: number;
  readonly path: string;
  readonly isGzip: boolean;
  readonly format: KnownFormatName;
  /** Packed, on disk. */
  readonly bytes: number;
  /** How its lines end: LF, or CR LF. */
  readonly newlineBytes: 1 | 2;
}

/** What became of a line: taken by SQL, left for the patient reader, taken by that, or read by neither. */
export const LINE_STATES = { parsed: 0, leftover: 1, recovered: 2, unparsed: 3 } as const;

/**
 * One row a physical line, whatever is in it. A line outside the window, or not (yet) read, has no `arrival_ms` and
 * is in no answer, but is counted.
 */
export async function createRawTable(database: LogDatabase): Promise<void> {
  await database.run(`CREATE TABLE raw (
    file INTEGER, state INTEGER, line_bytes INTEGER, arrival_ms BIGINT, ip VARCHAR, method VARCHAR, target VARCHAR,
    host VARCHAR, status INTEGER, bytes BIGINT, user_agent VARCHAR, referer VARCHAR, line VARCHAR)`);
}

/**
 * Gives the statement that loads files of one format.
 *
 * DuckDB's reader gets no quote character and a separator that no log holds, so that a line is a row and a stray quote
 * cannot swallow the lines behind it; the pieces are cut apart by string functions, which measured faster than the
 * reader's own quotes. It is told how lines end, so that it refuses a file with other ends in it: left to itself it
 * parts a line at a lone CR, and the lengths still add up. What the reader still refuses (no UTF-8, too long) misses in the sum of `line_bytes`, by which
 * the caller finds it: the reject tables keep one line a file, as a mark.
 */
export function loadStatement(files: readonly ReadableFile[], window: TimeWindow | null): string {
  const [first] = files;
  if (first === undefined) throw new Error("nothing to load");
  const paths = files.map((file) => sqlText(file.path)).join(", ");
  const fileId = `[${files.map((file) => file.id).join(", ")}][file_index::BIGINT + 1]`;
  const lines = `(
    SELECT ${fileId} AS file, coalesce(line, '') AS line FROM read_csv([${paths}],
      auto_detect = false, header = false, columns = {'line': 'VARCHAR'}, delim = '${NEVER_IN_LOGS}', quote = '', escape = '',
      new_line = '${first.newlineBytes === 2 ? "\\r\\n" : "\\n"}', compression = '${first.isGzip ? "gzip" : "none"}', store_rejects = true, rejects_limit = 1))`;
  // Values of lines that are not kept would only cost memory; without a window those lines are few.
  const kept = (column: string) => (window === null ? column : `if(is_kept, ${column}, NULL)`);
  const isKept =
    window === null ? "is_clean" : `is_clean AND arrival_ms >= ${window.startMs} AND arrival_ms < ${window.endMs}`;
  return `
    INSERT INTO raw
    SELECT file, if(is_clean, ${LINE_STATES.parsed}, ${LINE_STATES.leftover}), strlen(line),
      if(is_kept, arrival_ms, NULL), ${["ip", "method", "target", "host", "status"].map(kept).join(", ")},
      ${kept("if(bytes >= 0, bytes, NULL)")}, ${kept("user_agent")}, ${kept("referer")}, if(is_clean, NULL, line)
    FROM (
      SELECT *, ${isKept} AS is_kept FROM (
        SELECT * REPLACE (
          coalesce(is_clean AND arrival_ms >= ${EARLIEST_MS} AND arrival_ms < ${LATEST_MS}, false) AS is_clean)
        FROM (${FORMATS[first.format].selectClean(lines)})
      )
    )`;
}
