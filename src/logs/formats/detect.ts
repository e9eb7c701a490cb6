import { KNOWN_FORMATS } from "../../domain/log-formats.ts";
import type { LineReader, LogFormat } from "./format.ts";
import { namesOfHeader } from "./tables/w3c.ts";

/** What a file's lines were taken for, and why; the format is null where they are of none. */
export type Detection =
  | {
      readonly format: LogFormat;
      /** For people: "97 of 100 lines are Application Load Balancer access log". */
      readonly because: string;
      /** Of the lines that hold something, from above 0 to 1. */
      readonly share: number;
    }
  | {
      readonly format: null;
      /** For people, to be read behind the file's name: "holds nothing". */
      readonly because: string;
      readonly share: 0;
    };

/** What files hold that are found beside logs, told by a line. */
const OTHERS: readonly (readonly [line: RegExp, because: string])[] = [
  [
    /^Enable (AccessLog|ConnectionLog|HealthCheckLog) for ELB: /,
    "is the test file that a load balancer writes when logging is switched on",
  ],
  [/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[\w+\] \d+#\d+: /, "is an error log of nginx, which holds no requests"],
  [
    /^\[(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} \d\d [\d:.]+ \d{4}\] \[/,
    "is an error log of Apache, which holds no requests",
  ],
  [/^\s*<(\?xml|!DOCTYPE|html|Error)\b/i, "is a web page or XML, as servers send to say that something is wrong"],
  [/\0/, "holds bytes that are no text"],
  [/^\s*\{.*\}\s*$/, "holds JSON that is no access log known here"],
];

/**
 * Tells a file's format by lines of it: that one which recognises most of them, or if it only lets be how most of those
 * end, the one that reads their ends. Of two that recognise as many, the one that stands first in KNOWN_FORMATS is taken.
 * Empty lines and comments count for none, but a line that names the columns says more than any row.
 */
export function detectFormat(lines: readonly string[], formats: readonly LogFormat[]): Detection {
  const named = byHeader(lines, formats);
  if (named !== null) return { format: named, because: `its #Fields are those of ${named.title}`, share: 1 };
  const telling = lines.filter((line) => line.trim() !== "" && !line.startsWith("#"));
  // Nearly every file is of one format from its first line on.
  const few = best(telling.slice(0, FEW_LINES), formats);
  const found = few !== null && few.recognised === Math.min(FEW_LINES, telling.length) ? few : best(telling, formats);
  if (found === null && lines.some((line) => line.startsWith(IIS))) return IS_IIS;
  if (found === null) return damagedOrNone(telling, formats);
  return {
    format: found.format,
    because: `${found.recognised} of ${linesAre(found.of)} ${found.format.title}`,
    share: found.recognised / found.of,
  };
}

const FEW_LINES = 20;
const IIS = "#Software: Microsoft Internet Information Services";
const IS_IIS: Detection = { format: null, because: "is a log of Microsoft's IIS, which is not read here", share: 0 };

interface Fit {
  readonly format: LogFormat;
  /** So many of how many lines. */
  readonly recognised: number;
  readonly of: number;
}

function best(lines: readonly string[], formats: readonly LogFormat[]): Fit | null {
  const fits: Fit[] = [];
  for (const format of inOrder(formats)) {
    const recognised = lines.filter((line) => format.recognises(line)).length;
    fits.push({ format, recognised, of: lines.length });
    // None that comes later can be taken.
    if (recognised === lines.length) break;
  }
  const most = mostOf(fits);
  // A few ends that anybody can make odd are no reason to let be all of them.
  const longer = mostOf(fits.filter(({ format }) => format.continues === most?.format.name));
  return most !== null && longer !== null && longer.recognised * 2 > most.recognised ? longer : most;
}

/** The first of those that recognise most lines; null where none recognises any. */
function mostOf(fits: readonly Fit[]): Fit | null {
  return fits.reduce<Fit | null>((most, fit) => (fit.recognised > (most?.recognised ?? 0) ? fit : most), null);
}

/** Where no line is as it should be, the format is taken that can make the most of them: of most, a whole request. */
function damagedOrNone(lines: readonly string[], formats: readonly LogFormat[]): Detection {
  const none = { format: null, because: whyUnknown(lines, formats), share: 0 } as const;
  const some = lines.slice(0, FEW_LINES);
  if (some.length === 0 || OTHERS.some(([pattern]) => some.some((line) => pattern.test(line)))) return none;
  let most: Fit | null = null;
  for (const format of inOrder(formats)) {
    const reader = format.open(lines);
    const recognised = some.filter((line) => isWholeRequest(reader.read(line))).length;
    if (recognised > (most?.recognised ?? 0)) most = { format, recognised, of: some.length };
    // None that comes later can be taken.
    if (recognised === some.length) break;
  }
  if (most === null || most.recognised * 2 <= most.of) return none;
  return {
    format: most.format,
    because: `none of its lines is as it should be, and ${most.recognised} of ${most.of} can be read as ${most.format.title}`,
    share: most.recognised / most.of,
  };
}

/** Whether what was read is a request of which all is known that matters. */
export function isWholeRequest(read: ReturnType<LineReader["read"]>): boolean {
  return read !== null && read !== "header" && read.client !== null && read.status !== null && read.path !== null;
}

function linesAre(count: number): string {
  return `${count} ${count === 1 ? "line is" : "lines are"}`;
}

function byHeader(lines: readonly string[], formats: readonly LogFormat[]): LogFormat | null {
  for (const header of lines.filter((line) => namesOfHeader(line) !== null)) {
    const format = inOrder(formats).find((each) => each.recognises(header));
    if (format !== undefined) return format;
  }
  return null;
}

/** Gives formats in the order in which they are tried: of two that fit as well, the first is taken. */
export function inOrder(formats: readonly LogFormat[]): readonly LogFormat[] {
  return [...formats].sort((one, other) => KNOWN_FORMATS.indexOf(one.name) - KNOWN_FORMATS.indexOf(other.name));
}

function whyUnknown(lines: readonly string[], formats: readonly LogFormat[]): string {
  if (lines.length === 0) return "holds nothing";
  const other = OTHERS.find(([pattern]) => lines.every((line) => pattern.test(line)));
  const which = lines.length === 1 ? "its only line" : `any of ${lines.length} lines`;
  return other?.[1] ?? `fits none of the ${formats.length} known formats with ${which}`;
}
