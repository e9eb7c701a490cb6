/** What travels over Slack's protocol: anything that JSON can say. */
export type Json = string | number | boolean | null | undefined | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects of a list; none where the value is no list. */
export function objectsOf(value: Json): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The text, or null where the value is none or empty. */
export function textOf(value: Json): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
