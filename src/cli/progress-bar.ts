import type { ReadProgress } from "../ports/log-reader.ts";

/** Where a bar is drawn: standard error, so that it never mixes with what is printed. */
export interface BarStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

const BAR_CHARS = 24;
const ERASE_LINE = "\r\u001b[2K";

/** Draws how far reading is on one line of a terminal, again and again; does nothing where the stream is none. */
export function createProgressBar(stream: BarStream): { show(progress: ReadProgress): void; clear(): void } {
  if (stream.isTTY !== true) return { show() {}, clear() {} };
  return {
    show: (progress) => {
      stream.write(`${ERASE_LINE}${progressLine(progress).slice(0, (stream.columns ?? 80) - 1)}`);
    },
    clear: () => {
      stream.write(ERASE_LINE);
    },
  };
}

/** Says in one line how far reading is; without a share where the total is not known. */
export function progressLine(progress: ReadProgress): string {
  const { filesDone, filesTotal, linesRead, bytesRead, bytesTotal } = progress;
  const share = bytesTotal === 0 ? 0 : Math.min(1, bytesRead / bytesTotal);
  const filled = Math.round(share * BAR_CHARS);
  const bar = "█".repeat(filled) + "░".repeat(BAR_CHARS - filled);
  const percent = `${Math.floor(share * 100)} %`.padStart(5);
  const lines = linesRead.toLocaleString("en-US");
  return `reading ${bar} ${percent}  ${filesDone} of ${filesTotal} files, ${lines} lines`;
}
