import { formatDuration } from "../src/domain/duration.ts";
import type { CommandContext } from "./context.ts";
import { shortDuration } from "./window.ts";

/** Shorter than this, a change would end before anybody can see what it did. */
const SHORTEST_SECS = 60;

/**
 * Says why something may not last so long, or so short; null where it may.
 *
 * @param what "a block", as it stands in the sentence
 */
export function durationProblem(durationSecs: number, what: string, { config }: CommandContext): string | null {
  const { maxSecs } = config.blocks;
  const allowed = `allowed are ${shortDuration(SHORTEST_SECS)} to ${shortDuration(maxSecs)}`;
  if (durationSecs < SHORTEST_SECS) return `${formatDuration(durationSecs)} is too short for ${what}; ${allowed}.`;
  if (durationSecs > maxSecs) return `${formatDuration(durationSecs)} is over the limit for ${what}; ${allowed}.`;
  return null;
}
