import { compileApacheFormat } from "./described/apache-format.ts";
import { compileNginxFormat } from "./described/nginx-format.ts";
import type { LogFormat } from "./format.ts";
import { templateFormat } from "./text/template-format.ts";

/** A format as the server's configuration has it. */
export type FormatString = { readonly nginx: string } | { readonly apache: string };

/**
 * Makes a format of a server's own description of it. It is never guessed: files are of it where the user says so.
 * @throws {UserError} `bad-log-format`, saying what cannot be read, and what can
 */
export function createCustomFormat(format: FormatString): LogFormat {
  return "nginx" in format
    ? templateFormat({
        name: "nginx-custom",
        title: "nginx access log in a format of your own",
        holds: "requests",
        templates: [compileNginxFormat(format.nginx)],
      })
    : templateFormat({
        name: "apache-custom",
        title: "Apache access log in a format of your own",
        holds: "requests",
        templates: [compileApacheFormat(format.apache)],
      });
}
