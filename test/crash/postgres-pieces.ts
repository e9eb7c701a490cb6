import type { Step } from "./killer.ts";
import type { Cutter, Piece } from "./tcp-between.ts";

/** As the queue's connections call themselves. */
const QUEUE_APPLICATION = "spillway-queue";

/**
 * Cuts what a client says to Postgres into its messages: each statement that is run is a step.
 *
 * @source https://www.postgresql.org/docs/18/protocol-message-formats.html
 */
export function postgresCutter(): Cutter {
  let rest = Buffer.alloc(0);
  let source: Step["source"] | null = null;
  const prepared = new Map<string, string>();

  function stepOf(kind: string, body: Buffer): Step | null {
    const [first = "", second = ""] = body.toString("utf8").split("\0", 2);
    if (kind === "P") prepared.set(first, second);
    const sql = kind === "Q" ? first : kind === "B" ? prepared.get(second) : undefined;
    return sql === undefined ? null : { source: source ?? "Postgres", name: nameOf(sql) };
  }

  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const pieces: Piece[] = [];
    for (;;) {
      // Only the very first message has no letter before its length.
      const lengthAt = source === null ? 0 : 1;
      if (rest.length < lengthAt + 4) return pieces;
      const size = lengthAt + rest.readUInt32BE(lengthAt);
      if (rest.length < size) return pieces;
      const bytes = rest.subarray(0, size);
      rest = rest.subarray(size);
      const step = source === null ? null : stepOf(String.fromCharCode(bytes[0] ?? 0), bytes.subarray(5));
      source ??= bytes.includes(QUEUE_APPLICATION) ? "queue" : "Postgres";
      pieces.push({ bytes, step });
    }
  };
}

/** What a statement does, and to which table or by which function: short enough for a row of a table. */
function nameOf(sql: string): string {
  const text = sql.replace(/--.*$/gm, " ").replace(/\s+/g, " ").trim();
  const [, verb, table] =
    /\b(INSERT INTO|DELETE FROM) ([\w."]+)/i.exec(text) ??
    /\b(UPDATE) ([\w."]+)(?: AS \w+| \w+)? SET\b/i.exec(text) ??
    /^(?:WITH .*?)?(SELECT).*? FROM ([\w."]+)/i.exec(text) ??
    [];
  if (verb !== undefined && table !== undefined) {
    return `${verb.toUpperCase().split(" ")[0]} ${table.replaceAll('"', "").split(".").at(-1)}`;
  }
  const called = /^SELECT (?:[\w"]+\.)?"?(\w+)"?\(/i.exec(text)?.[1];
  return called === undefined ? text.split(" ", 1).join(" ").replace(/;$/, "") : `SELECT ${called}`;
}
