import { isBrowser } from "../../../domain/traits.ts";
import type { Arrival } from "../../site/arrival.ts";
import type { Random } from "../../site/random.ts";
import { createWaitingRoom } from "../../site/waiting-room.ts";
import type { PlayedCause, Setting } from "../setting.ts";

/** Versions that enough people have. */
const SPREAD_AGENTS = [
  "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/154.0.0.0 Mobile Safari/537.36",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/154.0.0.0 Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1",
];
const LONGEST_GAP_MS = 2_000;

/** A release makes every client, or every client of one version, send again what it sent a moment ago. */
export function playClientRegression(setting: Setting): PlayedCause {
  const { random } = setting;
  const agent = random.chance(0.3) ? random.pick(SPREAD_AGENTS) : null;
  const variant = random.pick(["repeats", "repeats-uncached", "small-extras"] as const);
  // Of one version there must be more from each for the whole to grow as much.
  const perRequest = setting.strength * (agent === null ? 1 : 4);
  const isAffected = ({ client }: Arrival) =>
    agent === null ? isBrowser(client.userAgent) : client.userAgent === agent;
  const waiting = createWaitingRoom();

  function shape(secondMs: number, arrivals: readonly Arrival[]): readonly Arrival[] {
    const level = setting.level(secondMs);
    if (level === 0) return arrivals;
    const shaped = arrivals.map((arrival) =>
      variant === "repeats-uncached" && isAffected(arrival) ? withoutValidator(arrival, random) : arrival,
    );
    for (const arrival of shaped.filter(isAffected)) {
      for (let copies = timesOf(perRequest * level, random); copies > 0; copies--) {
        waiting.add(repeated(arrival, variant === "small-extras", setting));
      }
    }
    return [...shaped, ...waiting.due(secondMs)];
  }

  return {
    variant: `${variant}${agent === null ? "" : "-of-one-version"}`,
    slice: agent === null ? {} : { userAgent: [agent] },
    hasSuspects: false,
    effect: { shape },
  };
}

/** Gives a whole number whose mean is `mean`. */
function timesOf(mean: number, random: Random): number {
  return Math.floor(mean) + Number(random.chance(mean % 1));
}

/** What the browser held is fetched again in full. */
function withoutValidator(arrival: Arrival, random: Random): Arrival {
  if (arrival.status !== 304) return arrival;
  return { ...arrival, status: 200, bodyBytes: Math.round(random.logNormal(14_000, 0.6)) };
}

function repeated(arrival: Arrival, isSmall: boolean, { label, random }: Setting): Arrival {
  const again: Arrival = {
    ...arrival,
    atMs: arrival.atMs + 20 + Math.round(random.unit() ** 1.5 * (LONGEST_GAP_MS - 20)),
    addedBy: label,
  };
  // As when only asking whether there is something new.
  return isSmall ? { ...again, status: arrival.status === 404 ? 404 : 304, bodyBytes: 0 } : again;
}
