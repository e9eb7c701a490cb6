import type { Person } from "../../src/domain/proposal.ts";
import { UpstreamError } from "../../src/errors.ts";
import type { Message, Messenger } from "../../src/ports/messenger.ts";

/** One thing that was said, as it stands now. */
export interface Said {
  readonly channelId: string;
  readonly threadTs: string | null;
  readonly ts: string;
  readonly message: Message;
  /** Whoever alone can see it; null for everybody. */
  readonly to: string | null;
}

export interface SharedFile {
  readonly name: string;
  readonly title: string;
  readonly text: string;
  /** Null for an upload that was not shared. */
  readonly channelId: string | null;
}

/** The port, and what a test may do beside it. */
export interface FakeMessenger extends Messenger {
  /** Every message in the order it was said, in its present state. */
  said(): readonly Said[];
  /** What one person alone was told, oldest first. */
  whispers(userId: string): readonly string[];
  modals(): readonly { readonly triggerId: string; readonly view: object }[];
  files(): readonly SharedFile[];
  homes(): Readonly<Record<string, readonly object[]>>;
  /** Sets somebody's zone; without, Slack does not tell it. */
  moveTo(userId: string, zone: string): void;
  /** Lets somebody have said something. */
  hear(heard: { channelId: string; ts: string; text: string; authorId: string | null }): void;
  /** Says who is in a user group; of all others Slack knows nothing. */
  setGroup(groupId: string, members: readonly string[]): void;
  /** Makes every call fail, as if Slack were away; null brings it back. */
  failWith(error: Error | null): void;
}

/** A Slack in memory. People whose names are not given are not known to it. */
export function createFakeMessenger(people: readonly Person[] = []): FakeMessenger {
  const said: Said[] = [];
  const modals: { triggerId: string; view: object }[] = [];
  const files: SharedFile[] = [];
  const homes: Record<string, readonly object[]> = {};
  const heard: { channelId: string; ts: string; text: string; authorId: string | null }[] = [];
  const groups = new Map<string, readonly string[]>();
  const zones = new Map<string, string>();
  let failure: Error | null = null;
  let clock = 0;

  function check(): void {
    if (failure !== null) throw failure;
  }

  function say(channelId: string, threadTs: string | null, message: Message, to: string | null): Said {
    clock += 1;
    const ts = `1795269600.${String(clock).padStart(6, "0")}`;
    const entry = { channelId, threadTs, ts, message, to };
    said.push(entry);
    return entry;
  }

  return {
    post: async (to, message) => {
      check();
      return { ts: say(to.channelId, to.threadTs ?? null, message, null).ts };
    },
    update: async (at, message) => {
      check();
      const index = said.findIndex((entry) => entry.ts === at.ts && entry.channelId === at.channelId);
      const entry = said[index];
      if (entry === undefined) throw new UpstreamError("slack-refused", "message_not_found", { retryable: false });
      said[index] = { ...entry, message };
    },
    whisper: async (to, message) => {
      check();
      say(to.channelId, to.threadTs ?? null, message, to.userId);
    },
    upload: async ({ name, title, content }) => {
      check();
      files.push({ name, title, text: new TextDecoder().decode(content), channelId: null });
      return { fileId: `F${files.length}` };
    },
    share: async (to, { name, title, content }) => {
      check();
      files.push({ name, title, text: new TextDecoder().decode(content), channelId: to.channelId });
      return { fileId: `F${files.length}` };
    },
    permalink: async (at) => {
      check();
      return `https://example.slack.com/archives/${at.channelId}/p${at.ts.replace(".", "")}`;
    },
    message: async (at) => {
      check();
      const found = heard.find((entry) => entry.ts === at.ts && entry.channelId === at.channelId);
      return found === undefined ? null : { text: found.text, authorId: found.authorId };
    },
    person: async (userId) => {
      check();
      const found = people.find(({ id }) => id === userId);
      if (found === undefined) throw new UpstreamError("slack-refused", "user_not_found", { retryable: false });
      return found;
    },
    groupMembers: async (groupId) => {
      check();
      const members = groups.get(groupId);
      if (members === undefined) throw new UpstreamError("slack-refused", "no_such_subteam", { retryable: false });
      return members;
    },
    setGroup: (groupId, members) => void groups.set(groupId, members),
    timeZone: async (userId) => {
      check();
      return zones.get(userId) ?? null;
    },
    openModal: async (triggerId, view) => {
      check();
      modals.push({ triggerId, view });
    },
    publishHome: async (userId, blocks) => {
      check();
      homes[userId] = blocks;
    },
    said: () => [...said],
    whispers: (userId) => said.filter(({ to }) => to === userId).map(({ message }) => message.text),
    modals: () => [...modals],
    files: () => [...files],
    homes: () => ({ ...homes }),
    moveTo: (userId, zone) => {
      zones.set(userId, zone);
    },
    hear: (entry) => {
      heard.push(entry);
    },
    failWith: (error) => {
      failure = error;
    },
  };
}
