import type { TrafficFilter, WindowPair, WithoutClients } from "../../domain/traffic.ts";
import { DIMENSION_COLUMNS } from "./columns.ts";
import { filterCondition, keysOf, withoutClients } from "./condition.ts";
import type { Engine } from "./engine.ts";
import { scopeOf } from "./scope.ts";

/** Finds clients of the spike that were not there before and do what programs do; reads the requests once. */
export async function queryStrangers(
  engine: Engine,
  question: WindowPair & {
    filter?: TrafficFilter;
    without?: WithoutClients;
    landings: readonly string[];
    loadNothing: boolean;
    topN: number;
  },
): Promise<readonly { readonly client: string; readonly requests: number }[]> {
  const condition = [
    await filterCondition(engine, question.filter),
    await withoutClients(engine, question.without),
  ].join(" AND ");
  const scope = scopeOf(engine, question, { condition, columns: ["client", "path_template", "resource"] });
  const listed = async (dimension: "resource" | "pathTemplate", texts: readonly string[]) => {
    const keys = (await Promise.all(texts.map((text) => keysOf(engine, dimension, text)))).flat();
    return keys.length === 0 ? "false" : `${DIMENSION_COLUMNS[dimension]} IN (${keys.join(", ")})`;
  };
  const isAsset = await listed("resource", ["asset"]);
  const isLanding = question.landings.length === 0 ? "true" : await listed("pathTemplate", question.landings);
  const loadsNothing = question.loadNothing ? `count(CASE WHEN ${isAsset} THEN 1 END) = 0` : "true";
  const [clients = [], requests = []] = await engine.query(`
    SELECT client, CAST(count(*) AS DOUBLE) AS requests
    FROM ${scope} AS counted WHERE client IS NOT NULL
    GROUP BY client
    HAVING min(side) = 1 AND ${loadsNothing} AND count(CASE WHEN ${isLanding} THEN 1 END) > 0
    ORDER BY requests DESC, min(arrival_ms), client LIMIT ${question.topN}`);
  const texts = await engine.textsOf("ip", clients);
  return texts.map((client, row) => ({ client, requests: Number(requests[row]) }));
}
