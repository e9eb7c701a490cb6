import type { Channel, Message, Person, WorkspaceState } from "../state/workspace-state.ts";
import { findMessage } from "../state/workspace-state.ts";

/** The page asked for somebody or something that is not there. */
export class UnknownThing extends Error {
  override readonly name = "UnknownThing";
}

export function personNamed(id: string, state: WorkspaceState): Person {
  return found(
    state.people.find((person) => person.id === id),
    `person ${id}`,
  );
}

export function channelNamed(id: string, state: WorkspaceState): Channel {
  return found(
    state.channels.find((channel) => channel.id === id),
    `channel ${id}`,
  );
}

export function messageNamed(channelId: string, ts: string, state: WorkspaceState): Message {
  return found(findMessage(state, channelId, ts), `message ${ts}`);
}

function found<Thing>(thing: Thing | undefined, name: string): Thing {
  if (thing === undefined) throw new UnknownThing(`There is no ${name} in the workspace`);
  return thing;
}
