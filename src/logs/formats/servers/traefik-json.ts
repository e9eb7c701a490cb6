import type { LogRecord } from "../../record.ts";
import { clientOf } from "../field-values.ts";
import { jsonLines } from "../objects/json-lines.ts";
import type { Fields } from "../objects/object-fields.ts";
import { textOfValue } from "../typed-values.ts";

/**
 * Traefik's access log in JSON.
 *
 * `ClientHost` is no address of who connected where the request has an X-Forwarded-For header, but that header;
 * `ClientAddr` always is the address.
 * @source https://doc.traefik.io/traefik/observability/access-logs/
 */
export const traefikJson = jsonLines({
  name: "traefik-json",
  title: "Traefik access log in JSON",
  holds: "requests",
  escaping: "none",
  legs: "logged",
  fields: [
    ["StartUTC", { time: "arrival", as: "iso" }],
    ["StartLocal", { time: "arrival", as: "iso" }],
    // When the line was written, in whole seconds; all that is left where the others are dropped.
    ["time", { time: "completed", as: "iso" }],
    ["ClientAddr", "client-with-port"],
    ["ClientHost", "client"],
    ["request_X-Forwarded-For", "forwarded-for"],
    ["RequestMethod", "method"],
    ["RequestScheme", "scheme"],
    ["RequestHost", "host"],
    ["RequestAddr", "host"],
    ["RequestPath", "url"],
    ["DownstreamStatus", "status"],
    ["DownstreamContentSize", "bytes"],
    ["Duration", { secs: "total", unitSecs: 1e-9 }],
    ["OriginDuration", { secs: "backend", unitSecs: 1e-9 }],
    ["request_User-Agent", "user-agent"],
    ["request_Referer", "referer"],
    ["TLSVersion", "tls"],
    ["ServiceAddr", "target"],
  ],
  isNamedLike: (names) =>
    names.has("requestmethod") && names.has("downstreamstatus") && (names.has("clienthost") || names.has("clientaddr")),
  refine: (record, object) => ({
    ...record,
    completedMs:
      record.totalSecs === null ? record.completedMs : record.arrivalMs + Math.round(record.totalSecs * 1000),
    forwardedFor: record.forwardedFor ?? forwardedForOf(object, record),
    // 0 where Traefik answered itself.
    backendSecs: record.backendSecs === 0 && record.target === null ? null : record.backendSecs,
    tls: record.tls === null || record.tls.startsWith("TLS") ? record.tls : `TLSv${record.tls}`,
  }),
});

function forwardedForOf(object: Fields, { client }: LogRecord): string | null {
  const host = textOfValue(object["ClientHost"]);
  return host === null || clientOf(host) === client ? null : host;
}
