import { incidentsMessage } from "../src/slack/views/incident.ts";
import type { CommandContext } from "./context.ts";

const LISTED = 50;

/** Lists incidents, newest first, to the person who asked. */
export async function listIncidents(
  to: { readonly channelId: string; readonly userId: string; readonly threadTs: string | null },
  { store, messenger }: CommandContext,
): Promise<void> {
  const incidents = await store.incidents({ limit: LISTED });
  await messenger.whisper(to, incidentsMessage({ incidents }));
}
