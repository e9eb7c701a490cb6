import { FALLBACK_ZONE, isZone, type NextTime, nextTime } from "../src/domain/wall-clock.ts";
import type { CommandContext } from "./context.ts";
import type { StartRequest } from "./words.ts";

/** When somebody's time of the day comes next, and in whose zone it was read. */
export interface StartTime {
  readonly next: NextTime;
  readonly zone: string;
  /** Why it was read in UTC and not in theirs; null where it was in theirs, or they said UTC. */
  readonly caution: string | null;
}

/** Reads a time as the clock beside whoever asked shows it; in UTC where Slack does not tell where that is. */
export async function startTime(
  { clock, isUtc }: StartRequest,
  userId: string,
  context: CommandContext,
): Promise<StartTime> {
  const nowMs = context.clock.now();
  if (isUtc) return { next: nextTime(clock, FALLBACK_ZONE, nowMs), zone: FALLBACK_ZONE, caution: null };
  const zone = await zoneOf(userId, context);
  const next = nextTime(clock, zone ?? FALLBACK_ZONE, nowMs);
  const caution = zone === null ? "Slack did not tell the zone of who asked, so the time was read as UTC." : null;
  return { next, zone: zone ?? FALLBACK_ZONE, caution };
}

async function zoneOf(userId: string, { messenger, log }: CommandContext): Promise<string | null> {
  try {
    const zone = await messenger.timeZone(userId);
    return zone !== null && isZone(zone) ? zone : null;
  } catch (error) {
    log.warn({ err: error, userId }, "zone not found");
    return null;
  }
}
