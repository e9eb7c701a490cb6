import type { Ailment } from "./ailment.ts";
import type { Arrival, TrafficSource } from "./arrival.ts";

/** Something that happens to a service. */
export interface Effect {
  /**
   * Gives what becomes of the requests of one second: some more, some changed.
   * Called once a second, in order of time, after the effects that stand before it.
   */
  shape(secondMs: number, arrivals: readonly Arrival[]): readonly Arrival[];
  /** What is wrong for a request, once it is known which machine it goes to; null for nothing. */
  ailment?(arrival: Arrival, target: string): Ailment | null;
}

/** An effect that adds the requests of a source and leaves all others as they are. */
export function adding(source: TrafficSource, addedBy: string): Effect {
  return {
    shape(secondMs, arrivals) {
      const more = source.arrivals(secondMs);
      return more.length === 0 ? arrivals : [...arrivals, ...more.map((arrival) => ({ ...arrival, addedBy }))];
    },
  };
}
