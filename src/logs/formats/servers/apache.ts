/**
 * The formats of Apache that are everywhere, as Apache itself and Debian describe them.
 * @source https://httpd.apache.org/docs/current/mod/mod_log_config.html#examples
 */
import { isIP } from "node:net";
import type { CleanLine } from "../clean-line.ts";
import { compileApacheFormat } from "../described/apache-format.ts";
import { templateFormat } from "../text/template-format.ts";
import { withForwardedClients } from "./forwarded-client.ts";

const COMMON = '%h %l %u %t "%r" %>s %b';
const REFERER_AND_AGENT = '"%{Referer}i" "%{User-Agent}i"';
/** A name, or an IPv6 address in brackets, and a port or none. */
const SITE = /^(?:(?=.*[A-Za-z.])[A-Za-z0-9._-]+|\[[\da-fA-F:.]+\])(?::\d{1,5})?$/;
const HAS_PORT = /:\d{1,5}$/;
const HOST_NAME = /^[A-Za-z0-9._-]+$/;

export const apacheCommon = withForwardedClients(
  templateFormat({
    name: "apache-common",
    title: "Apache access log in the common format",
    holds: "requests",
    templates: [compileApacheFormat(COMMON)],
    // What is behind is let be, such as Tomcat's times; a quote there makes it one of the longer formats.
    isOwn: (line) => isOfApache(line) && !line.rest.includes('"'),
  }),
);

/** Names of hosts where Apache looks them up, `-` where no byte was sent. */
export const apacheCombined = withForwardedClients(
  templateFormat({
    name: "apache-combined",
    title: "Apache access log in the combined format",
    holds: "requests",
    templates: [compileApacheFormat(`${COMMON} ${REFERER_AND_AGENT}`)],
    isOwn: (line) => isOfApache(line) && !line.rest.includes('"'),
  }),
);

/** The site before the client, with its port, as Debian has it, or without. */
export const apacheVhostCombined = templateFormat({
  name: "apache-vhost-combined",
  title: "Apache access log in the combined format of several sites",
  holds: "requests",
  templates: [compileApacheFormat(`%v:%p %h %l %u %t "%r" %>s %O ${REFERER_AND_AGENT}`)],
  isOwn: ({ fields }) => {
    const [site = "", client = ""] = fields.map(({ text }) => text);
    return SITE.test(site) && (HAS_PORT.test(site) || (isIP(site) === 0 && isIP(client) !== 0));
  },
});

/** Whether the first two words are a client and who it says to be, and not a site and its client. */
function isOfApache({ fields }: CleanLine): boolean {
  const [client = "", identity = ""] = fields.map(({ text }) => text);
  return (isIP(client) !== 0 || HOST_NAME.test(client)) && isIP(identity) === 0;
}
