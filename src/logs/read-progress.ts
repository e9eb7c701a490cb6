import type { ReadProgress } from "../ports.ts";

/** About four a second: what a message or a terminal can show, and a person can follow. */
const MIN_INTERVAL_MS = 250;

/** Passes progress on at most about four times a second, and always when a file total or the end is reached. */
export function throttleProgress(
  report: ((progress: ReadProgress) => void) | undefined,
  nowMs: () => number,
): (progress: ReadProgress) => void {
  let reportedMs = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const isDone = progress.filesDone === progress.filesTotal;
    if (!report || (!isDone && nowMs() - reportedMs < MIN_INTERVAL_MS)) return;
    reportedMs = nowMs();
    report(progress);
  };
}
