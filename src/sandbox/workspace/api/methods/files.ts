import { announceMessage } from "../../events/announce.ts";
import { newId } from "../../ids.ts";
import { textOf } from "../../json.ts";
import type { WorkspaceParts } from "../../parts.ts";
import { filePayload } from "../../payloads/file.ts";
import { fileTypeOf } from "../../state/file-type.ts";
import { postMessage } from "../../state/post.ts";
import type { Channel, SharedFile } from "../../state/workspace-state.ts";
import type { Args } from "../args.ts";
import { ApiFailure } from "../failure.ts";
import { channelOfBot, messageFor } from "../lookup.ts";
import type { MethodFamily } from "../method.ts";

export const fileMethods: MethodFamily = {
  "files.getUploadURLExternal": (args, parts) => {
    const name = args.requiredText("filename");
    const sizeBytes = args.number("length");
    if (sizeBytes === null || sizeBytes <= 0) throw new ApiFailure("invalid_arguments");
    const file: SharedFile = {
      id: newId("F"),
      name,
      title: name,
      altText: args.text("alt_txt") ?? args.text("alt_text"),
      ...fileTypeOf(name),
      sizeBytes,
      authorId: parts.store.read().app.userId,
      createdMs: parts.nowMs(),
      isUploaded: false,
      isComplete: false,
      shares: [],
    };
    parts.store.apply({ kind: "file-changed", file });
    return { upload_url: `${parts.origin()}/upload/${file.id}`, file_id: file.id };
  },

  "files.completeUploadExternal": (args, parts) => {
    const state = parts.store.read();
    const channelRef = args.text("channel_id");
    const channel = channelRef === null ? null : channelOfBot(channelRef, state);
    const threadTs = args.text("thread_ts");
    if (channel !== null && threadTs !== null) messageFor(channel.id, threadTs, state);
    const files = args.objects("files").map((entry) => {
      const file = fileNamed(textOf(entry["id"]) ?? "", parts);
      if (!file.isUploaded) throw new ApiFailure("file_not_found");
      return { ...file, title: textOf(entry["title"]) ?? file.title, isComplete: true };
    });
    if (files.length === 0) throw new ApiFailure("invalid_arguments");
    for (const file of files) parts.store.apply({ kind: "file-changed", file });
    if (channel !== null) shareFiles(files, channel, args, parts);
    return { files: files.map((file) => filePayload(file, parts.origin())) };
  },

  "files.info": (args, parts) => {
    const file = fileNamed(args.requiredText("file"), parts);
    return { file: filePayload(file, parts.origin()), comments: [], response_metadata: { next_cursor: "" } };
  },
};

/** Posts the files as one message of the bot, and remembers where they are to be seen. */
function shareFiles(files: readonly SharedFile[], channel: Channel, args: Args, parts: WorkspaceParts): void {
  const message = postMessage(parts, {
    channelId: channel.id,
    authorId: parts.store.read().app.userId,
    text: args.text("initial_comment") ?? "",
    threadTs: args.text("thread_ts"),
    fileIds: files.map(({ id }) => id),
  });
  const share = { channelId: channel.id, ts: message.ts, threadTs: message.threadTs };
  for (const file of files) {
    parts.store.apply({ kind: "file-changed", file: { ...file, shares: [...file.shares, share] } });
  }
  announceMessage(message, parts);
}

function fileNamed(id: string, parts: WorkspaceParts): SharedFile {
  const file = parts.store.read().files[id];
  if (file === undefined) throw new ApiFailure("file_not_found");
  return file;
}
