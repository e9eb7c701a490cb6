import type { Suggestion } from "../src/domain/finding.ts";
import { UserError } from "../src/errors.ts";
import type { Investigation } from "../src/ports/remembered.ts";
import type { CommandContext } from "./context.ts";
import { investigationFor } from "./investigation.ts";

/** One of the changes that a verdict offers: "investigation id:index". */
export interface SuggestionReference {
  readonly investigationId: string;
  readonly index: number;
}

/** Gives null for what is none. */
export function readSuggestionReference(value: string): SuggestionReference | null {
  const [, investigationId, index] = /^([\w-]+):(\d{1,3})$/.exec(value) ?? [];
  return investigationId === undefined ? null : { investigationId, index: Number(index) };
}

/** @throws {UserError} `suggestion-unknown` for a button of a verdict that is not what it was */
export async function suggestionFor(
  reference: SuggestionReference,
  context: CommandContext,
): Promise<{ readonly investigation: Investigation; readonly suggestion: Suggestion }> {
  const investigation = await investigationFor(reference.investigationId, context);
  const suggestion = investigation.finding?.suggestions[reference.index];
  if (suggestion !== undefined) return { investigation, suggestion };
  throw new UserError("suggestion-unknown", "The verdict does not offer this any more; ask anew with `/spike`.");
}
