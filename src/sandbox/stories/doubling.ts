import { isBrowser } from "../../domain/traits.ts";
import type { Arrival } from "../site/arrival.ts";
import type { Effect } from "../site/effect.ts";
import { createWaitingRoom } from "../site/waiting-room.ts";
import type { Scene, Story } from "./story.ts";

/**
 * In the month before there were 66 million GETs and 1.4 TB, in the month after 130 million and 2.2 TB: 1.97 times the
 * requests with 0.8 times the bytes each. The forum here has 6 million a month, so one request of it stands for eleven.
 *
 * @source https://serverfault.com/questions/968396
 */
const TIMES_REQUESTS = 130 / 66;
/** What people ask for, of all requests of the forum: bots and checks do not repeat themselves. */
const PEOPLE_SHARE = 0.81;
/** Of what a browser held, the part that it now fetches in full. */
const LOST_VALIDATORS = 0.12;
const LONGEST_GAP_MS = 1_600;
/** Repeats are lighter than what they repeat, so that all together come to 0.8 times the bytes each; found by trying. */
const REPEAT_BYTES = 0.47;

/** Every client suddenly sends twice as much, in proportion, and goes on doing so. */
export const doubling: Story = {
  name: "doubling",
  title: "Twice the traffic, and nobody to blame",
  opening:
    "The network traffic of forum.courier.example doubled abruptly less than an hour ago and stays there. Users, page views, processor and disk are as ever, and nothing was released.",
  tryThis: "/spike forum 2h",
  thenTry: [
    "/top ua forum 2h",
    "/top path forum 2h",
    "/top status forum 2h",
    "/incident declare Twice the network traffic",
    "/postmortem",
  ],
  beganMinutesAgo: 45,
  truth: {
    service: "forum",
    causes: [{ kind: "client-regression", slice: {}, shareOfRequests: 1 - 1 / TIMES_REQUESTS }],
  },
  enact: (scene) => ({ forum: [createRepeats(scene)] }),
};

function createRepeats({ startMs, random }: Scene): Effect {
  const waiting = createWaitingRoom();
  const repeatedShare = (TIMES_REQUESTS - 1) / PEOPLE_SHARE;

  function shape(secondMs: number, arrivals: readonly Arrival[]): readonly Arrival[] {
    if (secondMs < startMs) return arrivals;
    const shaped = arrivals.map((arrival) =>
      arrival.fullBytes !== undefined && random.chance(LOST_VALIDATORS)
        ? { ...arrival, status: 200 as const, bodyBytes: arrival.fullBytes }
        : arrival,
    );
    for (const arrival of shaped) {
      if (!isBrowser(arrival.client.userAgent)) continue;
      const copies = Math.floor(repeatedShare) + Number(random.chance(repeatedShare % 1));
      for (let copy = 0; copy < copies; copy++) waiting.add(repeat(arrival));
    }
    return [...shaped, ...waiting.due(secondMs)];
  }

  function repeat(arrival: Arrival): Arrival {
    return {
      ...arrival,
      atMs: arrival.atMs + 15 + random.int(LONGEST_GAP_MS),
      bodyBytes: Math.round(arrival.bodyBytes * REPEAT_BYTES),
      addedBy: "doubling",
    };
  }

  return { shape };
}
