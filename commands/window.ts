import { formatDuration, parseDuration } from "../src/domain/duration.ts";
import { DAY_MS, MINUTE_MS, SECOND_MS, type TimeWindow } from "../src/domain/time-window.ts";
import { UserError } from "../src/errors.ts";
import type { CommandContext } from "./context.ts";

/** What somebody asked to look at: the last so many seconds, or from one time of the UTC day to another. */
export type WindowRequest =
  | { readonly kind: "last"; readonly secs: number; readonly typed: string }
  | { readonly kind: "between"; readonly startMin: number; readonly endMin: number; readonly typed: string };

const SHORTEST_SECS = 60;
const CLOCK = /^(\d{1,2}):(\d{2})(?:-|–|\.\.)(\d{1,2}):(\d{2})z?$/i;

/** Reads "30m", "2 hours" or "14:00-15:30"; null for anything else. */
export function readWindow(word: string): WindowRequest | null {
  const secs = parseDuration(word);
  if (secs !== null) return { kind: "last", secs, typed: word };
  const [, startHour, startMinute, endHour, endMinute] = (CLOCK.exec(word) ?? []).map(Number);
  if (startHour === undefined || startMinute === undefined || endHour === undefined || endMinute === undefined) {
    return null;
  }
  if (startHour > 23 || startMinute > 59 || endHour > 24 || endMinute > 59) {
    throw new UserError("window-invalid", `"${word}" is no time of day; write 14:00-15:30, in UTC.`);
  }
  return { kind: "between", startMin: startHour * 60 + startMinute, endMin: endHour * 60 + endMinute, typed: word };
}

/**
 * Gives the window in time: a span of the clock is the latest that has begun.
 *
 * @throws {UserError} `window-too-long` or `window-too-short`, with what is allowed
 */
export function windowOf(
  request: WindowRequest | null,
  asked: { readonly command: string; readonly service: string },
  context: CommandContext,
): TimeWindow {
  const { defaultWindowSecs, maxWindowSecs } = context.config.spike;
  const nowMs = context.clock.now();
  const window =
    request?.kind === "between" ? latestSpan(request, nowMs) : lastSecs(request?.secs ?? defaultWindowSecs);
  const secs = Math.round((window.endMs - window.startMs) / SECOND_MS);
  const typed = request?.typed ?? formatDuration(secs);
  if (secs > maxWindowSecs) {
    const limit = shortDuration(maxWindowSecs);
    throw new UserError(
      "window-too-long",
      `Window ${typed} is over the ${limit} limit; try \`/${asked.command} ${asked.service} ${limit}\`.`,
    );
  }
  if (secs < SHORTEST_SECS) {
    throw new UserError(
      "window-too-short",
      `Window ${typed} is too short to compare; try \`/${asked.command} ${asked.service} 5m\`.`,
    );
  }
  return window;

  function lastSecs(length: number): TimeWindow {
    return { startMs: nowMs - length * SECOND_MS, endMs: nowMs };
  }
}

function latestSpan({ startMin, endMin }: Extract<WindowRequest, { kind: "between" }>, nowMs: number): TimeWindow {
  const lengthMin = endMin > startMin ? endMin - startMin : endMin + 24 * 60 - startMin;
  const todayMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const todaysStartMs = todayMs + startMin * MINUTE_MS;
  const startMs = todaysStartMs < nowMs ? todaysStartMs : todaysStartMs - DAY_MS;
  return { startMs, endMs: Math.min(startMs + lengthMin * MINUTE_MS, nowMs) };
}

/** As it can be typed back: "24h". */
export function shortDuration(secs: number): string {
  if (secs % 3_600 === 0) return `${secs / 3_600}h`;
  return secs % 60 === 0 ? `${secs / 60}m` : `${secs}s`;
}
