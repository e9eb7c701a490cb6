import { firstTables } from "./migrations/0001-first-tables.ts";
import { whoseBlock } from "./migrations/0002-whose-block.ts";
import { cancelled } from "./migrations/0003-cancelled.ts";
import { firewalls } from "./migrations/0020-firewalls.ts";

export interface Migration {
  /** Ascending, with gaps where what was made side by side left room; each is applied where it was not yet. */
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
  { version: 20, name: "firewalls", sql: firewalls },
];
