/** Gives where in a value are numbers that are none, infinite ones, or texts that show one; empty where there are none. */
export function strangePlaces(value: unknown, path = ""): readonly string[] {
  if (typeof value === "number") return Number.isFinite(value) ? [] : [path];
  if (typeof value === "string") return /\bNaN\b|\bInfinity\b|\bundefined\b/.test(value) ? [path] : [];
  if (value === undefined) return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => strangePlaces(inner, `${path}.${key}`));
}
