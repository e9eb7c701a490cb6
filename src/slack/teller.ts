import type { Message } from "../ports/messenger.ts";
import { fitMessage } from "./budget.ts";
import type { WebApi } from "./web-api.ts";

/** Where somebody waits for an answer. */
export interface AskedAt {
  readonly userId: string;
  /** Null or empty where there is no channel: the App Home, an old modal. */
  readonly channelId: string | null;
  readonly threadTs: string | null;
  /** Slack's own address for an answer; it also works in channels that the bot is not in. */
  readonly responseUrl: string | null;
}

/** Tells one person something, by whichever way is open: in the channel, by the response URL, by direct message. */
export function createTeller(api: WebApi, apiUrl: string): (at: AskedAt, message: Message) => Promise<void> {
  return async (at, message) => {
    const { text, blocks } = fitMessage(message);
    if (at.channelId) {
      try {
        const thread = at.threadTs === null ? {} : { thread_ts: at.threadTs };
        await api.call("chat.postEphemeral", { channel: at.channelId, user: at.userId, text, blocks, ...thread });
        return;
      } catch (error) {
        if (at.responseUrl === null) throw error;
      }
    }
    if (at.responseUrl !== null && isSlacks(at.responseUrl, apiUrl)) {
      const body = JSON.stringify({ response_type: "ephemeral", replace_original: false, text, blocks });
      const headers = { "content-type": "application/json" };
      const signal = AbortSignal.timeout(5_000);
      const response = await fetch(at.responseUrl, { method: "POST", headers, body, redirect: "error", signal });
      if (response.ok) return;
    }
    await api.call("chat.postMessage", { channel: at.userId, text, blocks });
  };
}

/** An address from a payload is only called where it is Slack's, or the stand-in's that we are told to use. */
function isSlacks(responseUrl: string, apiUrl: string): boolean {
  if (!URL.canParse(responseUrl)) return false;
  const url = new URL(responseUrl);
  return url.origin === "https://hooks.slack.com" || url.origin === new URL(apiUrl).origin;
}
