import type { Incident } from "../src/domain/incident.ts";
import type { Person } from "../src/domain/proposal.ts";
import { HOUR_MS } from "../src/domain/time-window.ts";
import { UserError } from "../src/errors.ts";
import { recordDone } from "../src/record.ts";
import { cut } from "../src/slack/escape.ts";
import { incidentMessage, incidentName } from "../src/slack/views/incident.ts";
import type { CommandContext } from "./context.ts";

/** What fits into one line of a list; the rest is for the timeline. */
const MAX_TITLE_CHARS = 240;
/** What was asked and done in the channel so long before belongs to it, too. */
const ADOPTED_MS = 3 * HOUR_MS;

/**
 * Declares an incident in a channel and adopts what happened there before.
 *
 * @throws {UserError} `incident-open` where one is open there already
 */
export async function declareIncident(
  wish: {
    readonly title: string;
    readonly by: Person;
    readonly channelId: string;
    /** The verdict that led to it: its onset is when the impact began. */
    readonly investigationId: string | null;
    /** Whether people only practise: nothing is changed for it. */
    readonly isDrill?: boolean;
  },
  context: CommandContext,
): Promise<Incident> {
  const { store, messenger, clock, ids } = context;
  const open = await store.openIncident(wish.channelId);
  if (open !== null) {
    throw new UserError(
      "incident-open",
      `${incidentName(open)} is open in this channel already: ${open.title}. Resolve it first with \`/incident resolve\`, or add to it with \`/incident note\`.`,
    );
  }
  const nowMs = clock.now();
  const investigation = wish.investigationId === null ? null : await store.investigation(wish.investigationId);
  const startedMs = investigation?.finding?.onset?.onsetMs ?? null;
  const incident = await store.declareIncident(
    {
      id: ids.next(),
      title: cut(wish.title, MAX_TITLE_CHARS),
      service: investigation?.service ?? null,
      channelId: wish.channelId,
      state: "open",
      startedMs,
      declaredMs: nowMs,
      resolvedMs: null,
      declaredBy: wish.by,
      resolvedBy: null,
      ...(wish.isDrill && { isDrill: true }),
    },
    // What really happened before is no part of a drill.
    wish.isDrill ? nowMs : Math.min(nowMs, startedMs ?? nowMs) - ADOPTED_MS,
  );
  const { ts } = await messenger.post({ channelId: wish.channelId }, incidentMessage({ incident }));
  await recordDone(context, {
    key: `incident-declared:${incident.id}`,
    kind: "incident-declared",
    channelId: wish.channelId,
    incidentId: incident.id,
    actor: wish.by,
    text: `Declared ${incident.isDrill ? "drill " : ""}${incidentName(incident)}: ${incident.title}`,
    occurredMs: nowMs,
    messageTs: ts,
  });
  return incident;
}
