import type { KnownBlock } from "@slack/types";
import type { Person } from "../domain/proposal.ts";
import { UpstreamError } from "../errors.ts";
import type { Message, Messenger } from "../ports/messenger.ts";
import { context } from "./block-kit.ts";
import { fitBlocks, fitMessage } from "./budget.ts";
import { createUploader } from "./upload.ts";
import { createWebApi, refusalOf, type WebApi, type WebApiOptions } from "./web-api.ts";

/** People remembered at a time. */
const PERSON_CACHE_SIZE = 2_000;
/** How long Slack takes to make an uploaded file usable: seconds, as a rule. */
const FILE_WAITS_SECS = [0.3, 0.7, 1.5, 3];
const MAX_HOME_BLOCKS = 100;

/** Says things in Slack. Messages are made to fit Slack's limits, and say what was cut. */
export function createMessenger(options: WebApiOptions & { readonly now?: () => number }): Messenger {
  const api = createWebApi(options);
  const upload = createUploader(api, options);
  const userOf = cachedUsers(api);
  const groupMembers = cachedGroups(api, options.now ?? Date.now);
  const wait = options.wait ?? ((secs) => new Promise((resolve) => setTimeout(resolve, secs * 1_000)));

  /** Sends a message; where its image is not ready in time, without it, which it then says. */
  async function send(method: string, args: Record<string, unknown>, message: Message): Promise<{ ts: string }> {
    const fitted = fitMessage(message);
    const body = { ...args, parse: "none", link_names: false, unfurl_links: false, unfurl_media: false };
    for (const delaySecs of hasFileImage(fitted) ? FILE_WAITS_SECS : []) {
      try {
        return await api.call(method, { ...body, ...fitted });
      } catch (error) {
        if (refusalOf(error) !== "invalid_blocks") throw error;
        await wait(delaySecs);
      }
    }
    try {
      return await api.call(method, { ...body, ...fitted });
    } catch (error) {
      if (refusalOf(error) !== "invalid_blocks" || !hasFileImage(fitted)) throw error;
      options.log.warn({ method }, "message sent without its image");
      return api.call(method, { ...body, ...withoutImages(fitted) });
    }
  }

  return {
    post: async (to, message) => {
      const { ts } = await send("chat.postMessage", address(to), message);
      return { ts };
    },
    update: async (at, message) => {
      await send("chat.update", { channel: at.channelId, ts: at.ts }, message);
    },
    whisper: async (to, message) => {
      await send("chat.postEphemeral", { ...address(to), user: to.userId }, message);
    },
    upload: (file) => upload(file, null),
    share: (to, file) => upload(file, to),
    permalink: async (at) => {
      const answer = await api.call<{ permalink?: string }>("chat.getPermalink", {
        channel: at.channelId,
        message_ts: at.ts,
      });
      return answer.permalink ?? null;
    },
    message: (at) => readMessage(api, at),
    person: async (userId) => personOf(userId, await userOf(userId)),
    timeZone: async (userId) => (await userOf(userId, { isFresh: true })).tz ?? null,
    groupMembers,
    openModal: async (triggerId, view) => {
      await api.call("views.open", { trigger_id: triggerId, view });
    },
    publishHome: async (userId, blocks) => {
      const fitted = fitBlocks(blocks as readonly KnownBlock[], MAX_HOME_BLOCKS);
      await api.call("views.publish", { user_id: userId, view: { type: "home", blocks: fitted } });
    },
  };
}

function address(to: { readonly channelId: string; readonly threadTs?: string | null }): Record<string, unknown> {
  return { channel: to.channelId, ...(to.threadTs && { thread_ts: to.threadTs }) };
}

function isFileImage(block: object): boolean {
  return "type" in block && block.type === "image" && "slack_file" in block;
}

function hasFileImage(message: Message): boolean {
  return message.blocks.some(isFileImage);
}

