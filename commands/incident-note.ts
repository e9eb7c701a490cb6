import type { Person } from "../src/domain/proposal.ts";
import { record } from "../src/record.ts";
import { context as contextBlock } from "../src/slack/block-kit.ts";
import type { Invocation } from "../src/slack/command.ts";
import { bold, plain } from "../src/slack/escape.ts";
import { incidentName } from "../src/slack/views/incident.ts";
import type { CommandContext } from "./context.ts";
import { openIncidentOf } from "./incident-lookup.ts";

/** Writes a sentence on the timeline, and shows in the channel that it did. */
export async function addNote(
  note: { readonly text: string; readonly by: Person; readonly invocation: Invocation },
  context: CommandContext,
): Promise<void> {
  const { channelId, threadTs } = note.invocation;
  const incident = await openIncidentOf(channelId, context);
  await record(context, {
    key: `note:${context.ids.next()}`,
    kind: "note",
    channelId,
    incidentId: incident.id,
    actor: note.by,
    text: note.text,
  });
  const text = `:memo: ${bold(note.by.name)}: ${plain(note.text, 1_000)} _(on the timeline of ${incidentName(incident)})_`;
  await context.messenger.post({ channelId, threadTs }, { text, blocks: [contextBlock(text)] });
}
