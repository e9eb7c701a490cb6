import type { Exchange } from "./exchange.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const HEADER_BYTES = 420;

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

function localTime(epochMs: number): string {
  const iso = new Date(epochMs).toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
