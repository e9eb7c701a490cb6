import type { Meaning, TimeNotation } from "../line-template.ts";
import { parseClock, parseDate, parseTime } from "../logged-time.ts";
import { isMethod } from "../request-line.ts";

const BLANK = /\s/;
const BLANK_OR_QUOTE = /[\s"]/;
/** One that no backslash protects. */
const QUOTE = /(?<!\\)"/;
const STATUS = /^\d{1,3}$/;
const BYTES = /^-?\d{1,15}$/;
const SECS_ITEM = "(?:-|-?\\d{1,15}(?:\\.\\d{1,20})?)";
const SECS = new RegExp(`^${SECS_ITEM}(?:(?:, | : )${SECS_ITEM})*$`);
const COMMA = 0x2c;
const COLON = 0x3a;
const ANY_TEXT: ReadonlySet<Meaning> = new Set([
  ...(["forwarded-for", "request", "url", "path", "query", "user-agent", "referer", "cache"] as const),
]);
const ENDS_WITH_PORT = /:\d{1,5}$/;
/**
 * Whether a text can be the value of a field as its server writes it; for telling where a field ends. `-` and nothing
 * at all can always be.
 *
 * Nothing else than times, numbers, methods and words without blanks can be told from what belongs to another field.
 */
export function fitsMeaning(text: string, is: Meaning): boolean {
  if (text === "-" || text === "") return true;
  if (typeof is === "object") return "secs" in is ? SECS.test(text) : isTime(text, is.as);
  switch (is) {
    case "status":
      return STATUS.test(text);
    case "bytes":
      return BYTES.test(text);
    case "method":
      return isMethod(text);
    case "client-with-port":
      return ENDS_WITH_PORT.test(text) && !BLANK.test(text);
    case "client":
    case "host":
    case "scheme":
    case "tls":
    case "node":
      return !BLANK_OR_QUOTE.test(text);
    case "target":
    case "ignored":
      return !QUOTE.test(text);
    default:
      return true;
  }
}

/** The same for lines in which something stands where it does not belong: only times, and words without blanks. */
export function fitsDamaged(text: string, is: Meaning): boolean {
  switch (is) {
    case "status":
    case "bytes":
    case "method":
    case "client-with-port":
      return !BLANK.test(text);
    default:
      return fitsMeaning(text, is) || (typeof is === "object" && "secs" in is && !BLANK.test(text));
  }
}

/** Whether a text of any kind fits, however damaged the line; outside quotes, where it holds no quote. */
export function takesAnyText(is: Meaning, isQuoted: boolean): boolean {
  return ANY_TEXT.has(is) || (!isQuoted && (is === "ignored" || is === "target"));
}

/** Whether a text with a blank in it can fit, however damaged the line. */
export function mayHoldBlanks(is: Meaning): boolean {
  return typeof is === "object" || is === "ignored" || is === "target" || ANY_TEXT.has(is);
}

/**
 * Whether a text outside quotes that is as servers write it, and begins at `start`, can go on behind a blank of its line:
 * `0.1, 0.2`, `0.1 : 0.2`, `2026-10-01 12:00:00 UTC`, `26/Jan/2019:19:45:25 +0330`.
 */
export function mayGoOnBehind(blank: number, is: Meaning, line: string, start: number): boolean {
  if (typeof is !== "object") return mayHoldBlanks(is);
  const next = line[blank + 1];
  if ("secs" in is) return next === ":" || line[blank - 1] === "," || line[blank - 1] === ":";
  if (is.as === "clf") return next === "+" || next === "-";
  return is.as === "iso" && (blank === start + DATE_CHARS || line.startsWith("UTC", blank + 1));
}

const DATE_CHARS = "2026-10-01".length;

/** Whether the text of a field outside quotes can be all of it: `10.0.0.7:80,` and `:` are parts of nginx's lists. */
export function isWholeBare(text: string): boolean {
  return isWholeBareAt(text, 0, text.length);
}

/** The same of a text that stands in a line. */
export function isWholeBareAt(line: string, start: number, end: number): boolean {
  const last = line.charCodeAt(end - 1);
  if (end === start || (last !== COMMA && last !== COLON && line.charCodeAt(start) !== COLON)) return true;
  if (last === COMMA || end - start === 1) return false;
  return !line.startsWith(": ", start) && !line.startsWith(" :", end - 2);
}

function isTime(text: string, as: TimeNotation): boolean {
  // Most that are looked at are none.
  if (!isDigit(text.charCodeAt(0))) return false;
  if (as === "date") return parseDate(text) !== null;
  return (as === "clock" ? parseClock(text) : parseTime(text, as)) !== null;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
