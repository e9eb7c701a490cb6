import type { EventKind } from "../src/domain/incident.ts";
import type { Person } from "../src/domain/proposal.ts";
import type { CommandContext } from "./context.ts";

export interface Entry {
  /** Says the same thing twice only once. */
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
export async function record(context: CommandContext, entry: Entry): Promise<boolean> {
  const nowMs = context.clock.now();
  const incidentId = entry.incidentId ?? (await context.store.openIncident(entry.channelId))?.id ?? null;
  return context.store.appendEvent({
    id: context.ids.next(),
    incidentId,
    channelId: entry.channelId,
    kind: entry.kind,
    occurredMs: entry.occurredMs ?? nowMs,
    recordedMs: nowMs,
    actor: entry.actor,
    text: entry.text,
    permalink: entry.messageTs ? await permalink(context, entry.channelId, entry.messageTs) : null,
    key: entry.key,
  });
}

/** An entry without a link is better than none. */
async function permalink({ messenger, log }: CommandContext, channelId: string, ts: string): Promise<string | null> {
  try {
    return await messenger.permalink({ channelId, ts });
  } catch (error) {
    log.warn({ err: error }, "permalink not found");
    return null;
  }
}

/** Writes an entry about something that is done already: its failure is told to the log, not to who did it. */
export async function recordDone(context: CommandContext, entry: Entry): Promise<void> {
  try {
    await record(context, entry);
  } catch (error) {
    context.log.error({ err: error, key: entry.key }, "timeline entry not written");
  }
}
