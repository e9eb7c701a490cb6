import type { JsonObject } from "../json.ts";

/** A person somebody can act as. */
export interface Person {
  readonly id: string;
  /** The handle, lower case. */
  readonly name: string;
  readonly realName: string;
  /** Colour of the avatar, as CSS. */
  readonly colour: string;
}

/** People who are named together: @oncall. */
export interface UserGroup {
  readonly id: string;
  /** Without the @. */
  readonly handle: string;
  readonly name: string;
  readonly personIds: readonly string[];
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  /** `im` is one person's conversation with the app. */
  readonly kind: "channel" | "im";
  readonly topic: string;
  /** Whose conversation with the app it is; null for channels, where everybody is a member. */
  readonly personId: string | null;
  /** Whether the bot may post. */
  readonly hasBot: boolean;
}

export interface Reaction {
  /** Without colons. */
  readonly name: string;
  readonly userIds: readonly string[];
}

export interface Message {
  readonly channelId: string;
  /** Unique in the channel; the time in seconds with six decimals. */
  readonly ts: string;
  /** The message whose thread this one is in; null where it is in the channel itself. */
  readonly threadTs: string | null;
  /** A person, the bot, or Slackbot. */
  readonly authorId: string;
  readonly text: string;
  readonly blocks: readonly JsonObject[];
  readonly metadata: JsonObject | null;
  readonly fileIds: readonly string[];
  readonly reactions: readonly Reaction[];
  readonly editedTs: string | null;
  /** The only person who sees it; null where everybody does. */
  readonly visibleTo: string | null;
}

export interface FileShare {
  readonly channelId: string;
  readonly ts: string;
  readonly threadTs: string | null;
}

export interface SharedFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly altText: string | null;
  readonly mimeType: string;
  /** Slack's short name of the type: "png", "markdown". */
  readonly fileType: string;
  readonly sizeBytes: number;
  readonly authorId: string;
  readonly createdMs: number;
  readonly isUploaded: boolean;
  readonly isComplete: boolean;
  readonly shares: readonly FileShare[];
}

/** A modal or a Home as it is on somebody's screen. */
export interface View {
  readonly id: string;
  readonly kind: "modal" | "home";
  readonly personId: string;
  readonly rootId: string;
  readonly previousId: string | null;
  /** Changes whenever the view does. */
  readonly hash: string;
  /** The view as the app sent it, every block with an id. */
  readonly content: JsonObject;
  /** What was entered when it was last sent or clicked. */
  readonly values: JsonObject;
}

/** Everything that people can see. Plain data: the page holds a copy of its own. */
export interface WorkspaceState {
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  readonly app: {
    readonly id: string;
    readonly botId: string;
    readonly userId: string;
    readonly name: string;
    /** How many Socket Mode connections it holds. */
    readonly connections: number;
  };
  readonly people: readonly Person[];
  readonly groups: readonly UserGroup[];
  readonly channels: readonly Channel[];
  /** Oldest first, by channel. */
  readonly messages: Readonly<Record<string, readonly Message[]>>;
  readonly files: Readonly<Record<string, SharedFile>>;
  /** The stack of open modals by person; the last one is on top. */
  readonly modals: Readonly<Record<string, readonly View[]>>;
  readonly homes: Readonly<Record<string, View>>;
}

export const SLACKBOT_ID = "USLACKBOT";

export function findMessage(state: WorkspaceState, channelId: string, ts: string): Message | undefined {
  return state.messages[channelId]?.find((message) => message.ts === ts);
}

/** The person's own conversation with the app. */
export function conversationWithApp(state: WorkspaceState, personId: string): Channel | undefined {
  return state.channels.find((channel) => channel.personId === personId);
}
