import type { LogRecord } from "../record.ts";
import { readCleanLine } from "./clean-line.ts";
import type { LegsRule, LineTemplate } from "./line-template.ts";
import { endRecord, startRecord, tell } from "./object-record.ts";

/**
 * Reads a line that is as its template says, as the fast way does it; null for every other one, and for what tells
 * too little. For formats that read other lines by rules of their own.
 */
export function readCleanRecord(
  { parts, escaping, legs }: LineTemplate & { readonly legs: Exclude<LegsRule, "nginx"> },
  line: string,
): LogRecord | null {
  const clean = readCleanLine(parts, line.endsWith("\r") ? line.slice(0, -1) : line);
  if (clean === null) return null;
  const draft = startRecord();
  for (const { is, text } of clean.fields) tell(draft, is, text, escaping);
  return endRecord(draft, legs);
}
