import type { LogRecord } from "../record.ts";
import { type FieldText, readCleanLine } from "./clean-line.ts";
import type { Escaping, LineTemplate } from "./line-template.ts";
import { endRecord, startRecord } from "./record-draft.ts";
import { tell } from "./tell-field.ts";
import { readCutLine } from "./text/cut-line.ts";
import { readDamagedLine } from "./text/damaged-line.ts";
import { slotsOf } from "./text/line-slots.ts";

/**
 * Makes the patient reader of a template. It reads clean lines as every reader of the template does, and of damaged
 * ones what can be told: cut, with more at the end than is known, with quotes and blanks where none belong.
 *
 * @example
 * const read = createTemplateReader({ parts: lineParts`${"client"} ${"status"}`, escaping: "none", legs: "logged" });
 * read("198.51.100.7 200"); // null, since no time is known
 */
export function createTemplateReader(template: LineTemplate): (line: string) => LogRecord | null {
  const slots = slotsOf(template.parts);
  const isEscaping = hasEscapes(template.escaping);
  return (terminated) => {
    const line = terminated.endsWith("\r") ? terminated.slice(0, -1) : terminated;
    const fields =
      readCleanLine(template.parts, line)?.fields ??
      readCutLine(template.parts, line) ??
      readDamagedLine(slots, line, isEscaping);
    return recordOf(fields, template);
  };
}

/** Makes a record of the fields of a line; null where not enough of it is known. */
export function recordOf(fields: readonly FieldText[], template: LineTemplate): LogRecord | null {
  const draft = startRecord(template);
  for (const { is, text } of fields) tell(draft, is, text);
  return endRecord(draft);
}

/** Whether a backslash takes a quote its meaning. */
export function hasEscapes(escaping: Escaping): boolean {
  return escaping !== "none" && escaping !== "percent";
}
