import type { Incident } from "../src/domain/incident.ts";
import { ACTION } from "../src/slack/action-ids.ts";
import type { ButtonHandler } from "../src/slack/command.ts";
import { timelineMessage } from "../src/slack/views/timeline.ts";
import type { CommandContext } from "./context.ts";
import { incidentById } from "./incident-lookup.ts";

/** Shows a timeline to the person who asked, and to nobody else. */
export async function showTimeline(
  incident: Incident,
  to: { readonly channelId: string; readonly userId: string; readonly threadTs: string | null },
  { store, messenger }: CommandContext,
): Promise<void> {
  const events = await store.events(incident.id);
  await messenger.whisper(to, timelineMessage({ incident, events }));
}

export const timelineButton: ButtonHandler<CommandContext> = {
  actionId: ACTION.timeline,
  run: async (click, context) => showTimeline(await incidentById(click.value, context), click, context),
};
