/**
 * Access logs of AWS Network Load Balancers: TLS connections, which hold any number of requests. Times are in UTC,
 * without saying so; that of the line is when the connection ended.
 * @source https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
 */

import type { LineTemplate } from "../line-template.ts";
import { lineParts, MAY_END, REST } from "../text/line-parts.ts";
import { templateFormat } from "../text/template-format.ts";

const ended = { time: "completed", as: "iso" } as const;
const began = { time: "arrival", as: "iso" } as const;
const lasted = { secs: "total", unitSecs: 0.001 } as const;

/**
 * In their order: type, version, time, load balancer, listener, client, destination, two times in ms, bytes received
 * and sent, alert, certificate and its number, cipher, protocol, group, domain, three protocols; and since 2021 the
 * time of creation.
 */
const template: LineTemplate = {
  parts: lineParts`${"ignored"} ${"ignored"} ${ended} ${"node"} ${"ignored"} ${"client-with-port"} ${"target"} ${lasted} ${"ignored"} ${"ignored"} ${"bytes"} ${"ignored"} ${"ignored"} ${"ignored"} ${"ignored"} ${"tls"} ${"ignored"} ${"host"} ${"ignored"} ${"ignored"} ${"ignored"}${MAY_END} ${began}${MAY_END} ${REST}`,
  escaping: "hex",
  legs: "logged",
};

export const nlb = templateFormat({
  name: "nlb",
  title: "Network Load Balancer access log",
  holds: "connections",
  templates: [template],
});
