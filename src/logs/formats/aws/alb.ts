/**
 * Access logs of AWS Application Load Balancers: 12 to 33 fields and more, since new ones are added at the end.
 * @source https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
 */

import type { LineTemplate } from "../line-template.ts";
import { lineParts, MAY_END, REST } from "../text/line-parts.ts";
import { templateFormat } from "../text/template-format.ts";

const completed = { time: "completed", as: "iso" } as const;
const created = { time: "arrival", as: "iso" } as const;
const waited = { secs: "connect", unitSecs: 1 } as const;
const processed = { secs: "firstByte", unitSecs: 1 } as const;
const answered = { secs: "body", unitSecs: 1 } as const;

/**
 * In their order: type, time, load balancer, client, target, three times, two statuses, bytes received and sent,
 * request, user agent, cipher, protocol, target group, trace; since 2017 domain and certificate, since 2018 rule and time of creation.
 */
const template: LineTemplate = {
  parts: lineParts`${"ignored"} ${completed} ${"node"} ${"client-with-port"} ${"target"} ${waited} ${processed} ${answered} ${"status"} ${"ignored"} ${"ignored"} ${"bytes"} "${"request"}" "${"user-agent"}" ${"ignored"} ${"tls"} ${"ignored"} "${"ignored"}"${MAY_END} "${"host"}" "${"ignored"}"${MAY_END} ${"ignored"} ${created} ${REST}`,
  escaping: "hex",
  legs: "sum",
};

export const alb = templateFormat({
  name: "alb",
  title: "Application Load Balancer access log",
  holds: "requests",
  opening: /^(?:https?|h2|grpcs|wss?) \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z (?:app\/)?[\w-]+\/[0-9a-f]+ /,
  templates: [template],
});
