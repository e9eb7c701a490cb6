import type { Incident } from "../src/domain/incident.ts";
import type { Person } from "../src/domain/proposal.ts";
import { formatUtc } from "../src/domain/utc.ts";
import { UserError } from "../src/errors.ts";
import { recordDone } from "../src/record.ts";
import { ACTION } from "../src/slack/action-ids.ts";
import type { ButtonHandler } from "../src/slack/command.ts";
import { incidentMessage, incidentName } from "../src/slack/views/incident.ts";
import { actorOf } from "./actor.ts";
import type { CommandContext } from "./context.ts";
import { incidentById } from "./incident-lookup.ts";

/**
 * Resolves an incident and says so in its channel.
 *
 * @param resolution.how what ended it, in somebody's words; null where nobody said
 * @throws {UserError} `incident-resolved` where somebody did before
 */
export async function resolveIncident(
  incident: Incident,
  resolution: { readonly by: Person; readonly how: string | null },
  context: CommandContext,
): Promise<void> {
  const { store, messenger, clock } = context;
  const { by, how } = resolution;
  const atMs = clock.now();
  const isFirst = incident.state === "open" && (await store.resolveIncident(incident.id, by, atMs));
  const now = (await store.incident(incident.id)) ?? incident;
  if (!isFirst) {
    const when = now.resolvedMs === null ? "" : ` at ${formatUtc(now.resolvedMs)}`;
    throw new UserError(
      "incident-resolved",
      `${now.resolvedBy?.name ?? "Somebody"} resolved ${incidentName(now)}${when} already.`,
    );
  }
  const { ts } = await messenger.post({ channelId: incident.channelId }, incidentMessage({ incident: now }));
  await recordDone(context, {
    key: `incident-resolved:${incident.id}`,
    kind: "incident-resolved",
    channelId: incident.channelId,
    incidentId: incident.id,
    actor: by,
    text: how === null ? `Resolved ${incidentName(now)}.` : `Resolved ${incidentName(now)}: ${how}`,
    occurredMs: atMs,
    messageTs: ts,
  });
}

/** "Resolve" on the incident's card, which then loses the button. */
export const resolveButton: ButtonHandler<CommandContext> = {
  actionId: ACTION.resolve,
  run: async (click, context) => {
    const refreshed = async () => {
      const incident = await incidentById(click.value, context);
      const card = { channelId: click.channelId, ts: click.messageTs };
      await context.messenger.update(card, incidentMessage({ incident }));
    };
    try {
      const by = await actorOf(click, context);
      await resolveIncident(await incidentById(click.value, context), { by, how: null }, context);
    } finally {
      await refreshed().catch((error: unknown) => context.log.warn({ err: error }, "card not refreshed"));
    }
  },
};
