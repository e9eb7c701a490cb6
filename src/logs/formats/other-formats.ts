import { cloudfront } from "./cloudfront.ts";
import { envoy } from "./envoy.ts";
import type { LogFormat } from "./format.ts";
import { haproxy } from "./haproxy.ts";
import { traefikClf } from "./traefik-clf.ts";

/** The text formats beside those of load balancers, S3, nginx and Apache. Traefik's goes before the combined ones, which it begins like. */
export const OTHER_TEXT_FORMATS: readonly LogFormat[] = [cloudfront, traefikClf, haproxy, envoy];
