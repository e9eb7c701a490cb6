import { KNOWN_FORMATS } from "../../domain/log-formats.ts";
import type { LogFormat } from "./format.ts";
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
 * Tells a file's format by lines of it: that one which recognises most of them. Of two that recognise as many, the one
 * that stands first in KNOWN_FORMATS is taken. Empty lines and comments count for none, but a line that names the
 * columns says more than any row.
 */
export function detectFormat(lines: readonly string[], formats: readonly LogFormat[]): Detection {
  const named = byHeader(lines, formats);
  if (named !== null) return { format: named, because: `its #Fields are those of ${named.title}`, share: 1 };
  const telling = lines.filter((line) => line.trim() !== "" && !line.startsWith("#"));
  let best: { format: LogFormat; recognised: number } | null = null;
  for (const format of inOrder(formats)) {
    const recognised = telling.filter((line) => format.recognises(line)).length;
    if (recognised > (best?.recognised ?? 0)) best = { format, recognised };
  }
  if (best === null) return { format: null, because: whyUnknown(telling, formats), share: 0 };
  return {
    format: best.format,
    because: `${best.recognised} of ${telling.length} ${telling.length === 1 ? "line is" : "lines are"} ${best.format.title}`,
    share: best.recognised / telling.length,
  };
}

function byHeader(lines: readonly string[], formats: readonly LogFormat[]): LogFormat | null {
  for (const header of lines.filter((line) => namesOfHeader(line) !== null)) {
    const format = inOrder(formats).find((each) => each.recognises(header));
    if (format !== undefined) return format;
  }
  return null;
}

function inOrder(formats: readonly LogFormat[]): readonly LogFormat[] {
  return [...formats].sort((one, other) => KNOWN_FORMATS.indexOf(one.name) - KNOWN_FORMATS.indexOf(other.name));
}

function whyUnknown(lines: readonly string[], formats: readonly LogFormat[]): string {
  if (lines.length === 0) return "holds nothing";
  const other = OTHERS.find(([pattern]) => lines.every((line) => pattern.test(line)));
  const count = lines.length === 1 ? "its only line fits none" : `none of ${lines.length} lines fits any`;
  return other?.[1] ?? `${count} of the ${formats.length} known formats`;
}
