import type { JsonObject } from "../json.ts";
import type { WorkspaceParts } from "../parts.ts";
import { messagePayload } from "../payloads/message.ts";
import type { Message } from "../state/workspace-state.ts";
import { sendEvent } from "./event.ts";

/** Tells the app that a message was posted, and that it was mentioned where it was. */
export function announceMessage(message: Message, parts: WorkspaceParts): void {
  const state = parts.store.read();
  const event = {
    ...messagePayload(message, state),
    channel: message.channelId,
    channel_type: typeOf(message, parts),
    event_ts: message.ts,
    ...(message.fileIds.length > 0 ? { subtype: "file_share" } : {}),
  };
  sendEvent(subscriptionOf(message, parts), event, parts);
  if (message.authorId !== state.app.userId && message.text.includes(`<@${state.app.userId}>`)) {
    sendEvent("app_mention", { ...event, type: "app_mention" }, parts);
  }
}

export function announceChange(before: Message, after: Message, parts: WorkspaceParts): void {
  const state = parts.store.read();
  sendEvent(
    subscriptionOf(after, parts),
    {
      type: "message",
      subtype: "message_changed",
      hidden: true,
      channel: after.channelId,
      channel_type: typeOf(after, parts),
      ts: after.editedTs ?? after.ts,
      message: messagePayload(after, state),
      previous_message: messagePayload(before, state),
    },
    parts,
  );
}

export function announceDeletion(message: Message, parts: WorkspaceParts): void {
  sendEvent(
    subscriptionOf(message, parts),
    {
      type: "message",
      subtype: "message_deleted",
      hidden: true,
      channel: message.channelId,
      channel_type: typeOf(message, parts),
      ts: parts.nextTs(),
      deleted_ts: message.ts,
      previous_message: messagePayload(message, parts.store.read()),
    },
    parts,
  );
}

export function announceReaction(
  type: "reaction_added" | "reaction_removed",
  reaction: { readonly message: Message; readonly name: string; readonly personId: string },
  parts: WorkspaceParts,
): void {
  const { message } = reaction;
  const event: JsonObject = {
    type,
    user: reaction.personId,
    reaction: reaction.name,
    item: { type: "message", channel: message.channelId, ts: message.ts },
    item_user: message.authorId,
  };
  sendEvent(type, event, parts);
}

function subscriptionOf(message: Message, parts: WorkspaceParts): string {
  return typeOf(message, parts) === "im" ? "message.im" : "message.channels";
}

function typeOf(message: Message, parts: WorkspaceParts): "im" | "channel" {
  return parts.store.read().channels.find(({ id }) => id === message.channelId)?.kind ?? "channel";
}
