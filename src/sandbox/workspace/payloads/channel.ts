import type { JsonObject } from "../json.ts";
import type { Channel, WorkspaceState } from "../state/workspace-state.ts";

/** A channel as conversations.info shows it. */
export function channelPayload(channel: Channel, state: WorkspaceState): JsonObject {
  if (channel.kind === "im") {
    return { id: channel.id, is_im: true, is_channel: false, user: channel.personId, created: 0, is_open: true };
  }
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: true,
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: false,
    is_archived: false,
    is_general: channel.name === "general",
    is_member: channel.hasBot,
    created: 0,
    creator: state.people[0]?.id ?? state.app.userId,
    topic: { value: channel.topic, creator: "", last_set: 0 },
    purpose: { value: channel.topic, creator: "", last_set: 0 },
    num_members: membersOf(channel, state).length,
  };
}

export function membersOf(channel: Channel, state: WorkspaceState): readonly string[] {
  const people = channel.personId === null ? state.people.map(({ id }) => id) : [channel.personId];
  return channel.hasBot ? [...people, state.app.userId] : people;
}
