import type { LogRecord } from "../../record.ts";
import type { LogFormat } from "../format.ts";
import { lineParts } from "../text/line-parts.ts";
import { templateFormat } from "../text/template-format.ts";

const began = { time: "arrival", as: "clf" } as const;
const total = { secs: "total", unitSecs: 0.001 } as const;

/**
 * The common log format, and behind it the number of the request, the router, the server and the duration. Go quotes
 * referers and user agents; its escapes are those of Apache, but for characters beyond ASCII.
 */
const ofTemplate = templateFormat({
  name: "traefik-clf",
  title: "Traefik access log",
  holds: "requests",
  templates: [
    {
      parts: lineParts`${"client"} - ${"ignored"} [${began}] "${"request"}" ${"status"} ${"bytes"} "${"referer"}" "${"user-agent"}" ${"ignored"} "${"ignored"}" "${"target"}" ${total}ms`,
      escaping: "apache",
      legs: "logged",
    },
  ],
});

/**
 * Traefik's access log as text. The status is the server's, so that there is none where Traefik answered itself.
 *
 * Where the request has an X-Forwarded-For header, Traefik writes that in the client's place. If it names several, the
 * last is who connected to the proxy in front, and the nearest to the client's place that the line tells.
 * @source https://doc.traefik.io/traefik/observability/access-logs/
 */
export const traefikClf: LogFormat = {
  ...ofTemplate,
  recognises: (line) => ofTemplate.recognises(line.replace(FORWARDED, "").replace(ESCAPED, "")),
  open: (head) => {
    const { template, read } = ofTemplate.open(head.map((line) => line.replace(FORWARDED, "")));
    return { template, read: (line) => readForwarded(line, read) };
  },
};

const ESCAPED = /\\["\\]/g;
/** All addresses of a list but the last. */
const FORWARDED = /^(?:[^\s,"[]{1,64}, ?){1,64}(?=[^\s,"[]{1,64} - )/;

function readForwarded(line: string, read: (line: string) => LogRecord | "header" | null): LogRecord | "header" | null {
  const [before = ""] = FORWARDED.exec(line) ?? [];
  const record = read(line.slice(before.length));
  if (before === "" || record === null || record === "header") return record;
  return { ...record, forwardedFor: `${before}${record.client ?? ""}` };
}
