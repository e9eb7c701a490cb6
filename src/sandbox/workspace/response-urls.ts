import { newSecret } from "./ids.ts";

/** @source https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
const MAX_USES = 5;
const LIFETIME_MS = 30 * 60_000;

/** Where an answer to a response_url goes. */
export interface ResponseTarget {
  readonly channelId: string;
  readonly personId: string;
  readonly threadTs: string | null;
  /** The message that was clicked on; null for a command. */
  readonly messageTs: string | null;
}

/** Addresses to answer at: each good five times, and for half an hour. */
export interface ResponseUrls {
  /** Gives the path of a new address. */
  issue(target: ResponseTarget): string;
  use(
    path: string,
  ): { readonly target: ResponseTarget } | { readonly error: "invalid_url" | "expired_url" | "used_url" };
}

export function createResponseUrls(nowMs: () => number): ResponseUrls {
  const issued = new Map<string, { target: ResponseTarget; expiresMs: number; usesLeft: number }>();
  return {
    issue: (target) => {
      const path = `/respond/${newSecret()}`;
      issued.set(path, { target, expiresMs: nowMs() + LIFETIME_MS, usesLeft: MAX_USES });
      return path;
    },
    use: (path) => {
      const entry = issued.get(path);
      if (entry === undefined) return { error: "invalid_url" };
      if (nowMs() > entry.expiresMs) return { error: "expired_url" };
      if (entry.usesLeft === 0) return { error: "used_url" };
      entry.usesLeft -= 1;
      return { target: entry.target };
    },
  };
}
