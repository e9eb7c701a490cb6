/** What became of a log's lines and files, for people: the same words wherever an answer is shown. */
import { formatCount } from "./quantity.ts";
import type { Intake } from "./traffic.ts";

/** "4,812,077 lines = 4,812,075 parsed + 2 recovered + 0 unparsed". */
export function linesText({ lines, parsed, headers, recovered, unparsed }: Intake): string {
  const ofThem = headers === 0 ? "" : ` (${formatCount(headers)} of them ${headers === 1 ? "a header" : "headers"})`;
  return (
    `${formatCount(lines)} ${lines === 1 ? "line" : "lines"} = ${formatCount(parsed)} parsed${ofThem} + ` +
    `${formatCount(recovered)} recovered + ${formatCount(unparsed)} unparsed`
  );
}

/** Files that gave nothing for the same reason. */
export interface SkippedFiles {
  readonly reason: string;
  readonly files: number;
  /** The first of them, by name. */
  readonly first: string;
}

/** Puts together what was skipped alike, the most first: a folder may hold hundreds of connection logs. */
export function skippedByReason(skipped: Intake["skipped"]): readonly SkippedFiles[] {
  const groups = new Map<string, SkippedFiles>();
  for (const { file, reason } of skipped) {
    const before = groups.get(reason);
    groups.set(reason, { reason, files: (before?.files ?? 0) + 1, first: before?.first ?? file });
  }
  return [...groups.values()].sort((one, other) => other.files - one.files);
}

/** One format, how many files were read as it, and how it was told. */
export interface ReadAs {
  readonly format: string;
  readonly files: number;
  /** Null where it was not kept. */
  readonly because: string | null;
}

/** Gives the formats that files were read as, the most files first. */
export function formatsRead({ formats, detected }: Pick<Intake, "formats" | "detected">): readonly ReadAs[] {
  return Object.entries(formats)
    .map(([format, files]) => ({
      format,
      files,
      because: detected.find((each) => each.format === format)?.because ?? null,
    }))
    .sort((one, other) => other.files - one.files);
}

/** "The log tells no status and no bytes."; nothing where it tells both. */
export function lacksText({ lacks = [] }: Pick<Intake, "lacks">): string | null {
  return lacks.length === 0 ? null : `The log tells ${lacks.map((each) => `no ${each}`).join(" and ")}.`;
}
