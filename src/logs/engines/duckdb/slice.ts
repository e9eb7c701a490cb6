import type { Intake } from "../../../domain/traffic.ts";
import type { LogSlice } from "../../../ports.ts";
import { queryBreakdown } from "./breakdown.ts";
import type { LogDatabase } from "./database.ts";
import { filterCondition } from "./filter.ts";
import { querySeries } from "./series.ts";

/** Answers questions about the requests in a database, which closes with the slice. */
export function createSlice(database: LogDatabase, intake: Intake): LogSlice {
  return {
    intake,
    async series({ window, stepMs, filter }) {
      return querySeries(database, { window, stepMs, condition: await filterCondition(database, filter) });
    },
    async breakdown({ filter, countsClients = true, ...question }) {
      const condition = await filterCondition(database, filter);
      return queryBreakdown(database, { ...question, countsClients, condition });
    },
    close: () => database.close(),
  };
}
