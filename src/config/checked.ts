import type { z } from "zod";
import { UserError } from "../errors.ts";

const SECRET_KEYS = /TOKEN|SECRET|URL$/;

/**
 * Gives the value as the schema has it.
 *
 * @param name of what holds the value, for people
 * @throws {UserError} `code`, naming every key that is wrong, what is there, and what is allowed
 */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  code: string,
  name: string,
): z.output<Schema> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => {
    const key = issue.path.join(".") || "(the whole)";
    const given =
      valueAt(issue.path, value) === undefined
        ? "not set"
        : SECRET_KEYS.test(key)
          ? "(hidden)"
          : // Of a choice by a key, the input is the whole in which that key stands.
            JSON.stringify(issue.code === "invalid_union" ? valueAt(issue.path, value) : issue.input);
    return `  ${key}: ${given} – ${issue.message}`;
  });
  throw new UserError(
    code,
    `${name} has ${lines.length} ${lines.length === 1 ? "mistake" : "mistakes"}:\n${lines.join("\n")}`,
  );
}

function valueAt(path: readonly PropertyKey[], value: unknown): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  );
}
