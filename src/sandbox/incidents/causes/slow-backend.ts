import { pathTemplate } from "../../../domain/path-template.ts";
import type { Ailment } from "../../site/ailment.ts";
import type { Arrival } from "../../site/arrival.ts";
import { createLostSyns, createStalls } from "../../site/proxy-faults.ts";
import type { PlayedCause, Setting } from "../setting.ts";

/** Answers take longer though nobody asks for more: a part behind is slow, or the way to it, or the clients' own. */
export function playSlowBackend(setting: Setting): PlayedCause {
  const { random, format, sites, targets } = setting;
  const variant = random.pick([
    "all-paths",
    "one-path",
    ...(sites.length > 1 ? ["one-host"] : []),
    ...(format.tells.target && targets.length > 1 ? ["one-target"] : []),
    ...(format.name === "nginx-timing" ? ["lost-syn", "stalls", "slow-clients"] : []),
  ]);
  const { slice, ail } = drawAilment(variant, setting);
  return {
    variant,
    slice,
    hasSuspects: false,
    effect: {
      shape: (_secondMs, arrivals) => arrivals,
      ailment: (arrival, target) => (setting.level(arrival.atMs) > 0 ? ail(arrival, target) : null),
    },
  };
}

interface Ails {
  readonly slice: PlayedCause["slice"];
  readonly ail: (arrival: Arrival, target: string) => Ailment | null;
}

function drawAilment(variant: string, setting: Setting): Ails {
  const { random, sites, targets } = setting;
  const slowdown = random.between(4, 20);
  if (variant === "lost-syn") return { slice: {}, ail: createLostSyns(random, random.between(0.01, 0.15)) };
  if (variant === "stalls") return { slice: {}, ail: createStalls(random, random.between(20_000, 90_000)) };
  if (variant === "slow-clients") {
    const share = random.between(0.2, 0.7);
    return { slice: {}, ail: () => (random.chance(share) ? { clientSecs: random.logNormal(2.5, 0.7) } : null) };
  }
  if (variant === "one-target") {
    const slow = random.pick(targets);
    return { slice: { target: [`${slow}:8080`] }, ail: (_arrival, target) => (target === slow ? { slowdown } : null) };
  }
  if (variant === "one-host") {
    const { host } = random.pick(sites);
    return { slice: { host: [host] }, ail: (arrival) => (arrival.host === host ? { slowdown } : null) };
  }
  if (variant === "one-path") {
    const template = pathTemplate(sites[0].archive(0));
    const start = template.slice(0, template.lastIndexOf("/") + 1);
    return { slice: { pathTemplate: [template] }, ail: ({ path }) => (path.startsWith(start) ? { slowdown } : null) };
  }
  return { slice: {}, ail: () => ({ slowdown }) };
}
