/** Turns Slack's payloads into what handlers are given. */
import type { BlockAction, MessageShortcut, SlashCommand, ViewSubmitAction } from "@slack/bolt";
import type { AppMentionEvent, ReactionAddedEvent, ReactionRemovedEvent } from "@slack/types";
import type { Click, Invocation, MessageReference, Submission } from "./command.ts";

export function invocationOf(command: SlashCommand): Invocation {
  return {
    userId: command.user_id,
    userName: command.user_name,
    channelId: command.channel_id,
    threadTs: null,
    text: command.text ?? "",
    triggerId: command.trigger_id,
  };
}

/** The same words, said to the bot where Slack allows no slash command. */
export function invocationOfMention(event: AppMentionEvent): Invocation {
  const userId = event.user ?? "";
  return {
    userId,
    userName: userId,
    channelId: event.channel,
    threadTs: event.thread_ts ?? null,
    text: wordsOf(event.text),
    triggerId: null,
  };
}

/**
 * Takes the mention away, and gives back what Slack's client made links and entities of.
 *
 * @example
 * wordsOf("<@U0BOT> block <http://198.51.100.7|198.51.100.7> because a &lt; b");
 * // "block 198.51.100.7 because a < b"
 */
export function wordsOf(text: string): string {
  return text
    .replace(/^(\s*<@[A-Z0-9]+(\|[^>]*)?>)+[\s,:]*/u, "")
    .replace(/<(?:https?|mailto|tel):[^|>]*\|([^>]*)>/gu, "$1")
    .replace(/<((?:https?|mailto|tel):[^|>]*)>/gu, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .trim();
}

export function clickOf(body: BlockAction): Click {
  const [action] = body.actions;
  return {
    actionId: action?.action_id ?? "",
    value: enteredIn(action) ?? "",
    userId: body.user.id,
    userName: body.user.username ?? body.user.name ?? body.user.id,
    channelId: body.channel?.id ?? text(body.container["channel_id"]) ?? "",
    messageTs: body.message?.ts ?? text(body.container["message_ts"]) ?? "",
    threadTs: text(body.message?.["thread_ts"]) ?? text(body.container["thread_ts"]),
    triggerId: body.trigger_id,
  };
}

export function submissionOf(body: ViewSubmitAction): Submission {
  const values = Object.entries(body.view.state.values).map(([blockId, elements]) => [
    blockId,
    enteredIn(Object.values(elements)[0]),
  ]);
  return {
    callbackId: body.view.callback_id,
    userId: body.user.id,
    userName: body.user.name,
    values: Object.fromEntries(values),
    privateMetadata: body.view.private_metadata,
  };
}

export function shortcutMessageOf(body: MessageShortcut): MessageReference & { text: string; authorId: string } {
  return {
    userId: body.user.id,
    userName: body.user.username ?? body.user.name,
    channelId: body.channel.id,
    messageTs: body.message.ts,
    threadTs: text(body.message["thread_ts"]),
    triggerId: body.trigger_id,
    text: body.message.text ?? "",
    authorId: body.message.user ?? text(body.message["bot_id"]) ?? "",
  };
}

export function reactedMessageOf(event: ReactionAddedEvent | ReactionRemovedEvent): MessageReference {
  return {
    userId: event.user,
    userName: event.user,
    channelId: event.item.channel,
    messageTs: event.item.ts,
    threadTs: null,
    triggerId: null,
  };
}

/** What was entered or chosen in a field, or the value of a button. */
function enteredIn(element: unknown): string | null {
  if (element === null || typeof element !== "object") return null;
  const { value, selected_option: option } = element as {
    value?: unknown;
    selected_option?: { value?: unknown } | null;
  };
  return text(value) ?? text(option?.value);
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
