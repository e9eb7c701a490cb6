import { ASSET_ENDINGS } from "../../../domain/traits.ts";
import { sqlText } from "../../questions/dialect.ts";
import { type AthenaFormat, LINE_FORMATS } from "./line-formats.ts";
import { type LineColumns, type LineFormat, matched } from "./line-sql.ts";

const TYPES: Readonly<Record<keyof LineColumns, string>> = {
  arrival_ms: "BIGINT",
  client: "VARCHAR",
  request: "VARCHAR",
  method: "VARCHAR",
  scheme: "VARCHAR",
  host: "VARCHAR",
  path: "VARCHAR",
  query: "VARCHAR",
  status: "SMALLINT",
  bytes: "BIGINT",
  total_secs: "DOUBLE",
  backend_secs: "DOUBLE",
  first_byte_secs: "DOUBLE",
  user_agent: "VARCHAR",
  referer: "VARCHAR",
  cache: "VARCHAR",
  tls: "VARCHAR",
  node: "VARCHAR",
  target: "VARCHAR",
};
const ASSET_PATTERN = `(?i)(\\.(?:${ASSET_ENDINGS}))$`;

const LINE_COLUMNS = Object.keys(TYPES) as (keyof LineColumns)[];

/**
 * Writes the subquery that makes requests of lines: the columns that questions are asked about, with `line`, `file` and
 * `day`. What could not be read has no `arrival_ms`, so that lines = requests + unread can be checked.
 *
 * It stands in each query instead of a view in the account: a release that reads more changes nothing there.
 */
export function lineView(options: {
  readonly table: string;
  readonly format: AthenaFormat;
  readonly isByDay: boolean;
}): string {
  const { table, isByDay } = options;
  const format: LineFormat = LINE_FORMATS[options.format];
  const columns = LINE_COLUMNS.map((name) => `CAST(${format.columns[name] ?? "NULL"} AS ${TYPES[name]}) AS ${name}`);
  const kept = ["arrival_ms", "client", "status", "bytes", "user_agent", "referer", "cache", "tls", "node", "target"];
  const secs = ["total_secs", "backend_secs", "first_byte_secs"];
  const url = matched("request", "^\\S+ (.*?)(?: \\S*)?$");
  return `(
    SELECT file, ${isByDay ? "day, " : ""}line, ${[...kept, ...secs, "method", "scheme", "host", "path", "query"].join(", ")},
      ${networkSql("client")} AS net,
      ${subnetSql("client")} AS subnet,
      ${wideNetworkSql("client")} AS wide_net,
      ${templateSql("path")} AS path_template,
      CASE WHEN path IS NOT NULL THEN
        CASE WHEN ${matched("path", ASSET_PATTERN)} IS NOT NULL THEN 'asset' ELSE 'page' END END AS resource,
      lower(${matched("referer", "^(?:[A-Za-z][A-Za-z0-9+.-]*:)?//(?:[^/?#@]*@)?(\\[[^\\]]*\\]|[^/?#:]+)")}) AS referer_host,
      ${replaceAll("query", "=[^&]*", "")} AS query_keys,
      ${shapeSql("query")} AS query_shape
    FROM (
      SELECT file, ${isByDay ? "day, " : ""}line, ${[...kept, ...secs].join(", ")},
        coalesce(method, ${matched("request", "^([A-Za-z_-]+) ")}) AS method,
        lower(coalesce(scheme, ${matched("url", "^([A-Za-z][A-Za-z0-9+.-]*)://")})) AS scheme,
        lower(coalesce(${matched("url", "^[A-Za-z][A-Za-z0-9+.-]*://(\\[[^\\]]*\\]|[^/?#:]+)")}, host)) AS host,
        coalesce(path, ${matched("url", "^(?:[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*)?([^?]*)")}) AS path,
        coalesce(query, ${matched("url", "^[^?]*\\?(.*)$")}) AS query
      FROM (
        SELECT *, ${url} AS url FROM (
          SELECT "$path" AS file, ${isByDay ? "day, " : ""}line, ${columns.join(", ")}
          FROM ${table}${format.header ? ` WHERE NOT (${format.header})` : ""}
        ) AS fields
      ) AS requested
    ) AS parted
  ) AS requests`;
}

