import { MINUTE_MS } from "../../../domain/time-window.ts";
import { type ElbPlace, elbLayout } from "./elb.ts";
import type { Layout } from "./layout.ts";

/**
 * Access logs of a Network Load Balancer, of its TLS listeners alone. Names do not say which node they are of.
 *
 * @source https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
 */
export function nlbLayout(place: ElbPlace & { readonly loadBalancer: string }): Layout {
  return elbLayout(place, {
    title: `NLB logs of ${place.loadBalancer}`,
    fileKind: "an NLB access log",
    nameInFiles: place.loadBalancer.replaceAll("/", "."),
    tail: /^_[^_/]+\.log\.gz$/,
    spanMs: 5 * MINUTE_MS,
    usualDelayMs: 10 * MINUTE_MS,
    comes: "5 to 10 minutes late",
    whose: "`logs.loadBalancer`",
  });
}
