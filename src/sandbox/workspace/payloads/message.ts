import type { JsonObject } from "../json.ts";
import type { Message, WorkspaceState } from "../state/workspace-state.ts";
import { filePayload } from "./file.ts";

/** A message as the Web API and the events show it. */
export function messagePayload(message: Message, state: WorkspaceState): JsonObject {
  const isFromApp = message.authorId === state.app.userId;
  return {
    type: "message",
    user: message.authorId,
    text: message.text,
    ts: message.ts,
    team: state.team.id,
    ...(isFromApp ? { bot_id: state.app.botId, app_id: state.app.id, bot_profile: botPayload(state) } : {}),
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(message.metadata === null ? {} : { metadata: message.metadata }),
    ...(message.editedTs === null ? {} : { edited: { user: message.authorId, ts: message.editedTs } }),
    ...(message.reactions.length > 0 ? { reactions: message.reactions.map(reactionPayload) } : {}),
    ...filesOf(message, state),
    ...threadOf(message, state),
  };
}

export function botPayload(state: WorkspaceState): JsonObject {
  const { botId, id, userId, name } = state.app;
  return {
    id: botId,
    app_id: id,
    user_id: userId,
    name,
    deleted: false,
    updated: 0,
    team_id: state.team.id,
    icons: {},
  };
}

function reactionPayload(reaction: Message["reactions"][number]): JsonObject {
  return { name: reaction.name, users: reaction.userIds, count: reaction.userIds.length };
}

function filesOf(message: Message, state: WorkspaceState): JsonObject {
  const files = message.fileIds.flatMap((id) => state.files[id] ?? []);
  return files.length === 0 ? {} : { files: files.map((file) => filePayload(file)), upload: true };
}

function threadOf(message: Message, state: WorkspaceState): JsonObject {
  if (message.threadTs !== null) return { thread_ts: message.threadTs };
  const replies = repliesTo(message, state);
  const last = replies.at(-1);
  if (last === undefined) return {};
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users: [...new Set(replies.map(({ authorId }) => authorId))],
    latest_reply: last.ts,
  };
}

/** What everybody can read in a message's thread, oldest first. */
export function repliesTo(root: Message, state: WorkspaceState): readonly Message[] {
  return (state.messages[root.channelId] ?? []).filter(
    ({ threadTs, visibleTo }) => threadTs === root.ts && visibleTo === null,
  );
}
