import type { Meaning } from "../line-template.ts";
import { type FieldMap, plainName } from "../objects/object-fields.ts";

/**
 * Gives what the columns with these names stand for. Where several say the same, the one that the map has first
 * counts and the others are ignored, so that both ways of reading give the same.
 */
export function columnsOf(names: readonly string[], fields: FieldMap): readonly Meaning[] {
  const ranks = new Map(fields.map(([path, is], rank) => [plainName(path), { is, rank }]));
  const best = new Map<string, { column: number; rank: number }>();
  const meanings = names.map((name, column) => {
    const known = ranks.get(plainName(name));
    if (known === undefined) return null;
    const before = best.get(topicOf(known.is));
    if (before === undefined || known.rank < before.rank) best.set(topicOf(known.is), { column, rank: known.rank });
    return known.is;
  });
  return meanings.map((is, column) => {
    if (is === null || best.get(topicOf(is))?.column !== column) return "ignored";
    const whole = timeOfPart(is);
    return whole !== null && best.has(whole) ? "ignored" : is;
  });
}

function topicOf(is: Meaning): string {
  if (typeof is === "string") return is;
  if ("secs" in is) return `${is.secs} secs`;
  return timeOfPart(is) === null ? is.time : `${is.time} ${is.as}`;
}

/** Which time a date or a time of day is a part of; null for other fields. */
function timeOfPart(is: Meaning): "arrival" | "completed" | null {
  return typeof is === "object" && "time" in is && (is.as === "date" || is.as === "clock") ? is.time : null;
}
