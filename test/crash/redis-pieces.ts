import { createHash } from "node:crypto";
import type { Cutter, Piece } from "./tcp-between.ts";

/** First lines of the scripts that were sent in full, by their hashes: afterwards only those are sent. */
const titles = new Map<string, string>();

/**
 * Cuts what a client says to Redis into its commands, each of which is a step.
 *
 * @source https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export function redisCutter(): Cutter {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const pieces: Piece[] = [];
    for (;;) {
      const command = readCommand(rest);
      if (command === null) return pieces;
      pieces.push({ bytes: rest.subarray(0, command.size), step: { source: "queue", name: nameOf(command.words) } });
      rest = rest.subarray(command.size);
    }
  };
}

/** Null where it is not whole yet. */
function readCommand(bytes: Buffer): { readonly words: readonly string[]; readonly size: number } | null {
  const words: string[] = [];
  let at = 0;
  const number = (): number | null => {
    const end = bytes.indexOf("\r\n", at);
    if (end < 0) return null;
    const value = Number(bytes.toString("latin1", at + 1, end));
    at = end + 2;
    return value;
  };
  const count = number();
  if (count === null) return null;
  for (let index = 0; index < count; index += 1) {
    const length = number();
    if (length === null || bytes.length < at + length + 2) return null;
    words.push(bytes.toString("utf8", at, at + length));
    at += length + 2;
  }
  return { words, size: at };
}

function nameOf([command = "", first = ""]: readonly string[]): string {
  const verb = command.toUpperCase();
  if (verb === "EVALSHA") return titles.get(first) ?? "a script";
  if (verb !== "EVAL") return verb;
  const title = first.replace(/^\s*--\[\[\s*/, "").split(/\n|\. /, 1)[0] ?? "";
  titles.set(createHash("sha1").update(first).digest("hex"), title.trim().toLowerCase().slice(0, 44));
  return titles.get(createHash("sha1").update(first).digest("hex")) ?? "a script";
}
