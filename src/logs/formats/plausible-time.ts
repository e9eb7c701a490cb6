/** Requests of HTTP's own lifetime; years beyond are garbage that happens to look like a time. */
export const EARLIEST_MS = Date.UTC(1991, 0);
export const LATEST_MS = Date.UTC(2100, 0);

/** Whether a request can have been logged then; false for NaN. */
export function isPlausibleTime(timeMs: number): boolean {
  return timeMs >= EARLIEST_MS && timeMs < LATEST_MS;
}
