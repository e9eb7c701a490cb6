/**
 * Access logs of AWS Classic Load Balancers. Their time is when the request was received.
 * Lines of before 2014 end with the request; those of TCP listeners have `- - - ` for one.
 * @source https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html
 */

import type { LineTemplate } from "../line-template.ts";
import { lineParts, MAY_END, REST } from "../text/line-parts.ts";
import { templateFormat } from "../text/template-format.ts";

const received = { time: "arrival", as: "iso" } as const;
const waited = { secs: "connect", unitSecs: 1 } as const;
const processed = { secs: "firstByte", unitSecs: 1 } as const;
const answered = { secs: "body", unitSecs: 1 } as const;

/** It may end behind each of the newer fields, or a line that is cut there could be taken for one of the old ones. */
const template: LineTemplate = {
  parts: lineParts`${received} ${"node"} ${"client-with-port"} ${"target"} ${waited} ${processed} ${answered} ${"status"} ${"ignored"} ${"ignored"} ${"bytes"} "${"request"}"${MAY_END} "${"user-agent"}"${MAY_END} ${"ignored"}${MAY_END} ${"tls"}${MAY_END} ${REST}`,
  escaping: "hex",
  legs: "sum",
};

export const clb = templateFormat({
  name: "clb",
  title: "Classic Load Balancer access log",
  holds: "requests",
  templates: [template],
});
