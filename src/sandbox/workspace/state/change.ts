import type { Channel, Message, SharedFile, View, WorkspaceState } from "./workspace-state.ts";

/** One thing that happened; the server and every page fold the same changes. */
export type Change =
  | { readonly kind: "message-posted"; readonly message: Message }
  | { readonly kind: "message-changed"; readonly message: Message }
  | { readonly kind: "message-deleted"; readonly channelId: string; readonly ts: string }
  | { readonly kind: "channel-changed"; readonly channel: Channel }
  | { readonly kind: "file-changed"; readonly file: SharedFile }
  | { readonly kind: "modals-changed"; readonly personId: string; readonly modals: readonly View[] }
  | { readonly kind: "home-changed"; readonly home: View }
  | { readonly kind: "connections-changed"; readonly connections: number };

/** Folds a change into the state; the state given stays as it was. */
export function reduce(state: WorkspaceState, change: Change): WorkspaceState {
  switch (change.kind) {
    case "message-posted":
      return withMessages(state, change.message.channelId, (messages) => [...messages, change.message]);
    case "message-changed":
      return withMessages(state, change.message.channelId, (messages) =>
        messages.map((message) => (message.ts === change.message.ts ? change.message : message)),
      );
    case "message-deleted":
      return withMessages(state, change.channelId, (messages) =>
        messages.filter((message) => message.ts !== change.ts),
      );
    case "channel-changed":
      return { ...state, channels: replaceOrAdd(state.channels, change.channel) };
    case "file-changed":
      return { ...state, files: { ...state.files, [change.file.id]: change.file } };
    case "modals-changed":
      return { ...state, modals: { ...state.modals, [change.personId]: change.modals } };
    case "home-changed":
      return { ...state, homes: { ...state.homes, [change.home.personId]: change.home } };
    case "connections-changed":
      return { ...state, app: { ...state.app, connections: change.connections } };
  }
}

function withMessages(
  state: WorkspaceState,
  channelId: string,
  update: (messages: readonly Message[]) => readonly Message[],
): WorkspaceState {
  return { ...state, messages: { ...state.messages, [channelId]: update(state.messages[channelId] ?? []) } };
}

function replaceOrAdd(channels: readonly Channel[], changed: Channel): readonly Channel[] {
  return channels.some(({ id }) => id === changed.id)
    ? channels.map((channel) => (channel.id === changed.id ? changed : channel))
    : [...channels, changed];
}
