import { roundSecs } from "./field-values.ts";
import type { LegsRule, SecsField } from "./line-template.ts";
import { isPlausibleTime } from "./plausible-time.ts";

/** The seconds that a line logs. */
export type LoggedSecs = Readonly<Record<SecsField, number | null>>;

/** How long a request took, and where. */
export interface RequestLegs {
  readonly totalSecs: number | null;
  readonly backendSecs: number | null;
  readonly connectSecs: number | null;
  readonly firstByteSecs: number | null;
  readonly bodySecs: number | null;
  readonly clientSecs: number | null;
}

/** Follows a rule from the logged seconds to the legs. What is logged itself is never overruled. */
export function followLegs(logged: LoggedSecs, rule: LegsRule): RequestLegs {
  const { total, backend, connect, header, firstByte, body, client } = logged;
  const legs: RequestLegs = {
    totalSecs: total,
    backendSecs: backend,
    connectSecs: connect,
    firstByteSecs: firstByte,
    bodySecs: body,
    clientSecs: client,
  };
  if (rule === "sum") {
    const isWhole = connect !== null && firstByte !== null && body !== null;
    return {
      ...legs,
      totalSecs: total ?? (isWhole ? roundSecs(connect + firstByte + body) : null),
      backendSecs: backend ?? firstByte,
    };
  }
  if (rule === "nginx") {
    return {
      ...legs,
      firstByteSecs: firstByte ?? difference(header, connect),
      bodySecs: body ?? difference(backend, header),
      clientSecs: client ?? difference(total, backend),
    };
  }
  return legs;
}

/**
 * Tells when a request arrived and when its answer was complete, each from the other where only one of them and the
 * total are logged. The arrival is the completion where nothing else is known; null where neither is.
 */
export function requestTimes(logged: {
  readonly arrivalMs: number | null;
  readonly completedMs: number | null;
  readonly totalSecs: number | null;
}): { readonly arrivalMs: number; readonly completedMs: number | null } | null {
  const { arrivalMs, completedMs } = logged;
  const totalMs = logged.totalSecs === null ? null : Math.round(logged.totalSecs * 1_000);
  if (arrivalMs !== null) {
    return { arrivalMs, completedMs: completedMs ?? plausible(totalMs === null ? null : arrivalMs + totalMs) };
  }
  if (completedMs === null) return null;
  return { arrivalMs: plausible(totalMs === null ? null : completedMs - totalMs) ?? completedMs, completedMs };
}

/** Clocks of a log are coarser than their difference: what would be below nothing is nothing. */
function difference(whole: number | null, part: number | null): number | null {
  return whole === null || part === null ? null : Math.max(0, roundSecs(whole - part));
}

function plausible(timeMs: number | null): number | null {
  return timeMs !== null && isPlausibleTime(timeMs) ? timeMs : null;
}
