import type { Arrival } from "./arrival.ts";

const SECOND_MS = 1_000;

/** Requests that are to come, by their second. */
export interface WaitingRoom {
  add(arrival: Arrival): void;
  /** Takes those of this second out, and any that are late; called in order of time. */
  due(secondMs: number): readonly Arrival[];
}

/** Makes an empty waiting room. */
export function createWaitingRoom(): WaitingRoom {
  let waiting: Arrival[] = [];

  function due(secondMs: number): readonly Arrival[] {
    const now = waiting.filter(({ atMs }) => atMs < secondMs + SECOND_MS);
    if (now.length > 0) waiting = waiting.filter(({ atMs }) => atMs >= secondMs + SECOND_MS);
    return now;
  }

  return { add: (arrival) => void waiting.push(arrival), due };
}
