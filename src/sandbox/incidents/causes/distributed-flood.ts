import type { Arrival, Client } from "../../site/arrival.ts";
import { drawBrowser } from "../../site/browsers.ts";
import { adding } from "../../site/effect.ts";
import { drawHostingAddress } from "../../site/hosting.ts";
import { drawAddress } from "../../site/people.ts";
import { draw, type PlayedCause, pageRequest, type Setting } from "../setting.ts";

const SECOND_MS = 1_000;
/** So busy is one machine of it while it lasts, in the mean. */
const REQUESTS_EACH = { least: 2, most: 20 } as const;

/** Thousands of machines that nobody saw before ask for one page or a few, and for nothing that belongs to them. */
export function playDistributedFlood(setting: Setting): PlayedCause {
  const { random, strength, sites } = setting;
  const requests = (strength * setting.requestsPerSec(setting.onsetMs) * setting.lastsMs) / SECOND_MS;
  const size = Math.round(requests / random.between(REQUESTS_EACH.least, REQUESTS_EACH.most));
  const agents = random.pick(["one", "of-each", "switching"] as const);
  const one = drawBrowser(random);
  const homeShare = random.pick([0, 0.5, 1]);
  const machines = Array.from(
    { length: Math.min(6_000, Math.max(300, size)) },
    (): Client => ({
      address: random.chance(homeShare) ? drawAddress(random) : drawHostingAddress(random),
      userAgent: agents === "one" ? one : drawBrowser(random),
      protocol: "HTTP/1.1",
    }),
  );
  const site = sites[0];
  const paths = drawTargets(setting);
  const hasRandomQuery = random.chance(0.4);
  const referer = random.pick([null, null, `https://${site.host}/`]);

  function request(secondMs: number): Arrival {
    const machine = random.pick(machines);
    const client = agents === "switching" ? { ...machine, userAgent: drawBrowser(random) } : machine;
    const path = random.pick(paths);
    return pageRequest(
      { secondMs, client, host: site.host, path: hasRandomQuery ? `${path}?${random.hex(4)}=${random.hex(8)}` : path },
      random,
      { referer },
    );
  }

  return {
    variant: `${agents}-agent${hasRandomQuery ? "-random-query" : ""}`,
    slice: { path: paths, ...(agents === "one" && { userAgent: [one] }) },
    hasSuspects: true,
    effect: adding(
      {
        arrivals: (secondMs) =>
          draw(random, strength * setting.requestsPerSec(secondMs) * setting.level(secondMs), () => request(secondMs)),
      },
      setting.label,
    ),
  };
}

function drawTargets({ sites, random }: Setting): readonly string[] {
  const pathOnly = (path: string) => path.replace(/\?.*/, "");
  const count = random.chance(0.6) ? 1 : 2 + random.int(3);
  const drawn = Array.from({ length: count }, () => pathOnly(sites[0].landing(random)));
  return [...new Set(drawn)];
}
