import type { Meaning } from "../line-template.ts";
import { APACHE_LETTERS } from "./apache-directives.ts";

/** Several directives that are one thing together. */
export interface ApacheTogether {
  readonly source: string;
  readonly is: Meaning;
  /** Of several for the same, the one with the least counts. */
  readonly rank: number;
}

/** Gives what several directives say together that one by one could not be parted; null where there is no such thing. */
export function togetherAt(format: string, at: number): ApacheTogether | null {
  for (const [pattern, is, letter] of TOGETHER) {
    pattern.lastIndex = at;
    const [source, moment] = pattern.exec(format) ?? [];
    if (source === undefined) continue;
    if (typeof is === "string") return { source, is, rank: LETTERS.indexOf(letter) };
    return { source, is: moment === "end:" ? { ...is, time: "completed" } : is, rank: 0 };
  }
  return null;
}

const LETTERS = Object.keys(APACHE_LETTERS);
const CLOCK = "(?:%T|%H:%M:%S)";
/** Apache tells fractions of a second in a directive of its own, so that the zone behind it takes another one. */
const FRACTION_AND_ZONE = String.raw`\}t(?:[.,]%\{(?:begin:|end:)?[mu]sec_frac\}t)? ?%\{(?:begin:|end:)?%z\}t`;

type Time = Extract<Meaning, { time: unknown }>;

const TOGETHER: readonly (readonly [pattern: RegExp, is: Exclude<Meaning, object> | Time, letter: string])[] = [
  [
    new RegExp(String.raw`%\{(begin:|end:)?(?:%F|%Y-%m-%d)[T ]${CLOCK}${FRACTION_AND_ZONE}`, "y"),
    { time: "arrival", as: "iso" },
    "t",
  ],
  [
    new RegExp(String.raw`%\{(begin:|end:)?%d/%b/%Y[: ]${CLOCK}${FRACTION_AND_ZONE}`, "y"),
    { time: "arrival", as: "clf" },
    "t",
  ],
  // Without a quote behind it, its end could not be told from other blanks.
  [/%m %U(?:%q)? %H(?=")/y, "request", "r"],
  [/%U%q(?![A-Za-z])/y, "url", "U"],
  [/%V:%p/y, "host", "V"],
  [/%v:%p/y, "host", "v"],
  [/%a:%\{remote\}p/y, "client-with-port", "a"],
  [/%h:%\{remote\}p/y, "client-with-port", "h"],
];
