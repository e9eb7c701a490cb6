import type { LogRecord } from "../../record.ts";
import type { LineReader, LogFormat } from "../format.ts";

/** All addresses of a list but the last. */
const FORWARDED = /^(?:[^\s,"[]{1,64}, ?){1,64}(?=[^\s,"[]{1,64} - )/;

/**
 * Makes a format whose lines may begin with an X-Forwarded-For header in the client's place, as servers behind a load
 * balancer are often told to write. If it names several, the last is who connected to the proxy in front, and the
 * nearest to the client's place that the line tells.
 */
export function withForwardedClients(format: LogFormat): LogFormat {
  return {
    ...format,
    recognises: (line) => format.recognises(line.replace(FORWARDED, "")),
    open: (head) => {
      const { template, read } = format.open(head.map((line) => line.replace(FORWARDED, "")));
      return { template, read: (line) => readForwarded(line, read) };
    },
  };
}

function readForwarded(line: string, read: LineReader["read"]): LogRecord | "header" | null {
  const [before = ""] = FORWARDED.exec(line) ?? [];
  const record = read(line.slice(before.length));
  if (before === "" || record === null || record === "header") return record;
  return { ...record, forwardedFor: `${before}${record.client ?? ""}` };
}
