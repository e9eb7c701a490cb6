/**
 * Envoy's access log in its default format, or in Istio's. The default one does not say who connected: all that it
 * has of the client is the X-Forwarded-For header. Envoy escapes nothing.
 * @source https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#default-format-string
 * @source https://istio.io/latest/docs/tasks/observability/logs/access-log/
 */
import type { LineTemplate, Part } from "../line-template.ts";
import { joinLiterals, lineParts, MAY_END, REST } from "../text/line-parts.ts";
import { templateFormat } from "../text/template-format.ts";

const began = { time: "arrival", as: "iso" } as const;
const total = { secs: "total", unitSecs: 0.001 } as const;
const backend = { secs: "backend", unitSecs: 0.001 } as const;

const REQUEST = lineParts`[${began}] "${"request"}" ${"status"} ${"ignored"} `;
/** Istio: why the answer is as it is, why the connection ended, and why the server behind could not be reached. */
const REASONS = lineParts`${"ignored"} ${"ignored"} "${"ignored"}" `;
/** Bytes received and sent, the two times, and the headers, of which the third is the request's id. */
const ANSWER = lineParts`${"ignored"} ${"bytes"} ${total} ${backend} "${"forwarded-for"}" "${"user-agent"}" "${"ignored"}" "${"host"}" "${"target"}"`;
/** Istio: the cluster and three addresses, of which the last is the client's. */
const ENDS = lineParts` ${"ignored"} ${"ignored"} ${"ignored"} ${"client-with-port"}`;
const OPEN_END = lineParts`${MAY_END} ${REST}`;

export const envoy = templateFormat({
  name: "envoy",
  title: "Envoy access log",
  holds: "requests",
  templates: [
    // Nothing may follow its last quote: quotes of a client's own would have moved the fields.
    templateOf([...REQUEST, ...ANSWER]),
    templateOf([...REQUEST, ...REASONS, ...ANSWER, ...ENDS, ...OPEN_END]),
  ],
});

function templateOf(parts: readonly Part[]): LineTemplate {
  return { parts: joinLiterals(parts), escaping: "none", legs: "logged" };
}
