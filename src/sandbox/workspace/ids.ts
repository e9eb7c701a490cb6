import { randomBytes } from "node:crypto";

/** An id of Slack's shape: a letter and ten characters. */
export function newId(prefix: string): string {
  const characters = [...randomBytes(10)].map((byte) => (byte % 36).toString(36));
  return prefix + characters.join("").toUpperCase();
}

/** A secret for an address or a hash. */
export function newSecret(): string {
  return randomBytes(12).toString("hex");
}

/** Gives message timestamps: seconds with six decimals, each later than the one before. */
export function createTimestamps(nowMs: () => number): () => string {
  let lastMicros = 0;
  return () => {
    lastMicros = Math.max(Math.floor(nowMs() * 1000), lastMicros + 1);
    return `${Math.floor(lastMicros / 1e6)}.${String(lastMicros % 1e6).padStart(6, "0")}`;
  };
}
