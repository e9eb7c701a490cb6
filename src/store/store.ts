import type { Log } from "../log.ts";
import type { Store } from "../ports/store.ts";
import { auditIn } from "./audit.ts";
import { blocksIn } from "./blocks.ts";
import { breakdownsIn } from "./breakdowns.ts";
import { openDatabase } from "./database.ts";
import { eventsIn } from "./events.ts";
import { firewallsIn } from "./firewalls.ts";
import { holdsIn } from "./holds.ts";
import { incidentsIn } from "./incidents.ts";
import { investigationsIn } from "./investigations.ts";
import { migrate } from "./migrate.ts";
import { postmortemsIn } from "./postmortems.ts";
import { proposalsIn } from "./proposals.ts";
import { receiptsIn } from "./receipts.ts";
import { sightingsIn } from "./sightings.ts";
import { undoWishesIn } from "./undo-wishes.ts";

/**
 * Opens the durable memory: brings the database's schema up to date, then serves.
 *
 * @throws {UserError} `store-refused`, `store-newer`, `store-altered`
 * @throws {UpstreamError} `store-down` within 2 s where nothing answers
 */
export async function openStore(databaseUrl: string, log: Log): Promise<Store & { close(): Promise<void> }> {
  await migrate(databaseUrl, log);
  const database = openDatabase(databaseUrl, log);
  return {
    ...investigationsIn(database),
    ...breakdownsIn(database),
    ...proposalsIn(database),
    ...receiptsIn(database),
    ...blocksIn(database),
    ...holdsIn(database),
    ...firewallsIn(database),
    ...incidentsIn(database),
    ...eventsIn(database),
    ...sightingsIn(database),
    ...undoWishesIn(database),
    ...postmortemsIn(database),
    ...auditIn(database),
    ping: async () => void (await database.query("SELECT 1")),
    close: () => database.close(),
  };
}
