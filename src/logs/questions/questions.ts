import type { Breakdown } from "../../domain/traffic.ts";
import type { LogSlice } from "../../ports.ts";
import { queryBreakdown } from "./breakdown.ts";
import { queryClientGroups } from "./client-groups.ts";
import { queryCube } from "./cube.ts";
import { queryDistinct } from "./distinct.ts";
import type { Engine } from "./engine.ts";
import { queryNewcomers } from "./newcomers.ts";
import { queryPairs } from "./pairs.ts";
import { queryPercentiles } from "./percentiles.ts";
import type { BreakdownQuestion } from "./prepared-breakdown.ts";
import { queryRepeats } from "./repeats.ts";
import { querySeries } from "./series.ts";

/** What an engine answers, whichever it is. */
export type Questions = Omit<LogSlice, "intake" | "close">;

/** Answers questions by an engine's SQL; one that has a faster way to a breakdown brings it. */
export function createQuestions(
  engine: Engine,
  breakdown: (engine: Engine, question: BreakdownQuestion) => Promise<Breakdown> = queryBreakdown,
): Questions {
  return {
    series: (question) => querySeries(engine, question),
    breakdown: (question) => breakdown(engine, question),
    cube: (question) => queryCube(engine, question),
    pairs: (question) => queryPairs(engine, question),
    percentiles: (question) => queryPercentiles(engine, question),
    repeats: (question) => queryRepeats(engine, question),
    newcomers: (question) => queryNewcomers(engine, question),
    clientGroups: (question) => queryClientGroups(engine, question),
    distinct: (question) => queryDistinct(engine, question),
  };
}
