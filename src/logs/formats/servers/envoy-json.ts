import { jsonLines } from "../objects/json-lines.ts";

/**
 * Envoy's access log in JSON. Its owner names the keys: known are those of Envoy's documentation, of Envoy Gateway and
 * of Istio.
 * @source https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage
 */
export const envoyJson = jsonLines({
  name: "envoy-json",
  title: "Envoy access log in JSON",
  holds: "requests",
  escaping: "none",
  legs: "logged",
  fields: [
    ["start_time", { time: "arrival", as: "iso" }],
    ["downstream_remote_address", "client-with-port"],
    ["downstream_direct_remote_address", "client-with-port"],
    ["downstream_remote_address_without_port", "client"],
    ["x-forwarded-for", "forwarded-for"],
    ["method", "method"],
    [":method", "method"],
    ["req_method", "method"],
    ["scheme", "scheme"],
    [":authority", "host"],
    ["x-envoy-original-path", "url"],
    ["x-envoy-origin-path", "url"],
    ["path", "url"],
    [":path", "url"],
    ["response_code", "status"],
    ["bytes_sent", "bytes"],
    ["duration", { secs: "total", unitSecs: 0.001 }],
    ["x-envoy-upstream-service-time", { secs: "backend", unitSecs: 0.001 }],
    ["upstream_service_time", { secs: "backend", unitSecs: 0.001 }],
    ["user-agent", "user-agent"],
    ["referer", "referer"],
    ["downstream_tls_version", "tls"],
    ["upstream_host", "target"],
  ],
  isNamedLike: (names) =>
    names.has("start_time") &&
    names.has("response_code") &&
    ["response_flags", "bytes_sent", "duration"].some((name) => names.has(name)),
});
