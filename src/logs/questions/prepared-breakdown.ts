import type { Dimension, Rank, TrafficFilter, WindowPair } from "../../domain/traffic.ts";
import type { RequestColumn } from "./columns.ts";
import { filterCondition, missCondition } from "./condition.ts";
import { COUNTED_COLUMNS } from "./counts.ts";
import type { Engine } from "./engine.ts";
import { scopeOf } from "./scope.ts";

export type BreakdownQuestion = WindowPair & {
  readonly filter?: TrafficFilter;
  readonly dimensions: readonly Dimension[];
  readonly topN: number;
  readonly rankBy?: Rank;
  readonly countsClients?: boolean | readonly Dimension[];
};

/** A question with what the engine had to be asked about it first. */
export interface PreparedBreakdown extends WindowPair {
  readonly dimensions: readonly Dimension[];
  readonly topN: number;
  readonly rankBy: Rank;
  countsClientsOf(dimension: Dimension): boolean;
  readonly misses: string;
  /** Writes the requests of both windows, with what is counted and the columns asked for. */
  scope(columns: readonly RequestColumn[]): string;
}

export async function prepareBreakdown(engine: Engine, question: BreakdownQuestion): Promise<PreparedBreakdown> {
  const { baseline, spike, topN, rankBy = "requests", countsClients = true } = question;
  const [condition, misses] = await Promise.all([filterCondition(engine, question.filter), missCondition(engine)]);
  return {
    baseline,
    spike,
    dimensions: [...new Set(question.dimensions)],
    topN,
    rankBy,
    misses,
    countsClientsOf: (dimension) =>
      typeof countsClients === "boolean" ? countsClients : countsClients.includes(dimension),
    scope: (columns) => scopeOf(engine, question, { condition, columns: [...COUNTED_COLUMNS, ...columns] }),
  };
}
