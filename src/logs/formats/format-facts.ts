/** What a format can tell, from its own template and from what its own reader makes of its example. */
import { NAMED_FORMATS, type NamedFormat } from "../../domain/log-formats.ts";
import { emptyRecord, type LogRecord } from "../record.ts";
import { stripContainerPrefix } from "./container-prefix.ts";
import type { LogFormat } from "./format.ts";
import { FORMAT_EXAMPLES } from "./format-examples.ts";
import { formatNamed, OBJECT_FORMATS } from "./index.ts";
import type { LineTemplate, Meaning } from "./line-template.ts";

export type RecordField = keyof LogRecord;

export interface FormatFacts {
  readonly name: NamedFormat;
  readonly title: string;
  readonly holds: LogFormat["holds"];
  /**
   * What its time says: when the request arrived, or when it was answered, from which the arrival follows where the
   * line tells how long that took.
   */
  readonly clock: "arrival" | "answered, less the time taken" | "answered";
  /** What a line can tell, in the order of `LogRecord`. */
  readonly tells: readonly RecordField[];
  /** Of what a verdict looks at, what no line tells. */
  readonly lacks: readonly RecordField[];
  readonly packings: readonly string[];
  /** Null where lines are objects, or are read in one way only. */
  readonly template: LineTemplate | null;
  readonly example: readonly string[];
  /** What the last line of the example was read as. */
  readonly record: LogRecord | null;
}

/** What a verdict looks at. */
const LOOKED_AT: readonly RecordField[] = [
  "client",
  "path",
  "host",
  "status",
  "bytes",
  "userAgent",
  "referer",
  "totalSecs",
  "backendSecs",
];

/** Gives the facts of every format, in the order in which they are documented. */
export function allFormatFacts(): readonly FormatFacts[] {
  return NAMED_FORMATS.map((name) => formatFacts(formatNamed(name)));
}

export function formatFacts(format: LogFormat): FormatFacts {
  const name = format.name as NamedFormat;
  const example = FORMAT_EXAMPLES[name];
  const lines = example.map(stripContainerPrefix);
  const reader = format.open(lines);
  const read = reader.read(lines.at(-1) ?? "");
  const record = read === "header" ? null : read;
  const meanings = [...(format.meanings ?? []), ...fieldsOf(reader.template)];
  const told = new Set([...meanings.flatMap(fieldsTold), ...(record === null ? [] : knownFields(record))]);
  const tells = ALL_FIELDS.filter((field) => told.has(field));
  return {
    name,
    title: format.title,
    holds: format.holds,
    clock: clockOf(meanings, tells),
    tells,
    lacks: LOOKED_AT.filter((field) => !tells.includes(field)),
    packings: OBJECT_FORMATS.some((each) => each.name === name) ? ["plain", "gzip", "Parquet"] : ["plain", "gzip"],
    template: reader.template,
    example,
    record,
  };
}

const ALL_FIELDS = Object.keys(emptyRecord(0)) as RecordField[];

/** Gives the fields of a record that are known. */
export function knownFields(record: LogRecord): readonly RecordField[] {
  return ALL_FIELDS.filter((field) => record[field] !== null);
}

function fieldsOf(template: LineTemplate | null): readonly Meaning[] {
  return template?.parts.flatMap((part) => (part.kind === "field" ? [part.is] : [])) ?? [];
}

function clockOf(meanings: readonly Meaning[], tells: readonly RecordField[]): FormatFacts["clock"] {
  if (meanings.some((is) => typeof is === "object" && "time" in is && is.time === "arrival")) return "arrival";
  return tells.includes("totalSecs") ? "answered, less the time taken" : "answered";
}

const TOLD: Readonly<Record<Extract<Meaning, string>, readonly RecordField[]>> = {
  ignored: [],
  client: ["client"],
  "client-with-port": ["client"],
  "forwarded-for": ["forwardedFor"],
  request: ["method", "path", "query"],
  method: ["method"],
  url: ["path", "query"],
  path: ["path"],
  query: ["query"],
  host: ["host"],
  scheme: ["scheme"],
  status: ["status"],
  "waf-action": ["status"],
  bytes: ["bytes"],
  "user-agent": ["userAgent"],
  referer: ["referer"],
  cache: ["cache"],
  tls: ["tls"],
  node: ["node"],
  target: ["target"],
};

/** What follows from several fields together, the example's record shows. */
function fieldsTold(is: Meaning): readonly RecordField[] {
  if (typeof is === "string") return TOLD[is];
  if ("time" in is) return is.time === "completed" ? ["arrivalMs", "completedMs"] : ["arrivalMs"];
  return is.secs === "header" ? [] : [`${is.secs}Secs`];
}
