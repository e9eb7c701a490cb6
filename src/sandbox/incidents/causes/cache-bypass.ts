import { pathTemplate } from "../../../domain/path-template.ts";
import type { Ailment } from "../../site/ailment.ts";
import type { Arrival } from "../../site/arrival.ts";
import type { Effect } from "../../site/effect.ts";
import { draw, type PlayedCause, pageRequest, type Setting } from "../setting.ts";

/** How ordinary requests come to pass the cache. */
type Variant = "preview-links" | "one-host" | "random-key";

/** Requests by ordinary people that the cache could have answered, or should never have seen, reach the machines. */
export function playCacheBypass(setting: Setting): PlayedCause {
  const { random, sites } = setting;
  const variant: Variant = random.pick(
    sites.length > 1
      ? (["preview-links", "one-host", "random-key"] as const)
      : (["preview-links", "random-key"] as const),
  );
  if (variant === "preview-links") return playPreviewLinks(setting);
  return variant === "one-host" ? playHostPassingBy(setting) : playRandomKey(setting);
}

/** Links to drafts that were passed on: few requests, each of which the database works on for long. */
function playPreviewLinks(setting: Setting): PlayedCause {
  const { random, sites, population } = setting;
  const host = (sites.at(-1) ?? sites[0]).host;
  const links = Array.from({ length: 6 + random.int(30) }, () => `/preview/${random.uuid()}?token=${random.hex(24)}`);
  const shareOfRequests = random.between(0.02, 0.08);
  const slowdown = random.between(12, 30);
  const isOwn = (arrival: Arrival) => arrival.addedBy === setting.label;

  const shape: Effect["shape"] = (secondMs, arrivals) => [
    ...arrivals,
    ...draw(random, shareOfRequests * setting.requestsPerSec(secondMs) * setting.level(secondMs), () => ({
      ...pageRequest({ secondMs, client: population.visitor().client, host, path: random.pick(links) }, random),
      isUncacheable: true,
      addedBy: setting.label,
    })),
  ];
  return {
    variant: "preview-links",
    slice: { host: [host], pathTemplate: [pathTemplate(links[0] ?? "").replace(/\?.*/, "")] },
    hasSuspects: false,
    effect: { shape, ailment: (arrival) => (isOwn(arrival) ? { slowdown } : null) },
  };
}

/** The pages of one site are no longer kept: a setting, a cookie for everybody. */
function playHostPassingBy(setting: Setting): PlayedCause {
  const { host } = setting.random.pick(setting.sites.slice(1));
  return {
    variant: "one-host",
    slice: { host: [host] },
    hasSuspects: false,
    effect: passingBy(setting, (arrival) => (arrival.host === host ? arrival : null)),
  };
}

/** Every link carries a key that differs each time, as a newsletter's or a tracker's do. */
function playRandomKey(setting: Setting): PlayedCause {
  const { random } = setting;
  const key = random.pick(["fbclid", "_", "mc_eid", "nocache", "ts"]);
  const isPlain = (arrival: Arrival) => arrival.kind === "page" && !arrival.path.includes("?");
  return {
    variant: "random-key",
    slice: { queryKeys: [key] },
    hasSuspects: false,
    effect: passingBy(setting, (arrival) =>
      isPlain(arrival) ? { ...arrival, path: `${arrival.path}?${key}=${random.hex(12)}` } : null,
    ),
  };
}

/** Lets pages that `change` gives back pass the cache, and makes them the costly ones that the cache was made for. */
function passingBy(setting: Setting, change: (arrival: Arrival) => Arrival | null): Effect {
  const { random } = setting;
  const slowdown = random.between(6, 16);
  const passing = new WeakSet<Arrival>();
  const ail: Ailment = { slowdown };

  function changed(arrival: Arrival): Arrival {
    if (arrival.kind !== "page" || arrival.status >= 400) return arrival;
    const other = change(arrival);
    if (other === null || !random.chance(setting.level(arrival.atMs))) return arrival;
    const uncached: Arrival = { ...other, isUncacheable: true };
    passing.add(uncached);
    return uncached;
  }

  return {
    shape: (secondMs, arrivals) => (setting.level(secondMs) === 0 ? arrivals : arrivals.map(changed)),
    ailment: (arrival) => (passing.has(arrival) ? ail : null),
  };
}
