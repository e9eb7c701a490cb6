import { UserError } from "../src/errors.ts";
import { record } from "../src/record.ts";
import type { MessageReference, ReactionHandler, ShortcutHandler } from "../src/slack/command.ts";
import { noticeMessage } from "../src/slack/views/failure.ts";
import { incidentName } from "../src/slack/views/incident.ts";
import { actorOf } from "./actor.ts";
import type { CommandContext } from "./context.ts";

/** A message that people reacted to with a pin stands on the timeline, as long as the reaction does. */
export const pin: ReactionHandler<CommandContext> = {
  reaction: "pushpin",
  added: async (reference, context) => {
    const { channelId, messageTs } = reference;
    const message = await context.messenger.message({ channelId, ts: messageTs });
    if (message === null) {
      throw new UserError(
        "message-unseen",
        "I cannot see this message, so it is not on the timeline. Is Spillway in this channel?",
      );
    }
    await addMessage({ ...reference, text: message.text, authorId: message.authorId }, context);
  },
  removed: async ({ channelId, messageTs }, context) => {
    await context.store.removeEvent(channelId, keyOf(messageTs));
  },
};

export const addToTimeline: ShortcutHandler<CommandContext> = {
  callbackId: "add-to-timeline",
  title: "Add to timeline",
  summary: "puts a message on the incident's timeline",
  run: addMessage,
};

async function addMessage(
  message: MessageReference & { readonly text: string; readonly authorId: string | null },
  context: CommandContext,
): Promise<void> {
  const { channelId, messageTs } = message;
  const author = message.authorId ?? "";
  const isNew = await record(context, {
    key: keyOf(messageTs),
    kind: "message",
    channelId,
    actor: await actorOf({ userId: author, userName: author.startsWith("B") ? "an app" : "somebody" }, context),
    text: message.text.trim() === "" ? "(a message without words: an image or a file)" : message.text,
    occurredMs: Math.round(Number(messageTs) * 1_000),
    messageTs,
  });
  const incident = await context.store.openIncident(channelId);
  const where =
    incident === null
      ? "It is kept for the incident that will be declared here."
      : `It is on the timeline of ${incidentName(incident)}.`;
  await context.messenger.whisper(
    message,
    noticeMessage(isNew ? `:pushpin: ${where}` : `:pushpin: It was there already.`),
  );
}

/** One entry a message, however often and by whomever it is added. */
function keyOf(messageTs: string): string {
  return `message:${messageTs}`;
}
