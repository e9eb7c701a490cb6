import { MINUTE_MS } from "../../../domain/time-window.ts";
import { type ElbPlace, elbLayout } from "./elb.ts";
import type { Layout } from "./layout.ts";

/** Access logs of an Application Load Balancer: a file for each node every five minutes, more where traffic is high. */
export function albLayout(place: ElbPlace & { readonly loadBalancer: string }): Layout {
  return elbLayout(place, {
    title: `ALB logs of ${place.loadBalancer}`,
    fileKind: "an ALB access log",
    nameInFiles: place.loadBalancer.replaceAll("/", "."),
    tail: /^_([^_/]+)_[^_/]+\.log\.gz$/,
    spanMs: 5 * MINUTE_MS,
    usualDelayMs: 10 * MINUTE_MS,
    comes: "5 to 10 minutes late",
    whose: "`logs.loadBalancer`",
  });
}
