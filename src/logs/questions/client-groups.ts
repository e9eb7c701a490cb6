import type { ClientGroup, ClientGroups, TrafficFilter, WindowPair, WithoutClients } from "../../domain/traffic.ts";
import { filterCondition, withoutClients } from "./condition.ts";
import type { Cell, Columns, Engine } from "./engine.ts";
import { scopeOf } from "./scope.ts";

/** What tells people from programs, as columns of the grouping; each is 0 or 1. */
const TRAITS = ["is_new", "is_net_new", "loads_assets", "stays_on_one", "changes_agent", "is_turned_away"] as const;
const SUMS = ["clients", "requests", "assets", "client_errors", "errors"] as const;

/** Groups the clients of each window by how they behave; reads the requests once, and groups them by client. */
export async function queryClientGroups(
  engine: Engine,
  question: WindowPair & {
    filter?: TrafficFilter;
    without?: WithoutClients;
    topN: number;
  },
): Promise<ClientGroups> {
  const conditions = [await filterCondition(engine, question.filter), await withoutClients(engine, question.without)];
  const scope = scopeOf(engine, question, {
    condition: conditions.join(" AND "),
    columns: ["client", "net", "user_agent", "path_template", "resource", "status"],
  });
  const assetKeys = await engine.keysOf("resource", "asset");
  const isAsset = assetKeys.length === 0 ? "false" : `resource IN (${assetKeys.join(", ")})`;
  const [traits, sums] = [TRAITS.join(", "), SUMS.map((sum) => `CAST(sum(${sum}) AS DOUBLE) AS ${sum}`).join(", ")];
  const columns = await engine.query(`
    WITH by_client AS (
      SELECT side, client, min(net) AS net, 1 AS clients, count(*) AS requests,
        count(CASE WHEN ${isAsset} THEN 1 END) AS assets,
        count(CASE WHEN status >= 400 AND status < 500 THEN 1 END) AS client_errors,
        count(CASE WHEN status >= 500 THEN 1 END) AS errors,
        min_by(user_agent, arrival_ms) AS agent, min_by(path_template, arrival_ms) AS landing,
        CASE WHEN min(user_agent) = max(user_agent) OR min(user_agent) IS NULL THEN 0 ELSE 1 END AS changes_agent,
        CASE WHEN min(path_template) = max(path_template) THEN 1 ELSE 0 END AS stays_on_one
      FROM ${scope} AS counted WHERE client IS NOT NULL GROUP BY side, client
    ), told AS (
      SELECT side, clients, requests, assets, client_errors, errors, agent, landing, changes_agent, stays_on_one,
        CASE WHEN assets > 0 THEN 1 ELSE 0 END AS loads_assets,
        CASE WHEN errors = requests THEN 1 ELSE 0 END AS is_turned_away,
        CASE WHEN count(*) OVER (PARTITION BY client) = 1 THEN 1 ELSE 0 END AS is_new,
        CASE WHEN net IS NULL OR min(side) OVER (PARTITION BY net) = max(side) OVER (PARTITION BY net)
          THEN 1 ELSE 0 END AS is_net_new
      FROM by_client
    ), named AS (
      SELECT 1 AS is_named, side, ${traits}, agent, landing, ${sums} FROM told GROUP BY side, ${traits}, agent, landing
      ORDER BY requests DESC, clients DESC, agent, landing LIMIT ${question.topN}
    )
    SELECT * FROM named UNION ALL
    SELECT 0, side, ${traits}, NULL, NULL, ${sums} FROM told GROUP BY side, ${traits}
    ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, requests DESC, clients DESC, agent, landing`);
  return toGroups(engine, columns);
}

async function toGroups(engine: Engine, columns: Columns): Promise<ClientGroups> {
  const [isNamed = [], sides = [], ...rest] = columns;
  const [agents = [], landings = []] = [rest[6], rest[7]];
  const [agentTexts, landingTexts] = [
    await textsOrNull(engine, "userAgent", agents),
    await textsOrNull(engine, "pathTemplate", landings),
  ];
  const groups = isNamed.map((_, row): ClientGroup => {
    const flag = (index: number) => Number(rest[index]?.[row]) === 1;
    const sum = (index: number) => Number(rest[8 + index]?.[row] ?? 0);
    return {
      window: Number(sides[row]) === 1 ? "spike" : "baseline",
      isNew: flag(0),
      isNetNew: flag(1),
      loadsAssets: flag(2),
      staysOnOne: flag(3),
      changesAgent: flag(4),
      isTurnedAway: flag(5),
      userAgent: agentTexts[row] ?? null,
      landing: landingTexts[row] ?? null,
      clients: sum(0),
      requests: sum(1),
      assets: sum(2),
      clientErrors: sum(3),
      errors: sum(4),
    };
  });
  return {
    all: groups.filter((_, row) => Number(isNamed[row]) === 0),
    named: groups.filter((_, row) => Number(isNamed[row]) === 1),
  };
}

async function textsOrNull(
  engine: Engine,
  dimension: "userAgent" | "pathTemplate",
  keys: readonly Cell[],
): Promise<readonly (string | null)[]> {
  const known = [...new Set(keys.filter((key) => key !== null))];
  const texts = await engine.textsOf(dimension, known);
  const byKey = new Map(known.map((key, index) => [key, texts[index] ?? null]));
  return keys.map((key) => (key === null ? null : (byKey.get(key) ?? null)));
}
