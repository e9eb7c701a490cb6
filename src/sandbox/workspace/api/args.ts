import { isObject, type Json, type JsonObject, objectsOf } from "../json.ts";
import { ApiFailure } from "./failure.ts";

/** The arguments of a call, however they were sent. */
export interface Args {
  text(name: string): string | null;
  /** @throws ApiFailure where it is missing. */
  requiredText(name: string): string;
  number(name: string): number | null;
  flag(name: string): boolean;
  /** Undefined where it was not sent. */
  json(name: string): Json;
  object(name: string): JsonObject | null;
  objects(name: string): readonly JsonObject[];
}

/** Reads arguments; the ones that are structures may have been sent as JSON text. */
export function readArgs(raw: JsonObject): Args {
  const text = (name: string) => {
    const value = raw[name];
    return value === undefined || value === null || value === "" ? null : String(value);
  };
  const json = (name: string) => {
    const value = raw[name];
    return typeof value === "string" ? parseJson(name, value) : value;
  };
  return {
    text,
    requiredText: (name) => text(name) ?? missing(name),
    number: (name) => {
      const value = Number(text(name) ?? Number.NaN);
      return Number.isNaN(value) ? null : value;
    },
    flag: (name) => ["true", "1"].includes(text(name) ?? ""),
    json,
    object: (name) => {
      const value = json(name);
      return isObject(value) ? value : null;
    },
    objects: (name) => objectsOf(json(name)),
  };
}

function parseJson(name: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new ApiFailure(name === "blocks" ? "invalid_blocks_format" : "invalid_arguments", [
      { pointer: `/${name}`, message: "must be valid JSON" },
    ]);
  }
}

function missing(name: string): never {
  throw new ApiFailure(name === "channel" ? "channel_not_found" : "invalid_arguments", [
    { pointer: `/${name}`, message: `missing required field: ${name}` },
  ]);
}
