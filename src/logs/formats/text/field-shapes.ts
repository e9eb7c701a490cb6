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
const ENDS_WITH_PORT = /:\d{1,5}$/;
/** A list of nginx that goes on: `10.0.0.7:80,` and `:`. */
const PART_OF_LIST = /,$|^:$|^: | :$/;

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

/** Whether the text of a field outside quotes can be all of it. */
export function isWholeBare(text: string): boolean {
  return !PART_OF_LIST.test(text);
}

function isTime(text: string, as: TimeNotation): boolean {
  if (as === "date") return parseDate(text) !== null;
  return (as === "clock" ? parseClock(text) : parseTime(text, as)) !== null;
}
