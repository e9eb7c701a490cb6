import type { ReadProgress } from "../ports/log-reader.ts";
import type { FileResult } from "./reading/file-reader.ts";
import type { FetchProgress } from "./sources/source.ts";

/** Keeps count of how far a read is, and tells it. */
export interface ProgressCounter {
  onFetched(fetched: FetchProgress): void;
  onRows(rows: number): void;
  onRead(part: { readonly bytes: number; readonly isLast: boolean }, result: FileResult): void;
}

export function createProgress(onProgress: ((progress: ReadProgress) => void) | undefined): ProgressCounter {
  const now = { filesDone: 0, filesTotal: 0, linesRead: 0, bytesRead: 0, bytesTotal: 0 };
  /** Rows of which it is not yet known of how many lines they are. */
  let rows = 0;

  function tell(): void {
    onProgress?.({
      ...now,
      filesTotal: Math.max(now.filesTotal, now.filesDone),
      linesRead: Math.max(now.linesRead, rows),
      bytesTotal: Math.max(now.bytesTotal, now.bytesRead),
    });
  }

  return {
    onFetched({ bytesTotal, filesTotal }) {
      now.bytesTotal = bytesTotal ?? now.bytesTotal;
      now.filesTotal = filesTotal ?? now.filesTotal;
      tell();
    },
    onRows(more) {
      rows += more;
      tell();
    },
    onRead({ bytes, isLast }, result) {
      if (isLast) now.filesDone += 1;
      now.bytesRead += bytes;
      if (result.kind === "read") now.linesRead += result.counts.lines;
      tell();
    },
  };
}
