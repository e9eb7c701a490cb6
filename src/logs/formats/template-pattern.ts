import type { LineTemplate, Meaning, Part } from "./line-template.ts";

/**
 * Writes a template as people read it: literals as they are, fields in braces. `{…}` is a field that nobody asks for,
 * `{end?}` a place where a line may end, `{rest}` whatever else is behind.
 *
 * @example
 * templatePattern(template); // '{client} - {…} [{answered clf}] "{request}" {status} {bytes}'
 */
export function templatePattern({ parts }: Pick<LineTemplate, "parts">): string {
  return parts.map(partPattern).join("");
}

function partPattern(part: Part): string {
  switch (part.kind) {
    case "literal":
      return part.text.replaceAll("\t", "⇥");
    case "field":
      return `{${meaningName(part.is)}}`;
    case "may-end":
      return "{end?}";
    case "rest":
      return "{rest}";
  }
}

const UNIT_NAMES = new Map([
  [1, "s"],
  [1e-3, "ms"],
  [1e-6, "µs"],
  [1e-9, "ns"],
]);

/** Names what a field stands for: "status", "arrival iso", "backend s". */
function meaningName(is: Meaning): string {
  if (is === "ignored") return "…";
  if (typeof is === "string") return is;
  if ("time" in is) return `${is.time === "completed" ? "answered" : "arrival"} ${is.as}`;
  return `${is.secs} ${UNIT_NAMES.get(is.unitSecs) ?? `${is.unitSecs} s`}`;
}
