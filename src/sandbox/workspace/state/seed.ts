import type { Channel, Person, UserGroup, WorkspaceState } from "./workspace-state.ts";

/** Somebody to act as, as the sandbox's options name them. */
export interface PersonSeed {
  readonly id: string;
  readonly realName: string;
}

export interface ChannelSeed {
  readonly id: string;
  /** Without the #. */
  readonly name: string;
  readonly topic: string;
}

export const DEFAULT_PEOPLE: readonly PersonSeed[] = [
  { id: "U0ANA00001", realName: "Ana" },
  { id: "U0BEN00001", realName: "Ben" },
  { id: "U0CHLOE001", realName: "Chloe" },
];

export const DEFAULT_CHANNELS: readonly ChannelSeed[] = [
  { id: "C0OPS00001", name: "ops", topic: "Who is on call asks here first" },
  { id: "C0INCIDENT", name: "incidents", topic: "One thread an incident" },
  { id: "C0GENERAL1", name: "general", topic: "Everything else" },
];

const COLOURS = ["#2c7a5b", "#c2562d", "#5b4bb7", "#1d6fa5", "#a8326b", "#7a6a1f"];

/** A new workspace: everybody in every channel, the app beside them, nothing said yet. */
export function seedWorkspace(options: {
  readonly appName: string;
  readonly people: readonly PersonSeed[];
  readonly channels: readonly ChannelSeed[];
}): WorkspaceState {
  const people = options.people.map(toPerson);
  return {
    team: { id: "T0SANDBOX1", name: "Spillway sandbox", domain: "spillway-sandbox" },
    app: { id: "A0SPILLWAY", botId: "B0SPILLWAY", userId: "U0SPILLWAY", name: options.appName, connections: 0 },
    people,
    groups: [onCall(people)],
    channels: [...options.channels.map(toChannel), ...people.map(toConversation)],
    messages: {},
    files: {},
    modals: {},
    homes: {},
  };
}

/** The first two of those there are, so that somebody is left who is not. */
function onCall(people: readonly Person[]): UserGroup {
  return { id: "S0ONCALL01", handle: "oncall", name: "On call", personIds: people.slice(0, 2).map(({ id }) => id) };
}

function toPerson(seed: PersonSeed, index: number): Person {
  return {
    ...seed,
    name: seed.realName.toLowerCase().replaceAll(/\s+/g, "."),
    colour: COLOURS[index % COLOURS.length] ?? "#2c7a5b",
  };
}

function toChannel(seed: ChannelSeed): Channel {
  return { ...seed, kind: "channel", personId: null, hasBot: true };
}

function toConversation(person: Person): Channel {
  return {
    id: person.id.replace(/^U/, "D"),
    name: person.name,
    kind: "im",
    topic: "",
    personId: person.id,
    hasBot: true,
  };
}
