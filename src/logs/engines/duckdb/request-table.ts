import type { LogDatabase } from "./database.ts";
import { deriveDimensions } from "./dimensions.ts";

/**
 * Turns the raw rows into `requests`, where every text is a number into a dictionary (`clients`, `agents`, `paths`,
 * `hosts`, `referers`, `methods`: id and value), and drops them. Questions then group by numbers, which measured
 * 2 to 5 times faster than by text, and whatever is derived from a value is derived once a value.
 */
export async function createRequestTable(database: LogDatabase): Promise<void> {
  await createDictionary(database, "clients", "SELECT ip AS value FROM raw");
  await createDictionary(database, "agents", "SELECT user_agent AS value FROM raw");
  await createDictionary(database, "referers", "SELECT referer AS value FROM raw");
  await createDictionary(database, "methods", "SELECT method AS value FROM raw");
  await database.run(`CREATE TABLE targets AS ${SPLIT_TARGETS}`);
  await createDictionary(database, "paths", "SELECT path AS value FROM targets");
  await createDictionary(database, "hosts", "SELECT host AS value FROM targets UNION ALL SELECT lower(host) FROM raw");
  const joined = database.run(`CREATE TABLE requests AS
    SELECT raw.arrival_ms, clients.id AS client, agents.id AS agent, referers.id AS referer, methods.id AS method,
      target.path, coalesce(hosts.id, target.host) AS host, raw.status, raw.bytes
    FROM raw
    LEFT JOIN clients ON clients.value = raw.ip
    LEFT JOIN agents ON agents.value = raw.user_agent
    LEFT JOIN referers ON referers.value = raw.referer
    LEFT JOIN methods ON methods.value = raw.method
    LEFT JOIN hosts ON hosts.value = lower(raw.host)
    LEFT JOIN (
      SELECT targets.target, paths.id AS path, hosts.id AS host
      FROM targets LEFT JOIN paths ON paths.value = targets.path LEFT JOIN hosts ON hosts.value = targets.host
    ) AS target ON target.target = raw.target
    WHERE raw.arrival_ms IS NOT NULL`);
  // What is derived is worked out here while the engine joins.
  await Promise.all([joined, deriveDimensions(database)]);
  await database.run("DROP TABLE raw");
  await database.run("DROP TABLE targets");
}

/** Leaves out `-` and nothing at all: the log has no value there, which is a null in `requests`. */
async function createDictionary(database: LogDatabase, name: string, values: string): Promise<void> {
  await database.run(`CREATE TABLE ${name} AS
    SELECT (row_number() OVER ())::INTEGER AS id, value
    FROM (SELECT DISTINCT value FROM (${values}) WHERE value NOT IN ('', '-'))`);
}

/** A target is a path or a whole URL: load balancers log those, proxies and attackers send them. */
const SPLIT_TARGETS = `
  SELECT target,
    CASE WHEN authority IS NULL THEN target
      ELSE coalesce(nullif(substr(target, instr(target, '://') + 3 + length(authority)), ''), '/') END AS path,
    CASE WHEN authority IS NOT NULL THEN lower(regexp_replace(authority, '^.*@|:\\d*-?$', '', 'g')) END AS host
  FROM (
    SELECT target, CASE WHEN NOT starts_with(target, '/')
      THEN nullif(regexp_extract(target, '^[A-Za-z][A-Za-z0-9+.-]*://([^/]*)', 1), '') END AS authority
    FROM (SELECT DISTINCT target FROM raw WHERE target IS NOT NULL)
  )`;
