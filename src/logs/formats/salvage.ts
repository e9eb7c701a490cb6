import { emptyRecord, type LogRecord } from "../record.ts";
import { statusOf } from "./field-values.ts";
import { parseTime } from "./logged-time.ts";
import { parseUrl } from "./url.ts";

/** What follows is somebody's making. */
const LOOKED_AT_CHARS = 8_192;
const CLF = /\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}/;
const ISO = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)/;
const IPV4 = /(?<![\w.:/-])\d{1,3}(?:\.\d{1,3}){3}(?![\w.-])/;
const IPV6 = /(?<![\w.:/-])(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){1,7}(?![\w.:-])/i;
const REQUEST = /"([A-Z]{3,16}) ([^" ]{1,8000}) HTTP\/\d(?:\.\d)?"/;
const STATUS_BEHIND = /^[ ,|\t]*([1-5]\d\d)(?![\w.])/;

/**
 * Reads of a line that fits no layout what can be told by its look alone, wherever it stands: a time as access logs
 * write them, an address, a request and the status behind it. Null where there is no such time, or nothing beside it.
 *
 * Times as error logs write them do not count: their lines are no requests.
 */
export function salvageLine(line: string): LogRecord | null {
  const text = line.slice(0, LOOKED_AT_CHARS);
  const arrivalMs = timeIn(text);
  if (arrivalMs === null) return null;
  const client = (IPV4.exec(text) ?? IPV6.exec(text))?.[0] ?? null;
  const request = REQUEST.exec(text);
  const [, method = null, url = ""] = request ?? [];
  const behind = request === null ? "" : text.slice(request.index + request[0].length);
  const status = statusOf(STATUS_BEHIND.exec(behind)?.[1] ?? "");
  if (client === null && method === null) return null;
  const { scheme, host, path, query } = parseUrl(url);
  return { ...emptyRecord(arrivalMs), client, method, scheme, host, path, query, status };
}

function timeIn(text: string): number | null {
  const clf = CLF.exec(text)?.[0];
  if (clf !== undefined) return parseTime(clf, "clf");
  const iso = ISO.exec(text)?.[0];
  return iso === undefined ? null : parseTime(iso, "iso");
}
