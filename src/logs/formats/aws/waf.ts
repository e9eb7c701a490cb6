import type { LogRecord } from "../../record.ts";
import { jsonLines } from "../objects/json-lines.ts";

/**
 * What AWS WAF inspected. It knows nothing of the answer but the status that a rule gave instead of the origin's, which
 * it writes down where it is a rule's own. Its filters may leave out requests that were allowed.
 * @source https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html
 */
export const waf = jsonLines({
  name: "waf",
  title: "AWS WAF log",
  holds: "requests",
  escaping: "none",
  legs: "logged",
  fields: [
    ["timestamp", { time: "arrival", as: "epoch-ms" }],
    ["httpRequest.clientIp", "client"],
    ["httpRequest.headers.X-Forwarded-For", "forwarded-for"],
    ["httpRequest.httpMethod", "method"],
    ["httpRequest.scheme", "scheme"],
    ["httpRequest.headers.Host", "host"],
    ["httpRequest.headers.:authority", "host"],
    ["httpRequest.host", "host"],
    ["httpRequest.uri", "path"],
    ["httpRequest.args", "query"],
    ["httpRequest.headers.User-Agent", "user-agent"],
    ["httpRequest.headers.Referer", "referer"],
    ["responseCodeSent", "status"],
    ["action", "waf-action"],
    ["webaclId", "node"],
  ],
  isNamedLike: (names) => names.has("webaclid") && names.has("httprequest"),
  refine: (record) => ({
    ...record,
    node: nameOfWebAcl(record.node),
    host: unlessRedacted(record.host),
    path: unlessRedacted(record.path),
    query: unlessRedacted(record.query),
    userAgent: unlessRedacted(record.userAgent),
    referer: unlessRedacted(record.referer),
    forwardedFor: unlessRedacted(record.forwardedFor),
  }),
});

/** `arn:aws:wafv2:us-east-1:123456789012:global/webacl/shop/47634e95-…`; the first version of WAF logs a bare id. */
function nameOfWebAcl(arn: LogRecord["node"]): string | null {
  return /\/webacl\/([^/]+)/.exec(arn ?? "")?.[1] ?? arn;
}

/** Owners may have fields written as `REDACTED`; hosts are in small letters by now. */
function unlessRedacted(text: string | null): string | null {
  return text?.toUpperCase() === "REDACTED" ? null : text;
}
