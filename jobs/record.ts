import type { EventKind } from "../src/domain/incident.ts";
import type { Person } from "../src/domain/proposal.ts";
import type { JobContext } from "./context.ts";

/** Spillway itself, where nobody in particular acted. */
export const SPILLWAY: Person = { id: "spillway", name: "Spillway" };

/**
 * Writes an entry on the timeline of the channel's open incident, or keeps it for the incident that will be declared
 * there. The key makes a repeated job write it once.
 */
export async function record(
  context: JobContext,
  entry: {
    readonly key: string;
    readonly kind: EventKind;
    readonly channelId: string;
    /** Where it is known already; otherwise the channel's open incident. */
    readonly incidentId?: string | null;
    readonly actor: Person;
    readonly text: string;
    readonly occurredMs?: number;
    readonly messageTs?: string | null;
  },
): Promise<void> {
  const nowMs = context.clock.now();
  const incidentId = entry.incidentId ?? (await context.store.openIncident(entry.channelId))?.id ?? null;
  const permalink = entry.messageTs
    ? await context.messenger.permalink({ channelId: entry.channelId, ts: entry.messageTs }).catch(() => null)
    : null;
  await context.store.appendEvent({
    id: context.ids.next(),
    incidentId,
    channelId: entry.channelId,
    kind: entry.kind,
    occurredMs: entry.occurredMs ?? nowMs,
    recordedMs: nowMs,
    actor: entry.actor,
    text: entry.text,
    permalink,
    key: entry.key,
  });
}
