import type { Meaning } from "../line-template.ts";

const secs = (field: "total" | "backend" | "connect" | "header"): Meaning => ({ secs: field, unitSecs: 1 });

/**
 * The variables of nginx that tell something of the request; every other one is let be. Where a format has several for
 * the same, the one that stands first here counts: the finest time, the address that realip made the client.
 * @source https://nginx.org/en/docs/varindex.html
 */
export const NGINX_VARIABLES: Readonly<Record<string, Meaning>> = {
  remote_addr: "client",
  realip_remote_addr: "client",
  proxy_protocol_addr: "client",
  msec: { time: "completed", as: "epoch-secs" },
  time_iso8601: { time: "completed", as: "iso" },
  time_local: { time: "completed", as: "clf" },
  request: "request",
  request_method: "method",
  request_uri: "url",
  uri: "path",
  document_uri: "path",
  args: "query",
  query_string: "query",
  scheme: "scheme",
  host: "host",
  http_host: "host",
  ssl_server_name: "host",
  server_name: "host",
  status: "status",
  body_bytes_sent: "bytes",
  bytes_sent: "bytes",
  http_referer: "referer",
  http_user_agent: "user-agent",
  http_x_forwarded_for: "forwarded-for",
  proxy_add_x_forwarded_for: "forwarded-for",
  request_time: secs("total"),
  upstream_response_time: secs("backend"),
  upstream_connect_time: secs("connect"),
  upstream_header_time: secs("header"),
  upstream_addr: "target",
  upstream_cache_status: "cache",
  ssl_protocol: "tls",
  hostname: "node",
};

/** Several variables that are one thing together. */
export interface NginxTogether {
  readonly source: string;
  readonly is: Meaning;
  /** The variable that it counts as, where a format has several for the same. */
  readonly as: string;
  /** What must follow, where the parts could not be told from what is behind without it. */
  readonly before?: string;
}

/** What touches in many formats: nginx needs no literal between these, and we none to part them. */
const URLS = [
  "$scheme://$host$request_uri",
  "$scheme://$http_host$request_uri",
  "$scheme://$server_name$request_uri",
  "$scheme://$host$uri$is_args$args",
  "$uri$is_args$args",
  "$document_uri$is_args$args",
  "$uri$is_args$query_string",
] as const;

/** URLs hold blanks and addresses colons, so that their ends are where what follows both begins. */
export const NGINX_TOGETHER: readonly NginxTogether[] = [
  ...["$request_uri", "$uri", "$document_uri", ...URLS].map((url) => ({
    source: `$request_method ${url} $server_protocol`,
    is: "request" as const,
    as: "request",
    before: '"',
  })),
  ...URLS.map((source) => ({ source, is: "url" as const, as: "request_uri" })),
  { source: "$remote_addr:$remote_port", is: "client-with-port", as: "remote_addr" },
  { source: "$realip_remote_addr:$realip_remote_port", is: "client-with-port", as: "realip_remote_addr" },
  ...["host", "http_host", "server_name"].map((name) => ({
    source: `$${name}:$server_port`,
    is: "host" as const,
    as: name,
  })),
];
