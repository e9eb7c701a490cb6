import type { LineTemplate, Part } from "../../src/logs/formats/line-template.ts";

/**
 * Takes a line apart as a template says, each field up to the next literal: what the fast way sees. Null where the
 * line is not like that.
 */
export function matchTemplate({ parts }: LineTemplate, line: string): readonly (readonly [string, string])[] | null {
  const fields: (readonly [string, string])[] = [];
  let at = 0;
  for (const [index, part] of parts.entries()) {
    if (part.kind === "rest") return fields;
    if (part.kind === "may-end") {
      if (at === line.length) return fields;
    } else if (part.kind === "literal") {
      if (!line.startsWith(part.text, at)) return null;
      at += part.text.length;
    } else {
      const end = endOfField(line, at, parts.slice(index + 1));
      if (end === -1) return null;
      fields.push([typeof part.is === "string" ? part.is : JSON.stringify(part.is), line.slice(at, end)]);
      at = end;
    }
  }
  return at === line.length ? fields : null;
}

function endOfField(line: string, at: number, behind: readonly Part[]): number {
  const mayEnd = behind[0]?.kind === "may-end";
  const next = behind.find((part) => part.kind !== "may-end");
  if (next?.kind !== "literal") return line.length;
  const end = line.indexOf(next.text, at);
  return end === -1 && mayEnd ? line.length : end;
}