/** A /24, or the /48 of an IPv6 address in the usual short spelling: groups that are zero at its end are left out. */
function networkSql(client: string): string {
  const three = matched(client, "^(\\d{1,3}\\.\\d{1,3}\\.\\d{1,3})\\.\\d{1,3}$");
  const groups = matched(client, "^([0-9a-f]{1,4}(?::[0-9a-f]{1,4}){2}):");
  const shortened = matched(client, "^([0-9a-f]{1,4}(?::[0-9a-f]{1,4})?)::");
  return `coalesce(${three} || '.0/24', ${replaceAll(`coalesce(${shortened}, ${groups})`, "(?::0)+$", "")} || '::/48')`;
}

/** The /64 of an IPv6 address, likewise. */
function subnetSql(client: string): string {
  const groups = matched(client, "^([0-9a-f]{1,4}(?::[0-9a-f]{1,4}){3}):");
  const shortened = matched(client, "^([0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,2})::");
  return `${replaceAll(`coalesce(${shortened}, ${groups})`, "(?::0)+$", "")} || '::/64'`;
}

/** A /16 or /32, likewise. */
function wideNetworkSql(client: string): string {
  const two = matched(client, "^(\\d{1,3}\\.\\d{1,3})\\.\\d{1,3}\\.\\d{1,3}$");
  const groups = matched(client, "^([0-9a-f]{1,4}:[0-9a-f]{1,4}):");
  const shortened = matched(client, "^([0-9a-f]{1,4})::");
  return `coalesce(${two} || '.0.0/16', ${replaceAll(`coalesce(${shortened}, ${groups})`, "(?::0)+$", "")} || '::/32')`;
}

/** As `queryShape` does for numbers, UUIDs and hexadecimal digits; other texts that are made up go as their name alone. */
function shapeSql(query: string): string {
  // As in paths: each parameter gets bounds of its own, which neighbours do not share.
  const bounded = `chr(1) || replace(${query}, '&', chr(1) || '&' || chr(1)) || chr(1)`;
  const hex = "[0-9a-fA-F]";
  const madeUp = `(?:-?(?:[0-9]+\\.)?[0-9]{7,}|${hex}{8,}|${hex}{8}(?:-${hex}{4}){3}-${hex}{12})`;
  const named = replaceAll(bounded, `\\x01${madeUp}(=|\\x01)`, "{random}$1");
  // What is marked has lost its bound, by which other values are told.
  const marked = replaceAll(named, `=${madeUp}\\x01`, "={random}");
  const bare = replaceAll(replaceAll(marked, "=[^&\\x01]*\\x01", ""), "\\x01", "");
  const names = `array_join(array_distinct(split(${bare}, '&')), '&')`;
  return `nullif(${replaceAll(replaceAll(names, "&&+", "&"), "^&|&$", "")}, '')`;
}

/** As `pathTemplate` does for numbers, UUIDs and hashes; tokens and numbers within names stay as they are. */
function templateSql(path: string): string {
  // Neighbours would share a slash, and a match takes it from the next: each segment gets bounds of its own.
  const bounded = `chr(1) || replace(substr(${path}, 1, 512), '/', chr(1) || '/' || chr(1)) || chr(1)`;
  const hex = "[0-9a-fA-F]";
  // Eight or more with two digits among the first or the last; words can be spelled in these letters.
  const hash = `(?:[a-fA-F]*[0-9]){2}${hex}{6,}|${hex}{6,}(?:[0-9][a-fA-F]*){2}`;
  const id = `${hex}{8}(?:-${hex}{4}){3}-${hex}{12}|[0-9]+|${hash}`;
  const replaced = replaceAll(bounded, `\\x01(?:${id})(\\.[a-zA-Z][0-9a-zA-Z]{0,4})?\\x01`, "{id}$1");
  return `replace(${replaced}, chr(1), '')`;
}

/** What a format's view knows; the rest is unknown for every request. */
export function columnsOf(name: AthenaFormat): ReadonlySet<string> {
  const { columns }: LineFormat = LINE_FORMATS[name];
  const given = new Set<string>(Object.keys(columns));
  if (given.delete("request")) for (const part of ["method", "path", "query", "host", "scheme"]) given.add(part);
  if (given.has("client")) for (const network of ["net", "subnet", "wide_net"]) given.add(network);
  if (given.has("path")) for (const derived of ["path_template", "resource"]) given.add(derived);
  if (given.has("query")) for (const part of ["query_keys", "query_shape"]) given.add(part);
  if (given.has("referer")) given.add("referer_host");
  return given;
}

/** Replaces every match; `$1` stands for what the first group took. */
function replaceAll(text: string, pattern: string, replacement: string): string {
  return `regexp_replace(${text}, ${sqlText(pattern)}, ${sqlText(replacement)})`;
}
