import type { KnownBlock } from "@slack/types";
import type { Message } from "../../ports/messenger.ts";
import { section } from "../block-kit.ts";
import { sentences } from "../escape.ts";

/** Shows what went wrong in calm words; `errorId` is what the log calls it, for mistakes of our own. */
export function failureMessage(failure: { readonly what: string; readonly errorId: string | null }): Message {
  const text = failure.errorId === null ? failure.what : `${failure.what} The log has it as ${failure.errorId}.`;
  const shown = sentences(text);
  return { text: shown, blocks: [section(`:warning: ${shown}`)] satisfies KnownBlock[] };
}

/** Says one thing, without alarm. */
export function noticeMessage(text: string): Message {
  const shown = sentences(text);
  return { text: shown, blocks: [section(shown)] satisfies KnownBlock[] };
}
