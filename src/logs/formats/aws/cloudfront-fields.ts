import type { FieldRules } from "../objects/object-fields.ts";

/**
 * What CloudFront logs, under all the names that it has for it: those of real-time logs (`cs-host`) are plain names of
 * the others (`cs(Host)`). `cs(Host)` is the distribution's own name; the site that was asked for is `x-host-header`.
 * @source https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
 */
export const CLOUDFRONT_RULES: FieldRules = {
  escaping: "percent",
  legs: "logged",
  fields: [
    ["timestamp(ms)", { time: "completed", as: "epoch-ms" }],
    ["date", { time: "completed", as: "date" }],
    ["time", { time: "completed", as: "clock" }],
    ["timestamp", { time: "completed", as: "epoch-secs" }],
    ["c-ip", "client"],
    ["x-forwarded-for", "forwarded-for"],
    ["cs-method", "method"],
    ["cs-protocol", "scheme"],
    ["x-host-header", "host"],
    ["cs(Host)", "host"],
    ["cs-uri-stem", "path"],
    ["cs-uri-query", "query"],
    ["sc-status", "status"],
    ["sc-bytes", "bytes"],
    ["time-taken", { secs: "total", unitSecs: 1 }],
    ["time-to-first-byte", { secs: "firstByte", unitSecs: 1 }],
    ["origin-lbl", { secs: "backend", unitSecs: 1 }],
    ["cs(User-Agent)", "user-agent"],
    ["cs(Referer)", "referer"],
    ["x-edge-result-type", "cache"],
    ["ssl-protocol", "tls"],
    ["x-edge-location", "node"],
  ],
};

/** Whether fields with these names, made plain, are CloudFront's; which of them are logged is for its owner to choose. */
export function areCloudfrontNames(names: ReadonlySet<string>): boolean {
  return [...names].some((name) => name.startsWith("x_edge_") || OWN_NAMES.has(name));
}

/** IIS calls its columns `c-ip` and `sc-status`, too. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  ...["x_host_header", "cs_protocol_version", "timestamp_ms", "time_to_first_byte", "origin_fbl", "origin_lbl"],
  ...["fle_status", "cache_behavior_path_pattern", "distribution_tenant_id", "primary_distribution_id"],
]);

/** The columns of standard logs, in the order in which they were added. */
export const STANDARD_NAMES: readonly string[] = `date time x-edge-location sc-bytes c-ip cs-method cs(Host)
  cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id
  x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type
  cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type
  sc-content-type sc-content-len sc-range-start sc-range-end`.split(/\s+/);

/**
 * The columns of real-time logs where all are logged that there were at first, or more.
 * @source https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/real-time-logs.html
 */
export const REAL_TIME_NAMES: readonly string[] = `timestamp c-ip time-to-first-byte sc-status sc-bytes cs-method
  cs-protocol cs-host cs-uri-stem cs-bytes x-edge-location x-edge-request-id x-host-header time-taken
  cs-protocol-version c-ip-version cs-user-agent cs-referer cs-cookie cs-uri-query x-edge-response-result-type
  x-forwarded-for ssl-protocol ssl-cipher x-edge-result-type`.split(/\s+/);
