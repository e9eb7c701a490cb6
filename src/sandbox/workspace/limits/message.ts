import { isObject, type Json, type JsonObject } from "../json.ts";

/** @source https://docs.slack.dev/reference/methods/chat.postMessage */
const MAX_TEXT = 40_000;
/** Measured by others on the real service: https://github.com/slackapi/bolt-js/issues/2509 */
const MAX_BLOCKS_TEXT = 13_200;

/** Slack's error for a message that says nothing or too much; null where it may be posted. */
export function messageError(text: string, blocks: readonly JsonObject[], fileIds: readonly string[]): string | null {
  if (text === "" && blocks.length === 0 && fileIds.length === 0) return "no_text";
  if (text.length > MAX_TEXT) return "msg_too_long";
  if (textLength(blocks) > MAX_BLOCKS_TEXT) return "msg_blocks_too_long";
  return null;
}

/** Characters in everything called `text`. */
function textLength(value: Json): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item: Json) => sum + textLength(item), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, item]) => sum + (key === "text" && typeof item === "string" ? item.length : textLength(item)),
    0,
  );
}
