import type { Change } from "./change.ts";
import type { Channel, Message, WorkspaceState } from "./workspace-state.ts";

/** What one person may see of the workspace: no other's ephemerals, modals, Home or conversation with the app. */
export function stateFor(state: WorkspaceState, personId: string): WorkspaceState {
  const channels = state.channels.filter((channel) => isChannelOf(channel, personId));
  return {
    ...state,
    channels,
    messages: Object.fromEntries(
      channels.map(({ id }) => [id, (state.messages[id] ?? []).filter((message) => isShownTo(message, personId))]),
    ),
    modals: { [personId]: state.modals[personId] ?? [] },
    homes: Object.fromEntries(Object.entries(state.homes).filter(([id]) => id === personId)),
  };
}

/** Whether a change concerns what this person may see. */
export function isChangeFor(change: Change, personId: string, state: WorkspaceState): boolean {
  switch (change.kind) {
    case "message-posted":
    case "message-changed":
      return isShownTo(change.message, personId) && isInChannelOf(change.message.channelId, personId, state);
    case "message-deleted":
      return isInChannelOf(change.channelId, personId, state);
    case "channel-changed":
      return isChannelOf(change.channel, personId);
    case "modals-changed":
      return change.personId === personId;
    case "home-changed":
      return change.home.personId === personId;
    case "file-changed":
    case "connections-changed":
      return true;
  }
}

function isShownTo(message: Message, personId: string): boolean {
  return message.visibleTo === null || message.visibleTo === personId;
}

function isInChannelOf(channelId: string, personId: string, state: WorkspaceState): boolean {
  const channel = state.channels.find(({ id }) => id === channelId);
  return channel !== undefined && isChannelOf(channel, personId);
}

function isChannelOf(channel: Channel, personId: string): boolean {
  return channel.personId === null || channel.personId === personId;
}
