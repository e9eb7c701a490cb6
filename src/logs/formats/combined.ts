/**
 * The combined format, which nginx and Apache share:
 * `client ident user [time] "request" status bytes "referer" "user agent"`, and for some one field more.
 * @source https://nginx.org/en/docs/http/ngx_http_log_module.html
 * @source https://httpd.apache.org/docs/current/mod/mod_log_config.html
 */
import type { LogFormat, LogRecord } from "./format.ts";
import { isPlausibleTime } from "./plausible-time.ts";
import { knownOrNull, takeQuoted, takeQuotedAnyhow, wholeOrNull } from "./quoted-field.ts";
import { parseRequestLine, requestLineSql } from "./request-line.ts";

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const TIME = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/;
/** The user may hold blanks; the time is in the first brackets that hold one. */
const HEAD = /^(\S+) (.*?)\[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] (.*)$/s;
const STATUS_AND_BYTES = /^ (\d{3}|-) (\d+|-)(?= |$)(.*)$/s;
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*)$/;

/** A combined line taken apart, with what the formats built on it are told apart by. */
export interface CombinedLine {
  readonly record: LogRecord;
  readonly client: string;
  /** As logged: `-` is Apache's way to write that nothing was sent. */
  readonly bytesText: string;
  /** What follows the user agent. */
  readonly tail: string;
}

/** Reads `extraFields` quoted fields after the user agent; the rest of the line is let be. */
export function combined(format: { extraFields: 0 | 1; recognises: LogFormat["recognises"] }): LogFormat {
  return {
    selectClean: (lines) => selectClean(lines, format.extraFields),
    read: (line) => readCombined(line)?.record ?? null,
    recognises: format.recognises,
  };
}

/** Takes a combined line apart; null where the time, the client or the status is not where it should be. */
export function readCombined(line: string): CombinedLine | null {
  const head = HEAD.exec(line);
  const arrivalMs = parseLoggedTime(head?.[3] ?? "");
  const request = head === null ? null : takeRequest(head[4] ?? "");
  if (head === null || arrivalMs === null || request === null) return null;
  const [, status, bytesText = "-", afterBytes = ""] = STATUS_AND_BYTES.exec(request.rest) ?? [];
  const referer = takeQuotedAnyhow(afterBytes, (rest) => /^ ("|-)/.test(rest));
  const userAgent = referer === null ? null : takeQuotedAnyhow(referer.rest, isTail);
  const { client, host } = clientAndHost(head[1] ?? "", head[2] ?? "");
  return {
    record: {
      arrivalMs,
      ip: knownOrNull(client),
      ...parseRequestLine(request.text),
      host: knownOrNull(host),
      status: wholeOrNull(status),
      bytes: wholeOrNull(bytesText),
      userAgent: knownOrNull(userAgent?.text),
      referer: knownOrNull(referer?.text),
    },
    client,
    bytesText,
    tail: userAgent?.rest ?? "",
  };
}

function takeRequest(text: string): { text: string; rest: string } | null {
  return takeQuoted(text, (rest) => STATUS_AND_BYTES.test(rest));
}

/** Fields that a longer format adds: bare, quoted, or `name="quoted"`. */
function isTail(rest: string): boolean {
  return /^( [^\s"]*("[^"]*")?)*$/.test(rest);
}

/** Some servers write the virtual host before the client. */
function clientAndHost(first: string, others: string): { client: string; host: string | undefined } {
  const second = others.split(" ", 1)[0] ?? "";
  return ADDRESS.test(second) && !ADDRESS.test(first)
    ? { client: second, host: first.replace(/:\d+$/, "") }
    : { client: first, host: undefined };
}

/** Reads `26/Jan/2019:19:45:25 +0330` into epoch ms; null for what is no such time. */
function parseLoggedTime(text: string): number | null {
  const [, day, monthName = "", year, hour, minute, second, sign, zoneHours, zoneMinutes] = TIME.exec(text) ?? [];
  const month = MONTHS.indexOf(monthName);
  if (month === -1) return null;
  const local = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
  const offsetMs = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
  const timeMs = sign === "-" ? local + offsetMs : local - offsetMs;
  return isPlausibleTime(timeMs) ? timeMs : null;
}

/** Cut at quotes, the odd pieces are what stands between fields: a line whose pieces fit holds no stray quote. */
function selectClean(lines: string, extraFields: 0 | 1): string {
  const request = requestLineSql("request");
  const pieces = 7 + 2 * extraFields;
  return `
    SELECT file, line,
      len(pieces) = ${pieces} AND len(head) = 6 AND len(counts) = 4
        AND (counts[2] = '-' OR (strlen(counts[2]) = 3 AND try_cast(counts[2] AS SMALLINT) >= 0))
        AND (counts[3] = '-' OR try_cast(counts[3] AS BIGINT) >= 0) AND (${request.isClean} OR ${request.isNone})
        AND pieces[5] = ' ' AND pieces[7] = '${extraFields === 0 ? "" : " "}' AND pieces[${pieces}] = ''
        AND NOT (ends_with(pieces[2], '\\') OR ends_with(pieces[4], '\\') OR ends_with(pieces[6], '\\')) AS is_clean,
      epoch_ms(try_strptime(head[4] || head[5], '[%d/%b/%Y:%H:%M:%S%z]')) AS arrival_ms,
      head[1] AS ip,
      ${request.method} AS method,
      ${request.target} AS target,
      NULL::VARCHAR AS host,
      try_cast(counts[2] AS SMALLINT) AS status,
      try_cast(counts[3] AS BIGINT) AS bytes,
      pieces[6] AS user_agent,
      pieces[4] AS referer
    FROM (
      SELECT *, string_split(pieces[1], ' ') AS head, string_split(pieces[2], ' ') AS request,
        string_split(pieces[3], ' ') AS counts
      FROM (SELECT *, string_split(line, '"') AS pieces FROM ${lines})
    )`;
}
