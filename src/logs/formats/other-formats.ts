import { cloudfront } from "./aws/cloudfront.ts";
import type { LogFormat } from "./format.ts";
import { envoy } from "./servers/envoy.ts";
import { haproxy } from "./servers/haproxy.ts";
import { traefikClf } from "./servers/traefik-clf.ts";

/** The text formats beside those of load balancers, S3, nginx and Apache. Traefik's goes before the combined ones, which it begins like. */
export const OTHER_TEXT_FORMATS: readonly LogFormat[] = [cloudfront, traefikClf, haproxy, envoy];
