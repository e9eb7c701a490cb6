import {
  type Channel,
  conversationWithApp,
  findMessage,
  type Message,
  type WorkspaceState,
} from "../state/workspace-state.ts";
import { ApiFailure } from "./failure.ts";

/** Finds a channel by id, by "#name", or a person's conversation with the app by the person's id. */
export function channelFor(reference: string, state: WorkspaceState): Channel {
  const name = reference.replace(/^#/, "");
  const channel =
    state.channels.find(({ id }) => id === reference) ??
    state.channels.find((candidate) => candidate.kind === "channel" && candidate.name === name) ??
    conversationWithApp(state, reference);
  if (channel === undefined) throw new ApiFailure("channel_not_found");
  return channel;
}

/** Finds a channel that the bot may post in. */
export function channelOfBot(reference: string, state: WorkspaceState): Channel {
  const channel = channelFor(reference, state);
  if (!channel.hasBot) throw new ApiFailure("not_in_channel");
  return channel;
}

/** Finds a message that everybody can see: the Web API knows no ephemerals. */
export function messageFor(channelId: string, ts: string, state: WorkspaceState): Message {
  const message = findMessage(state, channelId, ts);
  if (message === undefined || message.visibleTo !== null) throw new ApiFailure("message_not_found");
  return message;
}
