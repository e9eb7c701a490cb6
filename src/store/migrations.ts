import { firstTables } from "./migrations/0001-first-tables.ts";
import { whoseBlock } from "./migrations/0002-whose-block.ts";
import { cancelled } from "./migrations/0003-cancelled.ts";
import { sightings } from "./migrations/0004-sightings.ts";
import { approvalsByPerson } from "./migrations/0010-approvals-by-person.ts";
import { audit } from "./migrations/0011-audit.ts";
import { firewalls } from "./migrations/0020-firewalls.ts";
import { capacityEnds } from "./migrations/0030-capacity-ends.ts";
import { drills } from "./migrations/0031-drills.ts";
import { measures } from "./migrations/0040-measures.ts";
import { undoWishes } from "./migrations/0050-undo-wishes.ts";
import { retries } from "./migrations/0060-retries.ts";

export interface Migration {
  /** Ascends from 1; numbers may be left out, and may be added in between later. */
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
  { version: 10, name: "approvals-by-person", sql: approvalsByPerson },
  { version: 11, name: "audit", sql: audit },
  { version: 20, name: "firewalls", sql: firewalls },
  { version: 30, name: "capacity-ends", sql: capacityEnds },
  { version: 31, name: "drills", sql: drills },
  { version: 40, name: "measures", sql: measures },
  { version: 50, name: "undo-wishes", sql: undoWishes },
  { version: 60, name: "retries", sql: retries },
];
