/**
 * Health check logs of AWS Application Load Balancers:
 * `type time latency target_addr target_group_id status status_code reason_code elb ip_address`.
 * The balancer's own address is what connected, so it is the client.
 */

import type { LineTemplate } from "../line-template.ts";
import { lineParts, MAY_END, REST } from "../text/line-parts.ts";
import { templateFormat } from "../text/template-format.ts";

const time = { time: "completed", as: "iso" } as const;
const latency = { secs: "total", unitSecs: 1 } as const;

const template: LineTemplate = {
  parts: lineParts`${"ignored"} ${time} ${latency} ${"target"} ${"ignored"} ${"ignored"} ${"status"} ${"ignored"} ${"node"} ${"client"}${MAY_END} ${REST}`,
  escaping: "hex",
  legs: "logged",
};

export const albHealthCheck = templateFormat({
  name: "alb-health-check",
  title: "Application Load Balancer health check log",
  holds: "health-checks",
  templates: [template],
  // The check's result in words; the code of the answer comes after it.
  isOwn: ({ fields }) => /^[A-Za-z_]+$/.test(fields[5]?.text ?? ""),
});
