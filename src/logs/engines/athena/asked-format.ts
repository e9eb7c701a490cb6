import { UserError } from "../../../errors.ts";
import type { S3LogsConfig } from "../../sources/layouts/registry.ts";
import { type AthenaFormat, LINE_FORMATS } from "./line-formats.ts";

/** What AWS itself writes in one format; elsewhere a file has to be looked into, which Athena does not do for us. */
const OF_LAYOUT: Readonly<Partial<Record<S3LogsConfig["layout"], AthenaFormat>>> = {
  alb: "alb",
  nlb: "nlb",
  clb: "clb",
  cloudfront: "cloudfront",
  "s3-access": "s3-access",
  "s3-access-partitioned": "s3-access",
  waf: "waf",
};
/** They tell of X-Forwarded-For, which our queries do not follow: a proxy would be taken for the client. */
const WITH_FORWARDED: readonly AthenaFormat[] = ["cloudfront", "waf"];

/**
 * Gives the format in which Athena is asked about a service's logs.
 *
 * @throws {UserError} `athena-format`, `athena-proxies`
 */
export function askedFormat(service: string, config: S3LogsConfig): AthenaFormat {
  const { layout, trustedProxies } = config;
  const format = config.format === "auto" ? (OF_LAYOUT[layout] ?? "auto") : config.format;
  if (typeof format !== "string" || !isAsked(format)) {
    const given = typeof format === "string" ? `format ${format}` : "a format of one's own";
    throw new UserError(
      "athena-format",
      `services.${service}.logs: layout ${layout} in ${given} cannot be asked about in Athena. Set \`format\` to one of ${Object.keys(LINE_FORMATS).join(", ")}, or take \`athena\` out.`,
    );
  }
  if (trustedProxies.length > 0 && WITH_FORWARDED.includes(format)) {
    throw new UserError(
      "athena-proxies",
      `services.${service}.logs: layout ${layout} with \`trustedProxies\` cannot be asked about in Athena, where X-Forwarded-For is not followed. Take \`trustedProxies\` or \`athena\` out.`,
    );
  }
  return format;
}

function isAsked(format: string): format is AthenaFormat {
  return Object.hasOwn(LINE_FORMATS, format);
}
