/** Deliveries remembered: hours of a busy channel, a few hundred kilobytes. */
const REMEMBERED = 5_000;

/**
 * Tells the first delivery of something from repeated ones, which Slack makes when an acknowledgement was late or
 * lost. It forgets the oldest, and everything at a restart: what must not happen twice is protected in the store.
 */
export function createOnce(): (key: string) => boolean {
  const seen = new Set<string>();
  return (key) => {
    if (seen.has(key)) return false;
    if (seen.size >= REMEMBERED) seen.delete(seen.values().next().value as string);
    seen.add(key);
    return true;
  };
}
