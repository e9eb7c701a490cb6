/**
 * The formats of Apache that are everywhere, as Apache itself and Debian describe them.
 * @source https://httpd.apache.org/docs/current/mod/mod_log_config.html#examples
 */
import { isIP } from "node:net";
import { compileApacheFormat } from "../described/apache-format.ts";
import { templateFormat } from "../text/template-format.ts";

const COMMON = '%h %l %u %t "%r" %>s %b';
const REFERER_AND_AGENT = '"%{Referer}i" "%{User-Agent}i"';
const SITE = /^(?=.*[A-Za-z.])[A-Za-z0-9._-]+$/;

export const apacheCommon = templateFormat({
  name: "apache-common",
  title: "Apache access log in the common format",
  holds: "requests",
  templates: [compileApacheFormat(COMMON)],
  // Whatever else is behind makes it one of the longer ones.
  isOwn: ({ rest }) => rest === "",
});

/** Names of hosts where Apache looks them up, `-` where no byte was sent. */
export const apacheCombined = templateFormat({
  name: "apache-combined",
  title: "Apache access log in the combined format",
  holds: "requests",
  templates: [compileApacheFormat(`${COMMON} ${REFERER_AND_AGENT}`)],
  isOwn: ({ rest }) => rest === "",
});

/** The site before the client, with its port, as Debian has it, or without. */
export const apacheVhostCombined = templateFormat({
  name: "apache-vhost-combined",
  title: "Apache access log in the combined format of several sites",
  holds: "requests",
  templates: [
    compileApacheFormat(`%v:%p %h %l %u %t "%r" %>s %O ${REFERER_AND_AGENT}`),
    compileApacheFormat(`%v %h %l %u %t "%r" %>s %O ${REFERER_AND_AGENT}`),
  ],
  isOwn: ({ fields }) => {
    const [site = "", second = ""] = fields.map(({ text }) => text);
    const isPort = /^\d{1,5}$/.test(second);
    return SITE.test(site) && (isPort || (isIP(site) === 0 && isIP(second) !== 0));
  },
});
