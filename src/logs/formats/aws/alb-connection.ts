/**
 * Connection logs of AWS Application Load Balancers: one line a connection, so that requests would count twice.
 * @source https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-connection-logs.html
 */

import type { LineTemplate } from "../line-template.ts";
import { lineParts, MAY_END, REST } from "../text/line-parts.ts";
import { templateFormat } from "../text/template-format.ts";

const time = { time: "completed", as: "iso" } as const;
const handshake = { secs: "connect", unitSecs: 1 } as const;

/** The client's port, the listener's, protocol, cipher; then the certificate's subject, validity, number and check. */
const template: LineTemplate = {
  parts: lineParts`${time} ${"client"} ${"ignored"} ${"ignored"} ${"tls"} ${"ignored"} ${handshake} "${"ignored"}" ${"ignored"} ${"ignored"} ${"ignored"}${MAY_END} ${REST}`,
  escaping: "hex",
  legs: "logged",
};

export const albConnection = templateFormat({
  name: "alb-connection",
  title: "Application Load Balancer connection log",
  holds: "connections",
  templates: [template],
  isOwn: ({ fields }) => isPort(fields[2]?.text) && isPort(fields[3]?.text),
});

function isPort(text = ""): boolean {
  return /^\d{1,5}$/.test(text);
}
