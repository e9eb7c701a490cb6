import type { Breakdown } from "../../domain/traffic.ts";
import type { LogSlice } from "../../ports/log-slice.ts";
import { queryApdex } from "./apdex.ts";
import { queryBreakdown } from "./breakdown.ts";
import { queryClientGroups } from "./client-groups.ts";
import { queryCube } from "./cube.ts";
import { queryDistinct } from "./distinct.ts";
import { queryEndings } from "./endings.ts";
import type { Engine } from "./engine.ts";
import { queryHistogram } from "./histogram.ts";
import { queryLegs } from "./legs.ts";
import { queryNewcomers } from "./newcomers.ts";
import { queryPairs } from "./pairs.ts";
import { queryPercentiles } from "./percentiles.ts";
import type { BreakdownQuestion } from "./prepared-breakdown.ts";
import { queryRegularity } from "./regularity.ts";
import { queryRepeatSeries } from "./repeat-series.ts";
import { queryRepeats } from "./repeats.ts";
import { queryRetries } from "./retries.ts";
import { querySeries } from "./series.ts";
import { queryStrangers } from "./strangers.ts";

/** What an engine answers, whichever it is. */
export type Questions = Omit<LogSlice, "intake" | "close">;

/** Answers questions by an engine's SQL; one that has a faster way to a breakdown brings it. */
export function createQuestions(
  engine: Engine,
  breakdown: (engine: Engine, question: BreakdownQuestion) => Promise<Breakdown> = queryBreakdown,
): Questions {
  return {
    series: (question) => querySeries(engine, question),
    breakdown: (question) => breakdown(countingSecs(engine, question.secs), question),
    cube: (question) => queryCube(countingSecs(engine, question.secs), question),
    pairs: (question) => queryPairs(engine, question),
    percentiles: (question) => queryPercentiles(engine, question),
    legs: (question) => queryLegs(engine, question),
    histogram: (question) => queryHistogram(engine, question),
    apdex: (question) => queryApdex(engine, question),
    endings: (question) => queryEndings(engine, question),
    repeats: (question) => queryRepeats(engine, question),
    repeatSeries: (question) => queryRepeatSeries(engine, question),
    retries: (question) => queryRetries(engine, question),
    regularity: (question) => queryRegularity(engine, question),
    newcomers: (question) => queryNewcomers(engine, question),
    clientGroups: (question) => queryClientGroups(engine, question),
    strangers: (question) => queryStrangers(engine, question),
    distinct: (question) => queryDistinct(engine, question),
  };
}

/** Where the log tells only what requests took in all, that is the nearest to what the servers behind took. */
function countingSecs(engine: Engine, secs: "backend" | "total" = "backend"): Engine {
  if (secs === "backend") return engine;
  return { ...engine, relation: { ...engine.relation, insteadOf: { backend_secs: "total_secs" } } };
}
