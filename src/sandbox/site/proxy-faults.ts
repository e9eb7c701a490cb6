import type { Ailment } from "./ailment.ts";
import type { Arrival } from "./arrival.ts";
import type { Random } from "./random.ts";

/** Waits before the first packet of a connection is sent again, in seconds. @source RFC 6298 */
const RESENT_AFTER_SECS = [1, 2, 4];

/** Loses the first packets of connections to the machines: those take 1, 3 or 7 s to stand. */
export function createLostSyns(random: Random, lostShare: number): () => Ailment | null {
  return () => {
    let connectSecs = 0;
    for (const waitSecs of RESENT_AFTER_SECS) {
      if (!random.chance(lostShare)) break;
      connectSecs += waitSecs;
    }
    return connectSecs === 0 ? null : { connectSecs };
  };
}

const STALL_MS = { least: 1_500, most: 6_000 } as const;

/** Now and then nothing moves for some seconds, and then all goes on at once; asked in order of seconds. */
export function createStalls(random: Random, everyMs: number): (arrival: Arrival) => Ailment | null {
  let fromMs = 0;
  let untilMs = 0;
  return ({ atMs }) => {
    while (atMs >= untilMs + everyMs) {
      fromMs = untilMs === 0 ? atMs : untilMs + everyMs * random.between(0.5, 1);
      untilMs = fromMs + random.between(STALL_MS.least, STALL_MS.most);
    }
    return atMs >= fromMs && atMs < untilMs ? { heldUntilMs: untilMs } : null;
  };
}
