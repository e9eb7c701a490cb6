import { closingQuote } from "./closing-quote.ts";

/**
 * Splits a line that holds several objects without newlines between them, as Firehose delivers them. The last may be
 * cut; blanks and commas between objects are left out. An ordinary line gives itself.
 */
export function splitConcatenatedJson(line: string): string[] {
  if (!SEAM.test(line)) return [line];
  const objects: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at];
    if (char === '"') {
      const end = closingQuote(line, at + 1);
      if (end === -1) break;
      at = end;
    } else if (char === "{") {
      if (depth === 0) start = at;
      depth += 1;
    } else if (char === "}" && depth > 0) {
      depth -= 1;
      if (depth === 0) {
        objects.push(line.slice(start, at + 1));
        start = at + 1;
      }
    }
  }
  const rest = line.slice(start).replace(/^[\s,]+/, "");
  if (rest !== "") objects.push(rest);
  return objects;
}

/**
 * Gives how many bytes of a line that goes on hold whole objects with another one behind them, so that they can be read
 * already; 0 where there are none.
 */
export function bytesOfWholeObjects(line: Buffer): number {
  // A byte is a character so, and quotes and braces are what they are.
  const objects = splitConcatenatedJson(line.toString("latin1"));
  return objects.length > 1 ? line.length - (objects.at(-1) as string).length : 0;
}

/** Cheap, and enough: within a line that is one object, braces meet like this in texts only. */
const SEAM = /\}[\s,]*\{/;
