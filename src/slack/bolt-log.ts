import { type Logger, LogLevel } from "@slack/web-api";
import type { Log } from "../log.ts";

/**
 * Lets Slack's libraries write to our log. Their debug lines hold whole messages and are dropped; what they warn of
 * is a debug line here, because whoever made the call reports what came of it.
 */
export function boltLog(log: Log): Logger {
  const say = (parts: unknown[]) => log.debug({ detail: parts.map(short).join(" ") }, "slack library");
  return {
    debug: () => {},
    info: () => {},
    warn: (...parts) => say(parts),
    error: (...parts) => say(parts),
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  };
}

function short(part: unknown): string {
  return (part instanceof Error ? `${part.name}: ${part.message}` : String(part)).slice(0, 300);
}
