import { announceChange, announceDeletion, announceMessage } from "../../events/announce.ts";
import type { JsonObject } from "../../json.ts";
import { checkBlocks } from "../../limits/blocks.ts";
import { messageError } from "../../limits/message.ts";
import type { WorkspaceParts } from "../../parts.ts";
import { messagePayload } from "../../payloads/message.ts";
import { withBlockIds } from "../../state/block-ids.ts";
import { postMessage } from "../../state/post.ts";
import { findMessage, type WorkspaceState } from "../../state/workspace-state.ts";
import type { Args } from "../args.ts";
import { ApiFailure, refuseProblems } from "../failure.ts";
import { channelFor, channelOfBot, messageFor } from "../lookup.ts";
import type { MethodFamily } from "../method.ts";

export const chatMethods: MethodFamily = {
  "chat.postMessage": (args, parts) => {
    const state = parts.store.read();
    const channel = channelOfBot(args.requiredText("channel"), state);
    const threadTs = threadFor(args.text("thread_ts"), channel.id, state);
    const message = postMessage(parts, {
      ...contentOf(args, parts),
      channelId: channel.id,
      authorId: state.app.userId,
      threadTs,
      metadata: args.object("metadata"),
    });
    announceMessage(message, parts);
    return { channel: channel.id, ts: message.ts, message: messagePayload(message, parts.store.read()) };
  },

  "chat.update": (args, parts) => {
    const state = parts.store.read();
    const channel = channelOfBot(args.requiredText("channel"), state);
    const before = messageFor(channel.id, args.requiredText("ts"), state);
    if (before.authorId !== state.app.userId) throw new ApiFailure("cant_update_message");
    const content = contentOf(args, parts, before.fileIds);
    // Blocks that are not sent stay, which surprises: https://github.com/slackapi/python-slack-sdk/issues/523
    const blocks = args.json("blocks") === undefined ? before.blocks : withBlockIds(content.blocks);
    const message = { ...before, text: content.text, blocks, editedTs: parts.nextTs() };
    parts.store.apply({ kind: "message-changed", message });
    announceChange(before, message, parts);
    return {
      channel: channel.id,
      ts: message.ts,
      text: message.text,
      message: messagePayload(message, parts.store.read()),
    };
  },

  "chat.postEphemeral": (args, parts) => {
    const state = parts.store.read();
    const channel = channelOfBot(args.requiredText("channel"), state);
    const personId = args.requiredText("user");
    if (!state.people.some(({ id }) => id === personId)) throw new ApiFailure("user_not_in_channel");
    const message = postMessage(parts, {
      ...contentOf(args, parts),
      channelId: channel.id,
      authorId: state.app.userId,
      threadTs: threadFor(args.text("thread_ts"), channel.id, state),
      visibleTo: personId,
    });
    return { message_ts: message.ts };
  },

  "chat.delete": (args, parts) => {
    const state = parts.store.read();
    const channel = channelOfBot(args.requiredText("channel"), state);
    const message = messageFor(channel.id, args.requiredText("ts"), state);
    if (message.authorId !== state.app.userId) throw new ApiFailure("cant_delete_message");
    parts.store.apply({ kind: "message-deleted", channelId: channel.id, ts: message.ts });
    announceDeletion(message, parts);
    return { channel: channel.id, ts: message.ts };
  },

  "chat.getPermalink": (args, parts) => {
    const state = parts.store.read();
    const channel = channelFor(args.requiredText("channel"), state);
    const message = messageFor(channel.id, args.requiredText("message_ts"), state);
    return { channel: channel.id, permalink: `${parts.origin()}/#/${channel.id}/${message.ts}` };
  },
};

/** Text and blocks as they may be posted. */
function contentOf(
  args: Args,
  parts: WorkspaceParts,
  fileIds: readonly string[] = [],
): { readonly text: string; readonly blocks: readonly JsonObject[] } {
  const text = args.text("markdown_text") ?? args.text("text") ?? "";
  const blocks = args.json("blocks") ?? [];
  const { files } = parts.store.read();
  const hasFile = (id: string) => files[id]?.isComplete === true;
  refuseProblems("invalid_blocks", checkBlocks(blocks, { surface: "message", hasFile, pointer: "/blocks" }));
  const error = messageError(text, args.objects("blocks"), fileIds);
  if (error !== null) throw new ApiFailure(error);
  return { text, blocks: args.objects("blocks") };
}

/** The root of the thread that a message is in or begins. */
function threadFor(threadTs: string | null, channelId: string, state: WorkspaceState): string | null {
  if (threadTs === null) return null;
  const found = findMessage(state, channelId, threadTs);
  if (found === undefined) throw new ApiFailure("thread_not_found");
  return found.threadTs ?? found.ts;
}
