import type { Person } from "../domain/proposal.ts";

/** Two columns hold a person: the id, and the name as it was at the time. */
export function person(id: string, name: string): Person {
  return { id, name };
}

/** Like `person`, for columns that may both be null. */
export function personOrNull(id: string | null, name: string | null): Person | null {
  return id === null || name === null ? null : { id, name };
}
