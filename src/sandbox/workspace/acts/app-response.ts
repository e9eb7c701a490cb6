import { announceChange, announceDeletion, announceMessage } from "../events/announce.ts";
import { type JsonObject, objectsOf, textOf } from "../json.ts";
import { checkBlocks } from "../limits/blocks.ts";
import type { Problem } from "../limits/check.ts";
import type { WorkspaceParts } from "../parts.ts";
import type { ResponseTarget } from "../response-urls.ts";
import { withBlockIds } from "../state/block-ids.ts";
import { postMessage } from "../state/post.ts";
import { findMessage, type Message } from "../state/workspace-state.ts";

/**
 * Shows what the app answered to a command or at a response_url: a new message
 * (for the person alone unless it says `in_channel`), or the message clicked on
 * replaced or removed. Gives the problems with its blocks, and then shows nothing.
 */
export function applyResponse(response: JsonObject, target: ResponseTarget, parts: WorkspaceParts): readonly Problem[] {
  const state = parts.store.read();
  const original = target.messageTs === null ? undefined : findMessage(state, target.channelId, target.messageTs);
  if (response["delete_original"] === true) {
    if (original !== undefined) remove(original, parts);
    return [];
  }
  const problems = checkBlocks(response["blocks"] ?? [], {
    surface: "message",
    hasFile: (id) => state.files[id]?.isComplete === true,
    pointer: "/blocks",
  });
  if (problems.length > 0) return problems;
  if (response["replace_original"] === true && original !== undefined) replace(original, response, parts);
  else post(response, target, parts);
  return [];
}

function post(response: JsonObject, target: ResponseTarget, parts: WorkspaceParts): void {
  const isPublic = response["response_type"] === "in_channel";
  const message = postMessage(parts, {
    channelId: target.channelId,
    authorId: parts.store.read().app.userId,
    text: textOf(response["text"]) ?? "",
    blocks: objectsOf(response["blocks"]),
    threadTs: textOf(response["thread_ts"]) ?? target.threadTs,
    visibleTo: isPublic ? null : target.personId,
  });
  if (isPublic) announceMessage(message, parts);
}

function replace(original: Message, response: JsonObject, parts: WorkspaceParts): void {
  const message: Message = {
    ...original,
    text: textOf(response["text"]) ?? "",
    blocks: withBlockIds(response["blocks"]),
    editedTs: original.visibleTo === null ? parts.nextTs() : null,
  };
  parts.store.apply({ kind: "message-changed", message });
  if (message.visibleTo === null) announceChange(original, message, parts);
}

function remove(message: Message, parts: WorkspaceParts): void {
  parts.store.apply({ kind: "message-deleted", channelId: message.channelId, ts: message.ts });
  if (message.visibleTo === null) announceDeletion(message, parts);
}
