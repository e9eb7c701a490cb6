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

/** What touches in many formats and is one thing: nginx needs no literal between these, and we none to part them. */
export const NGINX_URLS = [
  "$scheme://$host$request_uri",
  "$scheme://$http_host$request_uri",
  "$scheme://$server_name$request_uri",
  "$scheme://$host$uri$is_args$args",
  "$uri$is_args$args",
  "$document_uri$is_args$args",
  "$uri$is_args$query_string",
] as const;
