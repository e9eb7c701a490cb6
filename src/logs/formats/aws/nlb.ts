/**
 * Access logs of AWS Network Load Balancers: TLS connections, which hold any number of requests. Times are in UTC,
 * without saying so; that of the line is when the connection ended.
 * @source https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
 */

import type { LineTemplate } from "../line-template.ts";
import { joinLiterals, lineParts, MAY_END, REST } from "../text/line-parts.ts";
import { templateFormat } from "../text/template-format.ts";

const ended = { time: "completed", as: "iso" } as const;
const began = { time: "arrival", as: "iso" } as const;
const lasted = { secs: "total", unitSecs: 0.001 } as const;

/**
 * In their order: type, version, time, load balancer, listener, client, destination, two times in ms, bytes received
 * and sent, alert, certificate and its number, cipher, protocol, group, domain, two protocols, and the protocols that
 * the client would like: a dash, or a list of which each is in quotes.
 */
const UNTIL_LIST = lineParts`${"ignored"} ${"ignored"} ${ended} ${"node"} ${"ignored"} ${"client-with-port"} ${"target"} ${lasted} ${"ignored"} ${"ignored"} ${"bytes"} ${"ignored"} ${"ignored"} ${"ignored"} ${"ignored"} ${"tls"} ${"ignored"} ${"host"} ${"ignored"} ${"ignored"} `;
const LISTS = [
  lineParts`${"ignored"}`,
  lineParts`"${"ignored"}"`,
  lineParts`"${"ignored"}","${"ignored"}"`,
  lineParts`"${"ignored"}","${"ignored"}","${"ignored"}"`,
] as const;
/** Since 2021, the time of creation. */
const BEHIND_LIST = lineParts`${MAY_END} ${began}${MAY_END} ${REST}`;

function templateWith(list: LineTemplate["parts"]): LineTemplate {
  return { parts: joinLiterals([...UNTIL_LIST, ...list, ...BEHIND_LIST]), escaping: "hex", legs: "logged" };
}

const [bare, ...quoted] = LISTS;

export const nlb = templateFormat({
  name: "nlb",
  title: "Network Load Balancer access log",
  holds: "connections",
  templates: [templateWith(bare), ...quoted.map(templateWith)],
});
