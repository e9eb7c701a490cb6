import type { Exchange } from "./exchange.ts";
import type { Random } from "./random.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const HEADER_BYTES = 420;
/** To a machine in the same network. */
const USUAL_CONNECT_SECS = 0.0006;
/** Of what a machine takes, the part until its answer begins. */
const THINKING_SHARE = 0.93;
const TARGET_PORT = 8080;

/**
 * Gives one line of nginx's `combined` log, without a line end. Its time is the end of the answer, to the second.
 *
 * @source https://nginx.org/en/docs/http/ngx_http_log_module.html
 */
export function nginxLine({ arrival, doneMs, status, sentBytes }: Exchange): string {
  const { client, method, path, referer } = arrival;
  const bodyBytes = status === 304 ? 0 : Math.max(0, sentBytes - HEADER_BYTES);
  return `${client.address} - - [${localTime(doneMs)}] "${method} ${path} ${client.protocol}" ${status} ${bodyBytes} "${referer ?? "-"}" "${client.userAgent}"`;
}

/** How the owners of a proxy would have it: `combined`, then the site, the times, the machine and the cache. */
export const NGINX_TIMING_FORMAT =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" ' +
  '"$host" rt=$request_time uct="$upstream_connect_time" uht="$upstream_header_time" urt="$upstream_response_time" ' +
  "us=$upstream_addr cs=$upstream_cache_status";

/** Gives one line in `NGINX_TIMING_FORMAT`, without a line end. */
export function nginxTimingLine(exchange: Exchange, random: Random): string {
  const { arrival, doneMs, target, cache } = exchange;
  const times = [
    `rt=${((doneMs - arrival.atMs) / 1_000).toFixed(3)}`,
    ...upstreamTimes(exchange, random),
    `us=${target === null ? "-" : `${target}:${TARGET_PORT}`}`,
    `cs=${cache === null ? "-" : cache.toUpperCase()}`,
  ];
  return `${nginxLine(exchange)} "${arrival.host}" ${times.join(" ")}`;
}

function upstreamTimes({ arrival, doneMs, target, targetSecs, connectSecs }: Exchange, random: Random): string[] {
  if (target === null) return ['uct="-"', 'uht="-"', 'urt="-"'];
  const connected = connectSecs + random.exponential(USUAL_CONNECT_SECS);
  // It was given up without an answer.
  if (targetSecs === null) {
    return [`uct="${connected.toFixed(3)}"`, 'uht="-"', `urt="${((doneMs - arrival.atMs) / 1_000).toFixed(3)}"`];
  }
  const whole = Math.max(targetSecs, connected);
  const headed = connected + (whole - connected) * THINKING_SHARE;
  return [`uct="${connected.toFixed(3)}"`, `uht="${headed.toFixed(3)}"`, `urt="${whole.toFixed(3)}"`];
}

function localTime(epochMs: number): string {
  const iso = new Date(epochMs).toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
