/**
 * How much of posting and updating a channel takes before it is refused.
 *
 * @source https://docs.slack.dev/apis/web-api/rate-limits: about one message a second a channel, with short bursts
 */
export interface RateLimit {
  readonly burst: number;
  readonly perSec: number;
}

export const DEFAULT_RATE_LIMIT: RateLimit = { burst: 10, perSec: 1 };

/** Says how long to wait before a call, in whole seconds; 0 where it may go ahead, which counts it. */
export interface RateLimiter {
  retryAfterSecs(key: string): number;
}

/** A bucket of tokens a key; a null limit refuses nothing. */
export function createRateLimiter(limit: RateLimit | null, nowMs: () => number): RateLimiter {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return {
    retryAfterSecs: (key) => {
      if (limit === null) return 0;
      const atMs = nowMs();
      const before = buckets.get(key) ?? { tokens: limit.burst, atMs };
      const tokens = Math.min(limit.burst, before.tokens + ((atMs - before.atMs) / 1000) * limit.perSec);
      const isAllowed = tokens >= 1;
      buckets.set(key, { tokens: isAllowed ? tokens - 1 : tokens, atMs });
      return isAllowed ? 0 : Math.max(1, Math.ceil((1 - tokens) / limit.perSec));
    },
  };
}
