import { SECOND_MS } from "../../domain/time-window.ts";
import { type Ailment, combineAilments } from "./ailment.ts";
import type { Arrival, TrafficSource } from "./arrival.ts";
import type { Cache } from "./cache.ts";
import type { Effect } from "./effect.ts";
import type { Exchange } from "./exchange.ts";
import type { Fleet, Instance } from "./fleet.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { cpuPercent, createLoadModel, WORK_SECS } from "./load.ts";
import type { Random } from "./random.ts";
import { answerFromCache, respond, turnAway } from "./respond.ts";
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
  /** What happens to it, each after the one before. */
  readonly effects: readonly Effect[];
  /** Null where nothing stands in front. */
  readonly shield: Shield | null;
  /** Null where nothing is kept on the way. */
  readonly cache: Cache | null;
  /** Whether the cache runs on the machines, behind what writes the log, which then does not tell of it. */
  readonly isCacheBehind?: boolean;
  readonly fleet: Fleet;
  readonly random: Random;
}): Service {
  const { sources, effects, shield, cache, fleet, random } = options;
  const ledger = createLedger();
  const load = createLoadModel();
  const ailing = effects.filter((effect) => effect.ailment !== undefined);
  let underWay: Exchange[] = [];

  function ailmentAt(arrival: Arrival, target: string): Ailment | null {
    if (ailing.length === 0) return null;
    const ailments = ailing.flatMap((effect) => effect.ailment?.(arrival, target) ?? []);
    return ailments.length < 2 ? (ailments[0] ?? null) : combineAilments(ailments);
  }

  function play(secondMs: number): readonly Exchange[] {
    const usual = sources.flatMap((source) => source.arrivals(secondMs));
    const arrivals = effects.reduce((all: readonly Arrival[], effect) => effect.shape(secondMs, all), usual);
    const judged = arrivals.map((arrival) => ({ arrival, verdict: shield?.judge(arrival) ?? "admitted" }));
    const admitted = judged.filter(({ verdict }) => verdict === "admitted").map(({ arrival }) => arrival);
    const results = cache === null ? null : new Map(admitted.map((arrival) => [arrival, cache.ask(arrival)]));
    const [kept, fetched] = partition(admitted, (arrival) => results?.get(arrival) === "hit");
    const instances = fleet.inService(secondMs);
    const workSecs = fetched.reduce((sum, arrival) => sum + WORK_SECS[arrival.kind], 0);
    const strain = load.take(workSecs, instances.length);

    const exchanges = [
      ...judged.flatMap(({ arrival, verdict }) => (verdict === "admitted" ? [] : turnAway(arrival, random, verdict))),
      ...kept.map((arrival) =>
        answerFromCache(arrival, options.isCacheBehind ? machineOf(instances, random) : null, random),
      ),
      ...fetched.map((arrival) =>
        respond({ arrival, cache: results?.get(arrival) ?? null, instances, strain, ailmentAt, random }),
      ),
    ];
    for (const exchange of exchanges) {
      ledger.count(exchange);
      exchange.arrival.onAnswer?.(exchange.status, exchange.doneMs);
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

function machineOf(instances: readonly Instance[], random: Random): string | null {
  return instances.length === 0 ? null : random.pick(instances).address;
}

function partition<Item>(items: readonly Item[], isFirst: (item: Item) => boolean): [Item[], Item[]] {
  const first: Item[] = [];
  const second: Item[] = [];
  for (const item of items) (isFirst(item) ? first : second).push(item);
  return [first, second];
}
