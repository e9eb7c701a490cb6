import type { LogFormat } from "../format.ts";
import { lineParts } from "../text/line-parts.ts";
import { templateFormat } from "../text/template-format.ts";
import { withForwardedClients } from "./forwarded-client.ts";

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
 * Traefik's access log as text. The status is the server's, so that there is none where Traefik answered itself. Where
 * the request has an X-Forwarded-For header, Traefik writes that in the client's place.
 * @source https://doc.traefik.io/traefik/observability/access-logs/
 */
export const traefikClf: LogFormat = withForwardedClients({
  ...ofTemplate,
  recognises: (line) => ofTemplate.recognises(line.replace(ESCAPED, "")),
});

const ESCAPED = /\\["\\]/g;
