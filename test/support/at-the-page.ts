import { type Change, reduce } from "../../src/sandbox/workspace/state/change.ts";
import type { Message, View, WorkspaceState } from "../../src/sandbox/workspace/state/workspace-state.ts";

type Json = Record<string, unknown>;

/** Somebody at the sandbox's page, as the page itself does it: over its stream and its acts, without a browser. */
export interface PersonAtPage {
  readonly id: string;
  channelId(name: string): string;
  /** Types in a channel, a slash command or plain words. */
  say(text: string, channel?: string): Promise<void>;
  /** Waits until some message in the channel says this, and gives the newest. */
  sees(what: RegExp, channel?: string): Promise<Message>;
  /** Waits until the thread of a message says this, or somebody's own notice there, and gives all that it says then. */
  seesInThread(root: Message, what: RegExp): Promise<readonly string[]>;
  /** The newest such message that is there now; null where there is none. */
  looksFor(what: RegExp, channel?: string): Message | null;
  /** Clicks the button with this label; answers once the bot acknowledged. */
  click(message: Message, label: RegExp): Promise<void>;
  /** Waits for a modal, fills in what is given by label, and sends it. */
  submit(entries?: Readonly<Record<string, string>>): Promise<Json>;
  /** The text of a file that was shared in the channel. */
  reads(message: Message): Promise<string>;
  leave(): void;
}

/** Long enough for a slow machine; what is awaited comes by events, so nothing waits without need. */
const PATIENCE_MS = 30_000;

