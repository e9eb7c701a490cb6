import { SECOND_MS } from "../../domain/time-window.ts";
import type { Arrival, TrafficSource } from "./arrival.ts";
import type { Exchange } from "./exchange.ts";
import type { Fleet } from "./fleet.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { cpuPercent, createLoadModel, WORK_SECS } from "./load.ts";
import type { Random } from "./random.ts";
import { respond, turnAway } from "./respond.ts";
import type { Shield } from "./shield.ts";

/** One simulated service: who asks, what stands in front, which machines answer. */
export interface Service {
  readonly ledger: Ledger;
  /**
   * Plays one second; seconds are played once each and in order.
   *
   * @returns the exchanges that were complete by its end, in the order in which they became so
   */
  play(secondMs: number): readonly Exchange[];
}

/** Makes a service of which nothing was played yet. */
export function createService(options: {
  readonly sources: readonly TrafficSource[];
  /** Null where nothing stands in front. */
  readonly shield: Shield | null;
  readonly fleet: Fleet;
  readonly random: Random;
}): Service {
  const { sources, shield, fleet, random } = options;
  const ledger = createLedger();
  const load = createLoadModel();
  let underWay: Exchange[] = [];

  function play(secondMs: number): readonly Exchange[] {
    const arrivals = sources.flatMap((source) => source.arrivals(secondMs));
    const [blocked, admitted] = partition(arrivals, (arrival) =>
      shield === null ? false : shield.isBlocked(arrival.client.address, arrival.atMs),
    );
    const instances = fleet.inService(secondMs);
    const workSecs = admitted.reduce((sum, arrival) => sum + WORK_SECS[arrival.kind], 0);
    const strain = load.take(workSecs, instances.length);

    const exchanges = [
      ...blocked.map((arrival) => turnAway(arrival, random)),
      ...admitted.map((arrival) => respond({ arrival, instances, strain, random })),
    ];
    for (const exchange of exchanges) {
      ledger.count(exchange);
      exchange.arrival.onAnswer?.(exchange.status);
    }
    const cpu = Math.min(100, cpuPercent(strain.utilisation) * random.between(0.96, 1.04));
    ledger.sample(secondMs, { cpuPercent: cpu, inService: instances.length });

    const endMs = secondMs + SECOND_MS;
    const [done, open] = partition([...underWay, ...exchanges], (exchange) => exchange.doneMs < endMs);
    underWay = open;
    return done.sort((left, right) => left.doneMs - right.doneMs);
  }

  return { ledger, play };
}

function partition<Item extends Arrival | Exchange>(
  items: readonly Item[],
  isFirst: (item: Item) => boolean,
): [Item[], Item[]] {
  const first: Item[] = [];
  const second: Item[] = [];
  for (const item of items) (isFirst(item) ? first : second).push(item);
  return [first, second];
}
