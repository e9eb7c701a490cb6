import type { Exchange } from "./exchange.ts";

const TLS_1_3 = 772;
const HEADER_BYTES = 420;

/**
 * Gives one line of Caddy's access log in JSON, without a line end. Its time is the end of the answer.
 *
 * @source https://caddyserver.com/docs/caddyfile/directives/log
 */
export function caddyLine({ arrival, status, doneMs, sentBytes, receivedBytes }: Exchange): string {
  const { client, method, host, path, referer } = arrival;
  return JSON.stringify({
    level: "info",
    ts: doneMs / 1_000,
    logger: "http.log.access.log0",
    msg: "handled request",
    request: {
      remote_ip: client.address,
      client_ip: client.address,
      proto: client.protocol,
      method,
      host,
      uri: path,
      headers: { "User-Agent": [client.userAgent], ...(referer !== null && { Referer: [referer] }) },
      tls: { resumed: false, version: TLS_1_3, server_name: host },
    },
    bytes_read: receivedBytes,
    duration: (doneMs - arrival.atMs) / 1_000,
    size: status === 304 ? 0 : Math.max(0, sentBytes - HEADER_BYTES),
    status,
  });
}
