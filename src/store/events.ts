import type { EventKind, TimelineEvent } from "../domain/incident.ts";
import type { Store } from "../ports/store.ts";
import type { Database } from "./database.ts";
import { person } from "./people.ts";

interface Row {
  readonly id: string;
  readonly incident_id: string | null;
  readonly channel_id: string;
  readonly kind: EventKind;
  readonly occurred_ms: number;
  readonly recorded_ms: number;
  readonly actor_id: string;
  readonly actor_name: string;
  readonly text: string;
  readonly permalink: string | null;
  readonly key: string;
}

/**
 * An entry without an incident joins the one that is open in its channel: it may have been
 * declared since the entry's writer looked.
 *
 * Somebody who takes a message off the timeline and adds it again wants it back. Everything else is
 * written by jobs, which may run twice and must not bring back what a person removed.
 */
const APPEND = `
INSERT INTO events (id, incident_id, channel_id, kind, occurred_ms, recorded_ms, actor_id, actor_name, text,
  permalink, key)
VALUES ($1, coalesce($2, (SELECT id FROM incidents WHERE channel_id = $3 AND state = 'open' ORDER BY number DESC LIMIT 1)),
  $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (channel_id, key) DO UPDATE SET is_removed = false WHERE events.is_removed AND events.kind = 'message'
RETURNING id`;

/** Keeps the timeline. Rows are only ever added; what people remove is marked. */
export function eventsIn(database: Database): Pick<Store, "appendEvent" | "events" | "removeEvent"> {
  return {
    async appendEvent(event) {
      const appended = await database.query(APPEND, [
        event.id,
        event.incidentId,
        event.channelId,
        event.kind,
        event.occurredMs,
        event.recordedMs,
        event.actor.id,
        event.actor.name,
        event.text,
        event.permalink,
        event.key,
      ]);
      return appended.length === 1;
    },

    async events(incidentId) {
      const rows = await database.query<Row>(
        "SELECT * FROM events WHERE incident_id = $1 AND NOT is_removed ORDER BY occurred_ms, recorded_ms, seq",
        [incidentId],
      );
      return rows.map(fromRow);
    },

    async removeEvent(channelId, key) {
      const removed = await database.query(
        "UPDATE events SET is_removed = true WHERE channel_id = $1 AND key = $2 AND NOT is_removed RETURNING id",
        [channelId, key],
      );
      return removed.length === 1;
    },
  };
}

function fromRow(row: Row): TimelineEvent {
  return {
    id: row.id,
    incidentId: row.incident_id,
    channelId: row.channel_id,
    kind: row.kind,
    occurredMs: row.occurred_ms,
    recordedMs: row.recorded_ms,
    actor: person(row.actor_id, row.actor_name),
    text: row.text,
    permalink: row.permalink,
    key: row.key,
  };
}
