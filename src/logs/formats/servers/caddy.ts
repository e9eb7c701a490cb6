import type { LogRecord } from "../../record.ts";
import { jsonLines } from "../objects/json-lines.ts";
import { textOfValue } from "../typed-values.ts";

/**
 * Caddy's access log in JSON. What its error log tells of a request, which looks the same, the access log tells as well. `client_ip` is who Caddy itself takes for the client: who connected, unless that is one
 * of its trusted proxies.
 * @source https://caddyserver.com/docs/caddyfile/directives/log
 */
export const caddy = jsonLines({
  name: "caddy",
  title: "Caddy access log",
  holds: "requests",
  escaping: "none",
  legs: "logged",
  fields: [
    ["ts", { time: "completed", as: "epoch-secs" }],
    ["request.client_ip", "client"],
    ["request.remote_ip", "client"],
    // Until version 2.5.
    ["request.remote_addr", "client-with-port"],
    ["request.headers.X-Forwarded-For", "forwarded-for"],
    ["request.method", "method"],
    ["request.host", "host"],
    ["request.uri", "url"],
    ["status", "status"],
    ["size", "bytes"],
    ["duration", { secs: "total", unitSecs: 1 }],
    ["request.headers.User-Agent", "user-agent"],
    ["request.headers.Referer", "referer"],
    ["request.tls.version", "tls"],
  ],
  isNamedLike: (names) => ["ts", "request", "status", "duration"].every((name) => names.has(name)),
  refine: (record, { logger }) =>
    textOfValue(logger)?.startsWith(ERROR_LOG)
      ? null
      : {
          ...record,
          scheme: record.scheme ?? (record.tls === null ? null : "https"),
          tls: nameOfTls(record.tls),
        },
});

const ERROR_LOG = "http.log.error";

/** Caddy logs the number of the protocol: 772 is 0x0304. */
const TLS_NAMES: Readonly<Record<string, string>> = { 769: "TLSv1", 770: "TLSv1.1", 771: "TLSv1.2", 772: "TLSv1.3" };

function nameOfTls(version: LogRecord["tls"]): string | null {
  return version === null ? null : (TLS_NAMES[version] ?? version);
}
