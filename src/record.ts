/** Writing to the timeline: the same for commands and for jobs. */
import type { EventKind } from "./domain/incident.ts";
import type { Person } from "./domain/proposal.ts";
import type { Ports } from "./ports.ts";

/** Spillway itself, where nobody in particular acted. */
export const SPILLWAY: Person = { id: "spillway", name: "Spillway" };

export interface Entry {
  /** Says the same thing twice only once; names the proposal or investigation it is about, where there is one. */
  readonly key: string;
  readonly kind: EventKind;
  readonly channelId: string;
  /** Where it is known already; otherwise the channel's open incident. */
  readonly incidentId?: string | null;
  readonly actor: Person;
  readonly text: string;
  readonly occurredMs?: number;
  readonly messageTs?: string | null;
}

/**
 * Writes an entry on the timeline of the channel's open incident, or keeps it for the incident that will be declared
 * there. Gives false where it stands there already.
 */
export async function record(ports: Ports, entry: Entry): Promise<boolean> {
  const nowMs = ports.clock.now();
  const incidentId = entry.incidentId ?? (await ports.store.openIncident(entry.channelId))?.id ?? null;
  return ports.store.appendEvent({
    id: ports.ids.next(),
    incidentId,
    channelId: entry.channelId,
    kind: entry.kind,
    occurredMs: entry.occurredMs ?? nowMs,
    recordedMs: nowMs,
    actor: entry.actor,
    text: entry.text,
    permalink: entry.messageTs ? await permalink(ports, entry.channelId, entry.messageTs) : null,
    key: entry.key,
  });
}

/** Writes an entry about something that is done already: its failure is told to the log, not to who did it. */
export async function recordDone(ports: Ports, entry: Entry): Promise<void> {
  try {
    await record(ports, entry);
  } catch (error) {
    ports.log.error({ err: error, key: entry.key }, "timeline entry not written");
  }
}

/** An entry without a link is better than none. */
async function permalink({ messenger, log }: Ports, channelId: string, ts: string): Promise<string | null> {
  try {
    return await messenger.permalink({ channelId, ts });
  } catch (error) {
    log.warn({ err: error }, "permalink not found");
    return null;
  }
}
