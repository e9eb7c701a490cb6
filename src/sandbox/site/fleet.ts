import type { Random } from "./random.ts";

/** One machine that serves a service. */
export interface Instance {
  readonly id: string;
  readonly zone: string;
  readonly address: string;
  /** When it begins to take requests; before that it boots. */
  readonly inServiceMs: number;
}

/** The machines of one service. */
export interface Fleet {
  /** Every machine, those that still boot included, oldest first. */
  instances(): readonly Instance[];
  /** Those that take requests at that time. */
  inService(atMs: number): readonly Instance[];
  /** Starts machines, which boot first, or stops the youngest at once. */
  resize(count: number, nowMs: number): void;
}

/** Short, so that people who try the sandbox see the effect; a real machine takes minutes. */
export const BOOT_MS = 10_000;

/** Makes a fleet whose first machines have been running for a long time. */
export function createFleet(options: {
  readonly count: number;
  readonly zones: readonly string[];
  readonly random: Random;
}): Fleet {
  const { random, zones } = options;
  let launched = 0;
  let instances: readonly Instance[] = Array.from({ length: options.count }, () => launch(0));

  function launch(inServiceMs: number): Instance {
    const index = launched++;
    return {
      id: `i-0${random.hex(16)}`,
      zone: zones[index % zones.length] ?? "",
      address: `10.0.${(index % zones.length) + 1}.${11 + (index % 200)}`,
      inServiceMs,
    };
  }

  function resize(count: number, nowMs: number): void {
    const missing = Math.max(0, count - instances.length);
    instances = [...instances.slice(0, count), ...Array.from({ length: missing }, () => launch(nowMs + BOOT_MS))];
  }

  return {
    instances: () => instances,
    inService: (atMs) => instances.filter((instance) => instance.inServiceMs <= atMs),
    resize,
  };
}
