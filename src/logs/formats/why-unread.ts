import { readCleanLine } from "./clean-line.ts";
import type { LineTemplate } from "./line-template.ts";
import { hasEscapes, recordOf } from "./template-reader.ts";
import { readDamagedLine } from "./text/damaged-line.ts";
import { slotsOf } from "./text/line-slots.ts";

/** Says why a line could not even be read with patience, for people, to be read behind "unparsed:". */
export function whyUnread(line: string, template: LineTemplate | null): string {
  if (line.trim() === "") return "it is empty";
  if (template === null) return "neither a time nor anything of a request can be told";
  const fields =
    readCleanLine(template.parts, line)?.fields ??
    readDamagedLine(slotsOf(template.parts), line, hasEscapes(template.escaping));
  // With a time, or a client, given to it, the same reader shows which of them it misses.
  const time = { is: { time: "completed", as: "epoch-secs" }, text: "1790856000" } as const;
  const client = { is: "client", text: "192.0.2.1" } as const;
  if (recordOf([...fields, time], template) !== null) return "no time can be told";
  if (recordOf([...fields, client], template) !== null) return "it tells neither client, status nor request";
  return "neither a time nor anything of a request can be told";
}
