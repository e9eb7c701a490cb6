import type { Meaning, Part } from "../line-template.ts";

/** A line may end here. */
export const MAY_END = { kind: "may-end" } as const;
/** Whatever else is on the line. */
export const REST = { kind: "rest" } as const;

/**
 * Writes down how a line looks the way it looks.
 *
 * @example
 * lineParts`${"client"} [${{ time: "arrival", as: "clf" }}] "${"request"}"${MAY_END} ${REST}`
 */
export function lineParts(
  literals: TemplateStringsArray,
  ...between: readonly (Meaning | typeof MAY_END | typeof REST)[]
): readonly Part[] {
  return literals.flatMap((text, index): Part[] => {
    const next = between[index];
    return [
      ...(text === "" ? [] : [{ kind: "literal" as const, text }]),
      ...(next === undefined ? [] : [partOf(next)]),
    ];
  });
}

/** Makes one literal of those that follow each other, and leaves out those that are nothing. */
export function joinLiterals(parts: readonly Part[]): readonly Part[] {
  return parts.reduce<Part[]>((joined, part) => {
    const last = joined.at(-1);
    if (part.kind !== "literal") joined.push(part);
    else if (last?.kind === "literal") joined[joined.length - 1] = { kind: "literal", text: last.text + part.text };
    else if (part.text !== "") joined.push(part);
    return joined;
  }, []);
}

function partOf(next: Meaning | typeof MAY_END | typeof REST): Part {
  return typeof next === "object" && "kind" in next ? next : { kind: "field", is: next };
}
