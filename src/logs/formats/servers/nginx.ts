/**
 * The formats of nginx that are everywhere, as nginx itself describes them.
 * @source https://nginx.org/en/docs/http/ngx_http_log_module.html
 * @source https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/log-format/
 */
import { isIP } from "node:net";
import type { CleanLine } from "../clean-line.ts";
import { compileNginxFormat } from "../described/nginx-format.ts";
import type { LogFormat } from "../format.ts";
import { templateFormat } from "../text/template-format.ts";
import { withForwardedClients } from "./forwarded-client.ts";

const COMBINED =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';
const TIMES = 'rt=$request_time uct="$upstream_connect_time" uht="$upstream_header_time" urt="$upstream_response_time"';
const BARE_TIMES = TIMES.replaceAll('"', "");
const UPSTREAM_INFO =
  "$request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr " +
  "$upstream_response_length $upstream_response_time $upstream_status $req_id";

/** An IPv4 address, or what has a colon in it: no text is both, or a long list could be taken in very many ways. */
const HOP = String.raw`(?:unknown|\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F.[\]]*:[0-9a-fA-F.:[\]]*)`;
const FORWARDED_FOR = new RegExp(`^(?:-|${HOP}(?:, ?${HOP})*)$`);
/** How Traefik goes on behind the user agent: count, router, server and time. */
const TRAEFIK = /^(\d+|-) "[^"]*" "[^"]*" \d+ms$/;

export const nginxCombined = withForwardedClients(
  templateFormat({
    name: "nginx-combined",
    title: "nginx access log in the combined format",
    holds: "requests",
    templates: [compileNginxFormat(COMBINED)],
    isOwn: (line) => isOfNginx(line) && !TRAEFIK.test(line.rest),
  }),
);

/** The `main` of nginx's packages. The client stays `$remote_addr`, since anybody can send that header. */
export const nginxCombinedXff = templateFormat({
  name: "nginx-combined-xff",
  continues: "nginx-combined",
  title: "nginx access log in the combined format with X-Forwarded-For",
  holds: "requests",
  templates: [compileNginxFormat(`${COMBINED} "$http_x_forwarded_for"`)],
  isOwn: (line) => isOfNginx(line) && FORWARDED_FOR.test(textOf(line, "forwarded-for")),
});

/** What nginx's own blog shows for measuring the servers behind. */
export const nginxTiming = withLists(
  templateFormat({
    name: "nginx-timing",
    continues: "nginx-combined",
    title: "nginx access log with times (rt= uct= uht= urt=)",
    holds: "requests",
    templates: [
      compileNginxFormat(`${COMBINED} ${TIMES}`),
      compileNginxFormat(`${COMBINED} "$http_x_forwarded_for" ${TIMES}`),
      compileNginxFormat(`${COMBINED} ${BARE_TIMES}`),
      compileNginxFormat(`${COMBINED} "$http_x_forwarded_for" ${BARE_TIMES}`),
    ],
  }),
);

export const ingressNginx = withLists(
  templateFormat({
    name: "ingress-nginx",
    continues: "nginx-combined",
    title: "ingress-nginx access log",
    holds: "requests",
    templates: [compileNginxFormat(`${COMBINED} ${UPSTREAM_INFO}`)],
  }),
);

/** Where servers behind fail, all lines of a file may have lists of those that were asked one after another. */
function withLists(format: LogFormat): LogFormat {
  return { ...format, recognises: (line) => format.recognises(withoutLists(line)) };
}

/** Leaves the first item of each list behind the last quote. */
function withoutLists(line: string): string {
  const end = line.lastIndexOf('"');
  return line.slice(0, end) + line.slice(end).replace(/(?:, | : )[^\s,]+/g, "");
}

/** nginx logs addresses, never names, `unix:` for a socket's, `-` for a header's, and a zero where nothing was sent. */
function isOfNginx(line: CleanLine): boolean {
  const client = textOf(line, "client");
  return (isIP(client) !== 0 || client === "unix:" || client === "-") && textOf(line, "bytes") !== "-";
}

function textOf({ fields }: CleanLine, is: string): string {
  return fields.find((field) => field.is === is)?.text ?? "";
}
