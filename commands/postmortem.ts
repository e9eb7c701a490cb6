import type { Incident } from "../src/domain/incident.ts";
import { ACTION } from "../src/slack/action-ids.ts";
import { optional } from "../src/slack/argument-slots.ts";
import { grammar } from "../src/slack/arguments.ts";
import { type ButtonHandler, defineCommand } from "../src/slack/command.ts";
import { noticeMessage } from "../src/slack/views/failure.ts";
import { incidentName } from "../src/slack/views/incident.ts";
import type { CommandContext } from "./context.ts";
import { incidentById, incidentFor } from "./incident-lookup.ts";
import { incidentWord } from "./words.ts";

export const postmortem = defineCommand({
  name: "postmortem",
  summary: "drafts or refreshes the postmortem from the timeline, and posts it as a file",
  examples: ["/postmortem", "/postmortem INC-12"],
  args: grammar("postmortem", { number: optional(incidentWord) }),
  handle: async ({ number }, invocation, context: CommandContext) =>
    draft(await incidentFor(number, invocation.channelId, context), invocation, context),
});

export const postmortemButton: ButtonHandler<CommandContext> = {
  actionId: ACTION.postmortem,
  run: async (click, context) => draft(await incidentById(click.value, context), click, context),
};

async function draft(
  incident: Incident,
  asker: { readonly userId: string; readonly channelId: string; readonly threadTs: string | null },
  { queue, messenger }: CommandContext,
): Promise<void> {
  const { userId, channelId } = asker;
  const job = { incidentId: incident.id, channelId, userId };
  await queue.enqueue("postmortem", job, { id: `postmortem-${incident.id}` });
  await messenger.whisper(
    asker,
    noticeMessage(`${incidentName(incident)}: its postmortem is being drafted and comes as a file.`),
  );
}
