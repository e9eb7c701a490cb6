import { pathTemplate } from "../../../domain/path-template.ts";
import type { Arrival } from "../../site/arrival.ts";
import { createWaitingRoom } from "../../site/waiting-room.ts";
import type { PlayedCause, Setting } from "../setting.ts";

const MOST_TRIES = 25;

type Pace = "one-second" | "two-seconds" | "exponential";

/** A backend fails, and every client asks again and again until it gets an answer or gives up. */
export function playRetryStorm(setting: Setting): PlayedCause {
  const { random, label } = setting;
  const { isHit, slice, reach, share } = drawReach(setting);
  const pace: Pace = random.pick(["one-second", "two-seconds", "exponential"] as const);
  const failedShare = random.between(0.6, 0.95);
  const status = random.pick([502, 503, 504] as const);
  const afterSecs = status === 504 ? random.between(1, 5) : random.between(0.002, 0.05);
  // Not all tries fail, and what fails is only a part of all.
  const triesAtMost = Math.min(MOST_TRIES, Math.max(2, Math.ceil((setting.strength / share / failedShare) * 1.3)));
  const waiting = createWaitingRoom();

  function eager(arrival: Arrival, tries: number): Arrival {
    const onAnswer = (given: number, doneMs: number) => {
      arrival.onAnswer?.(given, doneMs);
      if (given < 500 || tries >= triesAtMost || setting.level(arrival.atMs) === 0) return;
      waiting.add(
        eager({ ...arrival, atMs: doneMs + gapMs(pace, tries, random.between(0.95, 1.05)), addedBy: label }, tries + 1),
      );
    };
    return { ...arrival, onAnswer };
  }

  return {
    variant: `${reach}-${pace}`,
    slice,
    hasSuspects: false,
    effect: {
      shape(secondMs, arrivals) {
        const again = waiting.due(secondMs);
        if (setting.level(secondMs) === 0) return again.length === 0 ? arrivals : [...arrivals, ...again];
        return [
          ...arrivals.map((arrival) => (isHit(arrival) && arrival.addedBy === undefined ? eager(arrival, 0) : arrival)),
          ...again,
        ];
      },
      ailment: (arrival) =>
        isHit(arrival) && random.chance(failedShare * setting.level(arrival.atMs))
          ? { failure: { status, afterSecs } }
          : null,
    },
  };
}

function gapMs(pace: Pace, tries: number, jitter: number): number {
  const base = pace === "one-second" ? 1_000 : pace === "two-seconds" ? 2_000 : 1_000 * 2 ** Math.min(tries, 5);
  return Math.round(base * jitter);
}

/** Everything fails, or what one service behind is asked for, or one site. */
function drawReach({ sites, random }: Setting): {
  reach: string;
  /** How much of all requests that is, roughly. */
  share: number;
  isHit: (arrival: Arrival) => boolean;
  slice: PlayedCause["slice"];
} {
  const reach = random.pick(sites.length > 1 ? (["all", "pages", "one-host"] as const) : (["all", "pages"] as const));
  if (reach === "one-host") {
    const [{ host }] = sites;
    return { reach, share: 0.6, isHit: (arrival) => arrival.host === host, slice: { host: [host] } };
  }
  if (reach === "pages") {
    const template = pathTemplate(sites[0].archive(0));
    const start = template.slice(0, template.lastIndexOf("/") + 1);
    return { reach, share: 0.2, isHit: ({ path }) => path.startsWith(start), slice: { pathTemplate: [template] } };
  }
  return { reach, share: 1, isHit: () => true, slice: {} };
}
