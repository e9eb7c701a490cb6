import type { JsonObject } from "../../json.ts";
import { channelPayload, membersOf } from "../../payloads/channel.ts";
import { messagePayload, repliesTo } from "../../payloads/message.ts";
import type { Message } from "../../state/workspace-state.ts";
import type { Args } from "../args.ts";
import { ApiFailure } from "../failure.ts";
import { channelFor, messageFor } from "../lookup.ts";
import type { MethodFamily } from "../method.ts";

/** @source https://docs.slack.dev/reference/methods/conversations.history */
const DEFAULT_PAGE = 100;
const MAX_PAGE = 999;

export const conversationMethods: MethodFamily = {
  "conversations.info": (args, { store }) => {
    const state = store.read();
    return { channel: channelPayload(channelFor(args.requiredText("channel"), state), state) };
  },

  "conversations.list": (args, { store }) => {
    const state = store.read();
    const types = (args.text("types") ?? "public_channel").split(",").map((type) => type.trim());
    const channels = state.channels.filter(({ kind }) => types.includes(kind === "im" ? "im" : "public_channel"));
    return {
      channels: channels.map((channel) => channelPayload(channel, state)),
      response_metadata: { next_cursor: "" },
    };
  },

  "conversations.history": (args, { store }) => {
    const state = store.read();
    const channel = channelFor(args.requiredText("channel"), state);
    const messages = (state.messages[channel.id] ?? [])
      .filter(({ threadTs, visibleTo }) => threadTs === null && visibleTo === null)
      .filter(isWithin(args))
      .toReversed();
    const { page, rest } = pageOf(messages, args);
    return { messages: page.map((message) => messagePayload(message, state)), ...rest };
  },

  "conversations.replies": (args, { store }) => {
    const state = store.read();
    const channel = channelFor(args.requiredText("channel"), state);
    const found = messageFor(channel.id, args.requiredText("ts"), state);
    const root = found.threadTs === null ? found : messageFor(channel.id, found.threadTs, state);
    const { page, rest } = pageOf([root, ...repliesTo(root, state).filter(isWithin(args))], args);
    return { messages: page.map((message) => messagePayload(message, state)), ...rest };
  },

  "conversations.members": (args, { store }) => {
    const state = store.read();
    const members = membersOf(channelFor(args.requiredText("channel"), state), state);
    return { members, response_metadata: { next_cursor: "" } };
  },

  "conversations.open": (args, { store }) => {
    const state = store.read();
    const personId = args.text("users") ?? args.requiredText("channel");
    const channel = state.channels.find((found) => found.personId === personId || found.id === personId);
    if (channel === undefined) throw new ApiFailure("user_not_found");
    return { channel: { id: channel.id } };
  },

  "conversations.join": (args, { store }) => {
    const channel = { ...channelFor(args.requiredText("channel"), store.read()), hasBot: true };
    store.apply({ kind: "channel-changed", channel });
    return { channel: channelPayload(channel, store.read()) };
  },
};

function isWithin(args: Args): (message: Message) => boolean {
  const oldest = args.number("oldest") ?? 0;
  const latest = args.number("latest") ?? Number.POSITIVE_INFINITY;
  const isInclusive = args.flag("inclusive");
  return ({ ts }) => {
    const at = Number(ts);
    return isInclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
  };
}

/** One page of a list; the cursor is how many came before it. */
function pageOf(messages: readonly Message[], args: Args): { page: readonly Message[]; rest: JsonObject } {
  const start = Number(args.text("cursor") ?? 0);
  const end = start + Math.min(args.number("limit") ?? DEFAULT_PAGE, MAX_PAGE);
  const hasMore = end < messages.length;
  return {
    page: messages.slice(start, end),
    rest: { has_more: hasMore, response_metadata: { next_cursor: hasMore ? String(end) : "" } },
  };
}
