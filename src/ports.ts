/**
 * What the inside needs of the outside, as interfaces; those that have adapters
 * are in `ports`. The folders beside this file implement them, and
 * `test/support` holds one fake each.
 */
import type { Config } from "./config.ts";
import type { MilderMeasure } from "./domain/address-measure.ts";
import type { PublishedList } from "./domain/published-ranges.ts";
import type { Log } from "./log.ts";
import type { Firewall } from "./ports/firewall.ts";
import type { LogReader } from "./ports/log-reader.ts";
import type { Messenger } from "./ports/messenger.ts";
import type { MetricsSource } from "./ports/metrics-source.ts";
import type { Resolver } from "./ports/resolver.ts";
import type { Scaler } from "./ports/scaler.ts";
import type { Store } from "./ports/store.ts";

export interface Clock {
  /** Epoch ms, UTC. */
  now(): number;
}

export interface Ids {
  /** An opaque random id of 16 URL-safe characters, 96 bits. */
  next(): string;
}

/** What one configured service offers; null where nothing is configured. */
export interface ServicePorts {
  readonly logs: LogReader | null;
  readonly metrics: MetricsSource | null;
  readonly firewall: Firewall | null;
  /** The same for the measures that are milder than a block, where a rule is prepared for them. */
  readonly measures?: Readonly<Partial<Record<MilderMeasure, Firewall>>>;
  readonly scaler: Scaler | null;
}

/** Everything that commands and jobs are given, beside the queue. */
export interface Ports {
  readonly config: Config;
  readonly store: Store;
  readonly messenger: Messenger;
  /** By the service's name in `spillway.yaml`. */
  readonly services: Readonly<Record<string, ServicePorts>>;
  readonly resolver: Resolver;
  /** The networks of CDNs, health checkers and crawlers as known now; the same array as long as they do not change. */
  readonly publishedLists: () => readonly PublishedList[];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}
