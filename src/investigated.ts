/** Apart from the investigation itself, which is loaded while the log is being read. */
import type { Dimension, Latency } from "./domain/traffic.ts";

/** What a verdict needs beyond what is always read; to be named when a log is read for one. */
export const INVESTIGATED = {
  dimensions: ["queryShape", "target"],
  latencies: ["total", "backend", "connect", "firstByte", "body", "client"],
} as const satisfies { readonly dimensions: readonly Dimension[]; readonly latencies: readonly Latency[] };