/** Sits down at the page as one of the workspace's people. */
export async function sitDown(
  workspaceUrl: string,
  realName: string,
  patienceMs: number = PATIENCE_MS,
): Promise<PersonAtPage> {
  const origin = workspaceUrl.replace(/\/$/, "");
  const screen = watchScreen(origin, patienceMs);
  const first = await screen.until("the first view of the workspace", (state) => state);
  const person = first.people.find((each) => each.realName.startsWith(realName));
  if (person === undefined) throw new Error(`nobody is called ${realName}`);
  screen.watchAs(person.id);

  async function act(name: string, fields: Json): Promise<Json> {
    const response = await fetch(`${origin}/page/${name}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ personId: person?.id, ...fields }),
    });
    if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
    const outcome = (await response.json()) as Json;
    if (outcome["kind"] !== "done" && outcome["kind"] !== "field-errors") {
      throw new Error(`${name}: ${JSON.stringify(outcome)}`);
    }
    return outcome;
  }

  const channelId = (name: string) => {
    const channel = first.channels.find((each) => each.name === name);
    if (channel === undefined) throw new Error(`no channel #${name}`);
    return channel.id;
  };

  return {
    id: person.id,
    channelId,
    say: async (text, channel = "ops") => {
      await act("say", { channelId: channelId(channel), threadTs: null, text });
    },
    sees: (what, channel = "ops") =>
      screen.until(`a message like ${what}`, (state) => newest(state, channelId(channel), what)),
    seesInThread: (root, what) =>
      screen.until(`${what} in the thread`, (state) => {
        const replies = state.messages[root.channelId]?.filter(({ threadTs }) => threadTs === root.ts) ?? [];
        const said = replies.map(wordsOf);
        return said.some((words) => what.test(words)) ? said : undefined;
      }),
    looksFor: (what, channel = "ops") => {
      const state = screen.now();
      return (state === null ? undefined : newest(state, channelId(channel), what)) ?? null;
    },
    click: async (message, label) => {
      const { action, blockId } = buttonIn(message, label);
      const source = { kind: "message", channelId: message.channelId, ts: message.ts };
      await act("click", { source, action: { ...action, block_id: blockId }, values: {} });
    },
    submit: async (entries = {}) => {
      const modal = await screen.until("a modal", (state) => state.modals[person.id]?.at(-1));
      return act("submit-modal", { viewId: modal.id, values: filledIn(modal, entries) });
    },
    reads: async (message) => {
      const [fileId] = message.fileIds;
      const response = await fetch(`${origin}/files/${fileId}`);
      if (!response.ok) throw new Error(`file ${fileId}: ${response.status}`);
      return response.text();
    },
    leave: () => screen.close(),
  };
}

function newest(state: WorkspaceState, channelId: string, what: RegExp): Message | undefined {
  return state.messages[channelId]?.findLast((message) => what.test(wordsOf(message)));
}

/** Everything that a message shows, as one text. */
export function wordsOf(message: Message): string {
  const words: string[] = [message.text];
  collectText(message.blocks, words);
  return words.join("\n");
}

function collectText(value: unknown, words: string[]): void {
  if (Array.isArray(value)) for (const each of value) collectText(each, words);
  else if (typeof value === "object" && value !== null) {
    for (const [key, each] of Object.entries(value)) {
      if (key === "text" && typeof each === "string") words.push(each);
      else collectText(each, words);
    }
  }
}

function buttonIn(message: Message, label: RegExp): { action: Json; blockId: unknown } {
  const labels: string[] = [];
  for (const block of message.blocks as readonly Json[]) {
    const elements = [...((block["elements"] as Json[] | undefined) ?? []), block["accessory"] as Json | undefined];
    for (const element of elements) {
      if (element?.["type"] !== "button") continue;
      const text = String((element["text"] as Json)["text"]);
      if (label.test(text)) return { action: element, blockId: block["block_id"] };
      labels.push(text);
    }
  }
  throw new Error(`no button like ${label}; there are ${labels.join(", ") || "none"}`);
}

function filledIn(modal: View, entries: Readonly<Record<string, string>>): Json {
  const values: Json = {};
  for (const block of (modal.content["blocks"] as readonly Json[]).filter((each) => each["type"] === "input")) {
    const element = block["element"] as Json;
    const label = String((block["label"] as Json)["text"]);
    const value = entries[label] ?? element["initial_value"] ?? null;
    values[String(block["block_id"])] = { [String(element["action_id"])]: { type: element["type"], value } };
  }
  return values;
}

interface Screen {
  until<Found>(what: string, find: (state: WorkspaceState) => Found | undefined): Promise<Found>;
  /** Null before the first view came. */
  now(): WorkspaceState | null;
  watchAs(personId: string): void;
  close(): void;
}

/** Follows the page's stream; whoever waits is asked again at each change. */
function watchScreen(origin: string, patienceMs: number): Screen {
  let state: WorkspaceState | null = null;
  let stream = new AbortController();
  const waiting = new Set<() => void>();

  async function follow(personId: string, signal: AbortSignal): Promise<void> {
    const response = await fetch(`${origin}/page/stream?person=${personId}`, { signal });
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of response.body as ReadableStream<Uint8Array>) {
      const items = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
      rest = items.pop() ?? "";
      for (const item of items) if (item.startsWith("data: ")) take(JSON.parse(item.slice("data: ".length)));
    }
  }

  function take(item: { kind: "snapshot"; state: WorkspaceState } | Change): void {
    if (item.kind === "snapshot") state = item.state;
    else if (state !== null) state = reduce(state, item);
    for (const look of waiting) look();
  }

  function watchAs(personId: string): void {
    stream.abort();
    stream = new AbortController();
    const { signal } = stream;
    follow(personId, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  watchAs("");
  return {
    watchAs,
    now: () => state,
    close: () => stream.abort(),
    until: (what, find) =>
      new Promise((resolve, reject) => {
        const giveUp = () => end(() => reject(new Error(`never saw ${what}; last were:\n${lastWords(state)}`)));
        const timer = setTimeout(giveUp, patienceMs);
        function end(settle: () => void): void {
          clearTimeout(timer);
          waiting.delete(look);
          settle();
        }
        function look(): void {
          const found = state === null ? undefined : find(state);
          if (found !== undefined) end(() => resolve(found));
        }
        waiting.add(look);
        look();
      }),
  };
}

/** What to look at first when something awaited never came. */
function lastWords(state: WorkspaceState | null): string {
  const messages = Object.values(state?.messages ?? {}).flatMap((channel) => channel.slice(-4));
  return messages.map((message) => `- ${wordsOf(message).slice(0, 400)}`).join("\n");
}
