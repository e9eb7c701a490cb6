/** Folders that are named after the time, in whatever way: `web/{yyyy}/{MM}/{dd}/{HH}`, `year={yyyy}/month={MM}/…`. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../domain/time-window.ts";
import { floorTo, momentOf } from "./stamps.ts";

export interface PathPattern {
  /** What all folders begin with. */
  readonly fixedStart: string;
  /** How long a folder lasts whose listing is made: an hour or a day. */
  readonly listedMs: number;
  /** How long the innermost folder lasts: five minutes, an hour or a day. */
  readonly folderMs: number;
  /** The folder of a moment, down to its hour. */
  prefixAt(ms: number): string;
  /** When the folder begins that a key lies in, and what follows it; null for a key elsewhere. */
  read(key: string): { readonly folderMs: number; readonly rest: string } | null;
}

const TIME_VARIABLES = ["yyyy", "MM", "dd", "HH", "mm"] as const;
type TimeVariable = (typeof TIME_VARIABLES)[number];
const WIDTHS: Readonly<Record<TimeVariable, number>> = { yyyy: 4, MM: 2, dd: 2, HH: 2, mm: 2 };
const VARIABLE = /\{(\w+)\}/g;

/**
 * Reads a pattern that names the day at least; `config.ts` sees to that.
 *
 * @example
 * const { prefixAt } = readPathPattern("web/{yyyy}/{MM}/{dd}/{HH}");
 * prefixAt(Date.parse("2026-10-01T23:40:00Z"));  // "web/2026/10/01/23/"
 */
export function readPathPattern(path: string, ownVariables: Readonly<Record<string, string>> = {}): PathPattern {
  const filled = path.replaceAll(VARIABLE, (whole, name) => ownVariables[name] ?? whole);
  const whole = filled === "" || filled.endsWith("/") ? filled : `${filled}/`;
  // Folders of minutes are many and small: they are listed by the hour.
  const listed = whole.split("{mm}")[0] ?? "";
  const expression = expressionOf(whole);
  return {
    fixedStart: whole.split("{")[0] ?? "",
    listedMs: listed.includes("{HH}") ? HOUR_MS : DAY_MS,
    folderMs: whole.includes("{mm}") ? 5 * MINUTE_MS : whole.includes("{HH}") ? HOUR_MS : DAY_MS,
    prefixAt: (ms) => fill(listed, ms),
    read(key) {
      const groups = expression.exec(key)?.groups;
      if (groups === undefined) return null;
      const folderMs = momentOf(TIME_VARIABLES.map((name) => groups[name] ?? "00"));
      return folderMs === null ? null : { folderMs, rest: groups["rest"] ?? "" };
    },
  };
}

function fill(path: string, ms: number): string {
  const iso = new Date(floorTo(ms, MINUTE_MS)).toISOString();
  const values: Record<string, string> = {
    yyyy: iso.slice(0, 4),
    MM: iso.slice(5, 7),
    dd: iso.slice(8, 10),
    HH: iso.slice(11, 13),
  };
  return path.replaceAll(VARIABLE, (whole, name) => values[name] ?? whole);
}

/** A variable that stands twice must have one value. */
function expressionOf(path: string): RegExp {
  const seen = new Set<string>();
  const source = path.split(VARIABLE).map((part, index) => {
    if (index % 2 === 0) return part.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&");
    if (seen.has(part)) return `\\k<${part}>`;
    seen.add(part);
    return `(?<${part}>\\d{${WIDTHS[part as TimeVariable]}})`;
  });
  return new RegExp(`^${source.join("")}(?<rest>.*)$`, "s");
}
