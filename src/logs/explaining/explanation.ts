import type { KnownFormatName } from "../../domain/log-formats.ts";
import type { ContainerPrefix } from "../formats/container-prefix.ts";
import type { LogFormat } from "../formats/format.ts";
import type { LineTemplate } from "../formats/line-template.ts";
import type { LineCounts } from "../reading/file-lines.ts";
import type { Packing } from "../reading/packing.ts";
import type { LogRecord } from "../record.ts";

/** A format that lines were taken for, and why. */
export interface ToldFormat {
  readonly format: KnownFormatName;
  readonly title: string;
  readonly holds: LogFormat["holds"];
  readonly because: string;
}

export interface ExplainedLine {
  /** Without what a container's log put before it. Null where it is not known any more. */
  readonly line: string | null;
  readonly record: LogRecord;
}

/** A line that is not as its format has it. */
export interface LeftLine {
  readonly line: string;
  /** Null where nothing could be read. */
  readonly record: LogRecord | null;
  /** Why nothing could be read, for people; null where something was. */
  readonly because: string | null;
}

export interface Explanation {
  readonly file: string;
  /** As it is on disk. */
  readonly bytes: number;
  /** Null where it cannot be opened. */
  readonly packing: Packing | null;
  readonly told: ToldFormat | null;
  /** What its lines were taken for by their content, if they were not taken for what was said. */
  readonly runnerUp: ToldFormat | null;
  readonly prefix: ContainerPrefix | null;
  readonly template: LineTemplate | null;
  /** Whether whole lines are read by the kernel; otherwise all are read with patience, which gives the same. */
  readonly isFast: boolean;
  readonly headers: readonly string[];
  /** The first lines that are as their format has them. */
  readonly parsed: readonly ExplainedLine[];
  /** The first lines that are not. */
  readonly left: readonly LeftLine[];
  /** Null where nothing was read. */
  readonly counts: Omit<LineCounts, "samples"> | null;
  /** How much of it was read, unpacked, where that is not all; null where it is. */
  readonly readBytes: number | null;
  /** Why nothing of it was read, or not all; null where all was, or as much as was wanted. */
  readonly problem: string | null;
}
