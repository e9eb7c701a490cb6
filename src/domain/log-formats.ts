/** The names of log formats; how each is read is the business of `src/logs/formats`. */

/** Formats that are read. Where two of them fit a file equally well, the earlier is taken. */
export const KNOWN_FORMATS = [
  "alb",
  "alb-connection",
  "alb-health-check",
  "clb",
  "nlb",
  "alb-vended",
  "alb-connection-vended",
  "alb-health-check-vended",
  "nlb-vended",
  "cloudfront",
  "cloudfront-json",
  "s3-access",
  "s3-access-json",
  "waf",
  "nginx-timing",
  "ingress-nginx",
  "nginx-combined-xff",
  "nginx-combined",
  "apache-vhost-combined",
  "apache-combined",
  "apache-common",
  "caddy",
  "traefik-json",
  "traefik-clf",
  "haproxy",
  "envoy-json",
  "envoy",
  "nginx-custom",
  "apache-custom",
] as const;
export type KnownFormatName = (typeof KNOWN_FORMATS)[number];

/** Those that need no description of one's own. */
export type NamedFormat = Exclude<KnownFormatName, "nginx-custom" | "apache-custom">;
export const NAMED_FORMATS = KNOWN_FORMATS.filter(
  (name): name is NamedFormat => name !== "nginx-custom" && name !== "apache-custom",
);
