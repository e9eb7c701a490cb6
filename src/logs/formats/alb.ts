/**
 * Access logs of AWS Application Load Balancers: 12 to 33 fields and more, since new ones are added at the end.
 * @source https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
 */
import type { LogFormat, LogRecord } from "./format.ts";
import { isPlausibleTime } from "./plausible-time.ts";
import { knownOrNull, takeQuotedAnyhow, wholeOrNull } from "./quoted-field.ts";
import { parseRequestLine, requestLineSql } from "./request-line.ts";

/** Fields before the request: type, time, elb, client, target, three times, two statuses, two byte counts. */
const HEAD_FIELDS = 12;

export const alb: LogFormat = { selectClean, read, recognises };

function recognises(line: string): boolean {
  const head = line.split(" ", HEAD_FIELDS);
  return head.length === HEAD_FIELDS && parseIsoTime(head[1]) !== null && /^(-|.+:\d+)$/.test(head[3] ?? "");
}

function read(line: string): LogRecord | null {
  const head = line.split(" ", HEAD_FIELDS);
  const answeredMs = parseIsoTime(head[1]);
  const client = head[3];
  if (client === undefined || head[8] === undefined) return null;
  const request = takeQuotedAnyhow(line.slice(head.join(" ").length), beginsUserAgent);
  const userAgent = request === null ? null : takeQuotedAnyhow(request.rest, endsUserAgent);
  // Anchored to what only these fields look like, since the fields between may hold quotes.
  const created = / (?:-?\d+|-) (\d{4}-\d\d-\d\dT[\d:.]+Z) "/.exec(userAgent?.rest ?? "");
  const arrivalMs = parseIsoTime(created?.[1]) ?? answeredMs;
  if (arrivalMs === null) return null;
  return {
    arrivalMs,
    ip: knownOrNull(withoutPort(client)),
    ...parseRequestLine(request?.text ?? ""),
    host: null,
    status: wholeOrNull(head[8]),
    bytes: wholeOrNull(head[11]),
    userAgent: knownOrNull(userAgent?.text),
    referer: null,
  };
}

function beginsUserAgent(rest: string): boolean {
  return rest.startsWith(' "');
}

/** Cipher and protocol follow, then the target group and the quoted trace id, where the line is not cut. */
function endsUserAgent(rest: string): boolean {
  return /^ [^" ]+ [^" ]+( [^" ]+( ".*)?)?$/.test(rest);
}

/** Load balancers write IPv6 addresses without brackets: the port is after the last colon. */
function withoutPort(client: string): string {
  return client.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
}

function parseIsoTime(text: string | undefined): number | null {
  if (text === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text)) return null;
  const timeMs = Date.parse(text);
  return isPlausibleTime(timeMs) ? timeMs : null;
}

/** Cut at quotes, the odd pieces are what stands between fields: a line whose pieces fit holds no stray quote. */
function selectClean(lines: string): string {
  const request = requestLineSql("request");
  return `
    SELECT file, line,
      len(head) = ${HEAD_FIELDS + 1} AND ${request.isClean} AND pieces[3] = ' ' AND starts_with(pieces[5], ' ')
        AND pieces[7] = ' ' AND pieces[9] = ' ' AND NOT ends_with(pieces[4], '\\')
        AND len(client) >= 2 AS is_clean,
      coalesce(
        epoch_ms(try_cast(split_part(pieces[11], ' ', 3) AS TIMESTAMP)),
        epoch_ms(try_cast(head[2] AS TIMESTAMP))
      ) AS arrival_ms,
      CASE WHEN len(client) = 2 THEN client[1] ELSE regexp_replace(head[4], '^\\[?(.*?)\\]?:\\d+$', '\\1') END AS ip,
      ${request.method} AS method,
      ${request.target} AS target,
      NULL::VARCHAR AS host,
      try_cast(head[9] AS SMALLINT) AS status,
      try_cast(head[12] AS BIGINT) AS bytes,
      pieces[4] AS user_agent,
      NULL::VARCHAR AS referer
    FROM (
      SELECT *, string_split(head[4], ':') AS client FROM (
        SELECT *, string_split(pieces[1], ' ') AS head, string_split(pieces[2], ' ') AS request FROM (
          SELECT *, string_split(line, '"') AS pieces FROM ${lines}
        )
      )
    )`;
}