function withoutImages(message: Message): Message {
  const blocks = message.blocks.map((block) =>
    isFileImage(block) ? context("The chart was made, but Slack did not take it in time.") : block,
  );
  return { ...message, blocks };
}

interface SlackMessage {
  readonly ts?: string;
  readonly text?: string;
  readonly user?: string;
  readonly bot_id?: string;
}

/**
 * `conversations.replies` finds replies and parents alike, `conversations.history` only what stands in the channel
 * itself: whichever answers, only the very message that was asked for counts.
 */
async function readMessage(api: WebApi, at: { readonly channelId: string; readonly ts: string }) {
  const isIt = (message: SlackMessage) => message.ts === at.ts;
  // The parent comes first whatever is asked for, so one is not enough.
  const just = { channel: at.channelId, oldest: at.ts, latest: at.ts, inclusive: true, limit: 5 };
  const found =
    (await listMessages(api, "conversations.replies", { ...just, ts: at.ts })).find(isIt) ??
    (await listMessages(api, "conversations.history", just)).find(isIt);
  return found === undefined ? null : { text: found.text ?? "", authorId: found.user ?? found.bot_id ?? null };
}

async function listMessages(
  api: WebApi,
  method: string,
  args: Record<string, unknown>,
): Promise<readonly SlackMessage[]> {
  try {
    return (await api.call<{ messages?: readonly SlackMessage[] }>(method, args)).messages ?? [];
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === "thread_not_found" || refusal === "message_not_found") return [];
    throw error;
  }
}

interface SlackUser {
  readonly name?: string;
  readonly real_name?: string;
  /** Where they are, as their Slack is set to. */
  readonly tz?: string;
  readonly profile?: { readonly display_name?: string; readonly real_name?: string };
}

/** Remembers people; the oldest are forgotten first. Who travels keeps their name and not their zone. */
function cachedUsers(api: WebApi): (userId: string, options?: { readonly isFresh: boolean }) => Promise<SlackUser> {
  const known = new Map<string, SlackUser>();
  return async (userId, { isFresh } = { isFresh: false }) => {
    const cached = known.get(userId);
    if (cached !== undefined && !isFresh) return cached;
    const { user } = await api.call<{ user?: SlackUser }>("users.info", { user: userId });
    if (user === undefined) {
      throw new UpstreamError("slack-refused", `Slack does not know the user ${userId}.`, { retryable: false });
    }
    if (known.size >= PERSON_CACHE_SIZE) known.delete(known.keys().next().value as string);
    known.set(userId, user);
    return user;
  };
}

function personOf(userId: string, user: SlackUser): Person {
  const names = [user.profile?.display_name, user.profile?.real_name, user.real_name, user.name];
  return { id: userId, name: plainName(names.find((name) => name !== undefined && name !== "") ?? userId) };
}

/** How long somebody who left a group may still act for it, and somebody who joined may not yet. */
const GROUP_CACHE_MS = 5 * 60_000;

/** Remembers who is in a user group for some minutes; what Slack did not answer is asked anew each time. */
function cachedGroups(api: WebApi, now: () => number): (groupId: string) => Promise<readonly string[]> {
  const known = new Map<string, { readonly members: readonly string[]; readonly askedMs: number }>();
  return async (groupId) => {
    const cached = known.get(groupId);
    if (cached !== undefined && now() - cached.askedMs < GROUP_CACHE_MS) return cached.members;
    const { users } = await api.call<{ users?: readonly string[] }>("usergroups.users.list", { usergroup: groupId });
    if (users === undefined) {
      throw new UpstreamError("slack-refused", `Slack told no members of ${groupId}.`, { retryable: false });
    }
    known.set(groupId, { members: users, askedMs: now() });
    return users;
  };
}

/** A name is kept in the records as it was, cut to what any place can show. */
function plainName(name: string): string {
  return name.replace(/\s+/g, " ").trim().slice(0, 80);
}
