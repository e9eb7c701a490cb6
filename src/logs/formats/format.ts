import type { KnownFormatName } from "../../domain/log-formats.ts";
import type { LogRecord } from "../record.ts";
import type { LineTemplate, Meaning } from "./line-template.ts";

/** A log format: how its files are told, and how its lines are read. */
export interface LogFormat {
  readonly name: KnownFormatName;
  /** For people: "Application Load Balancer access log". */
  readonly title: string;
  /** What a line tells of. Beside requests, the other two are left out, since they would count things twice. */
  readonly holds: "requests" | "connections" | "health-checks";
  /** The format whose lines these are as well, since it lets be what these have at their ends. */
  readonly continues?: KnownFormatName;
  /** What its lines begin with and those of no other: a line that does is its own, however damaged it is behind that. */
  readonly opening?: RegExp;
  /** What its lines can tell, beside what the reader's template says. */
  readonly meanings?: readonly Meaning[];
  /**
   * Whether a line is of this format as its server writes it; for telling formats apart, so stricter than reading.
   * @param line a line of the file, without its newline, and without what a container's log puts before it
   */
  recognises(line: string): boolean;
  /** Makes the reader of one file from the lines at its start, of which some may say how the others are laid out. */
  open(head: readonly string[]): LineReader;
}

/** Reads the lines of one file. */
export interface LineReader {
  /**
   * For the fast way; null where there is none, as for JSON. The two ways give the same for lines that both take.
   * Once `read` has been given a header that names the columns anew, it is another one.
   */
  readonly template: LineTemplate | null;
  /**
   * Reads what it can by position, however damaged the line is; null where not even a time and one thing more (the
   * client, the status or the request) can be told. Total: it throws for no line, and takes time in proportion to its length.
   */
  read(line: string): LogRecord | "header" | null;
}

/** What a column of a table (Parquet) or a key of an object (JSON) holds. */
export type FieldValue = string | number | bigint | boolean | null | undefined | object;

/** A format whose records are objects: a JSON object a line, or rows of Parquet under the same names. */
export interface ObjectFormat extends LogFormat {
  /** Whether rows with these columns are of this format. */
  recognisesFields(names: readonly string[]): boolean;
  /** What a column of this name tells, itself or by what is nested in it; nothing where it is not needed. */
  meaningsOf(name: string): readonly Meaning[];
  readObject(fields: Readonly<Record<string, FieldValue>>): LogRecord | null;
}
