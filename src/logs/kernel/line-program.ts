/** Compiles a line's template into the program that the kernel runs. */
import type { Escaping, LineTemplate, Meaning, Part, TimeNotation } from "../formats/line-template.ts";
import * as code from "./codes.ts";

export interface LineProgram {
  readonly bytes: Uint8Array;
  readonly legs: number;
  readonly cutRule: number;
  /** How texts must be unescaped. */
  readonly escaping: Escaping;
}

/** What of a program fits into the kernel's memory. */
const MAX_PROGRAM_BYTES = 4_096;
const QUOTE = 0x22;

/** A format has the same few templates for all its files. */
const compiled = new WeakMap<LineTemplate, LineProgram | null>();

/** Gives null for a template that only the patient reader can follow. */
export function compileProgram(template: LineTemplate): LineProgram | null {
  const known = compiled.get(template);
  if (known !== undefined) return known;
  const program = compile(template);
  compiled.set(template, program);
  return program;
}

function compile(template: LineTemplate): LineProgram | null {
  const bytes: number[] = [];
  const parts = mergeLiterals(template.parts);
  for (let index = 0; index < parts.length; ) {
    const skipped = skippedFields(parts, index);
    if (skipped > 1) {
      const delimiter = literalBytes(parts[index + 1])[0] ?? 0;
      bytes.push(code.OP_SKIP, skipped, delimiter);
      index += 2 * skipped;
      continue;
    }
    const part = parts[index] as Part;
    const [next, afterNext] = parts.slice(index + 1, index + 3);
    // Before what may be missing, a field ends where the rest would begin, or with the line.
    const behind = next?.kind === "may-end" ? afterNext : next;
    const compiled = compilePart(part, parts[index - 1], behind);
    if (compiled === null) return null;
    bytes.push(...compiled);
    index += 1;
  }
  const last = template.parts.at(-1)?.kind;
  if (last !== "rest") bytes.push(code.OP_END);
  if (bytes.length > MAX_PROGRAM_BYTES) return null;
  return {
    bytes: Uint8Array.from(bytes),
    legs: LEGS[template.legs],
    cutRule: CUT_RULES[template.cut ?? "unknown"],
    escaping: template.escaping,
  };
}

const LEGS = { logged: code.LEGS_LOGGED, sum: code.LEGS_SUM, nginx: code.LEGS_NGINX } as const;
const CUT_RULES = { unknown: code.CUT_IS_UNKNOWN, told: code.CUT_IS_TOLD } as const;

function mergeLiterals(parts: readonly Part[]): readonly Part[] {
  const merged: Part[] = [];
  for (const part of parts) {
    const before = merged.at(-1);
    if (part.kind === "literal" && before?.kind === "literal") {
      merged[merged.length - 1] = { kind: "literal", text: before.text + part.text };
    } else merged.push(part);
  }
  return merged;
}

/** How many ignored fields, each with the same single byte behind it, follow one another. */
function skippedFields(parts: readonly Part[], from: number): number {
  const delimiter = literalBytes(parts[from + 1]);
  // A quote before or behind a field would make it a quoted one.
  if (delimiter.length !== 1 || delimiter[0] === QUOTE || literalBytes(parts[from - 1]).at(-1) === QUOTE) return 0;
  let count = 0;
  while (count < 255) {
    const part = parts[from + 2 * count];
    const behind = literalBytes(parts[from + 2 * count + 1]);
    if (part?.kind !== "field" || part.is !== "ignored" || behind.length !== 1 || behind[0] !== delimiter[0]) break;
    count += 1;
  }
  return count;
}

function compilePart(part: Part, before: Part | undefined, behind: Part | undefined): readonly number[] | null {
  switch (part.kind) {
    case "literal": {
      const bytes = literalBytes(part);
      return bytes.length > 255 ? null : [code.OP_LITERAL, bytes.length, ...bytes];
    }
    case "field": {
      const meaning = meaningCode(part.is);
      if (meaning === null || (behind !== undefined && behind.kind !== "literal")) return null;
      const opens = literalBytes(before).at(-1) === QUOTE;
      const delimiter = literalBytes(behind)[0];
      if (opens && delimiter === QUOTE) return [code.OP_QUOTED, meaning];
      return [code.OP_FIELD, meaning, delimiter ?? code.TO_END];
    }
    case "may-end":
      return [code.OP_MAY_END];
    case "rest":
      return [code.OP_ACCEPT];
  }
}

function literalBytes(part: Part | undefined): Uint8Array {
  return part?.kind === "literal" ? new TextEncoder().encode(part.text) : new Uint8Array();
}

const MEANINGS: Readonly<Record<Extract<Meaning, string>, number>> = {
  ignored: code.MEANS_IGNORED,
  client: code.TEXT_CLIENT,
  "client-with-port": code.MEANS_CLIENT_WITH_PORT,
  "forwarded-for": code.TEXT_FORWARDED_FOR,
  request: code.MEANS_REQUEST,
  method: code.TEXT_METHOD,
  url: code.MEANS_URL,
  path: code.TEXT_PATH,
  query: code.TEXT_QUERY,
  host: code.MEANS_HOST,
  scheme: code.TEXT_SCHEME,
  status: code.MEANS_STATUS,
  // Only objects have it.
  "waf-action": code.MEANS_IGNORED,
  bytes: code.MEANS_BYTES,
  "user-agent": code.TEXT_USER_AGENT,
  referer: code.TEXT_REFERER,
  cache: code.TEXT_CACHE,
  tls: code.TEXT_TLS,
  node: code.TEXT_NODE,
  target: code.TEXT_TARGET,
};

const NOTATIONS: Readonly<Record<TimeNotation, number>> = {
  iso: code.TIME_ISO,
  clf: code.TIME_CLF,
  date: code.TIME_DATE,
  clock: code.TIME_CLOCK,
  "epoch-secs": code.TIME_EPOCH_SECS,
  "epoch-ms": code.TIME_EPOCH_MS,
};

const SECS = {
  total: code.SECS_TOTAL,
  backend: code.SECS_BACKEND,
  connect: code.SECS_CONNECT,
  header: code.SECS_HEADER,
  firstByte: code.SECS_FIRST_BYTE,
  body: code.SECS_BODY,
  client: code.SECS_CLIENT,
} as const;

const UNITS = new Map([
  [1, code.UNIT_SECS],
  [1e-3, code.UNIT_MS],
  [1e-6, code.UNIT_US],
]);

function meaningCode(is: Meaning): number | null {
  if (typeof is === "string") return MEANINGS[is];
  if ("time" in is) {
    // In two fields there are only times of completion.
    if (is.time === "arrival" && (is.as === "date" || is.as === "clock")) return null;
    return code.MEANS_TIME + NOTATIONS[is.as] + (is.time === "completed" ? code.TIME_OF_COMPLETION : 0);
  }
  const unit = UNITS.get(is.unitSecs);
  if (unit === undefined) return null;
  return code.MEANS_SECS + SECS[is.secs] + 8 * unit;
}
