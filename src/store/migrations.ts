import { firstTables } from "./migrations/0001-first-tables.ts";
import { whoseBlock } from "./migrations/0002-whose-block.ts";
import { cancelled } from "./migrations/0003-cancelled.ts";
import { sightings } from "./migrations/0004-sightings.ts";

export interface Migration {
  /** Counts from 1 without gaps. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/**
 * Every step of the schema, in order. One that was released is never edited:
 * databases remember its checksum. SQL lives in TypeScript because `tsc`
 * copies no other files to `dist`.
 */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, name: "first-tables", sql: firstTables },
  { version: 2, name: "whose-block", sql: whoseBlock },
  { version: 3, name: "cancelled", sql: cancelled },
  { version: 4, name: "sightings", sql: sightings },
];
