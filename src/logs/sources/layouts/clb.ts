import { MINUTE_MS } from "../../../domain/time-window.ts";
import { type ElbPlace, elbLayout } from "./elb.ts";
import type { Layout } from "./layout.ts";

/**
 * Access logs of a Classic Load Balancer: not compressed, every 5 or 60 minutes as it is set there.
 *
 * @source https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/access-log-collection.html
 */
export function clbLayout(
  place: ElbPlace & { readonly loadBalancer: string; readonly intervalMinutes: 5 | 60 },
): Layout {
  const spanMs = place.intervalMinutes * MINUTE_MS;
  return elbLayout(place, {
    title: `CLB logs of ${place.loadBalancer}`,
    fileKind: "a CLB access log",
    nameInFiles: place.loadBalancer,
    tail: /^_([^_/]+)_[^_/]+\.log$/,
    spanMs,
    usualDelayMs: spanMs + 15 * MINUTE_MS,
    comes: `up to ${place.intervalMinutes + 15} minutes late`,
    whose: "`logs.loadBalancer`",
  });
}
