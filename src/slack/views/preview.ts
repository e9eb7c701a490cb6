import type { KnownBlock } from "@slack/types";
import type { Message } from "../../ports/messenger.ts";
import { context, section } from "../block-kit.ts";
import { code } from "../escape.ts";
import { plural } from "./numbers.ts";
import { type RuleDoubts, ruleDoubts } from "./rule-doubts.ts";

/** More are cut off by Slack, and read by nobody. */
const MAX_CALLS = 12;

/** The calls that would be made, for one person; nothing was changed. */
export function previewMessage(preview: {
  /** What would make them. */
  readonly what: "Approve" | "Undo" | "Unblock";
  readonly calls: readonly string[];
  readonly isDrill: boolean;
  /** What whoever approves has to know of the measure beside its calls. */
  readonly note?: string;
  readonly doubts?: RuleDoubts | null;
}): Message {
  const { what, calls, isDrill, note = "", doubts = null } = preview;
  const text = isDrill
    ? "Preview: none, as this is a drill, so nothing is called."
    : calls.length === 0
      ? `Preview: ${what} would call nothing, as everything is so already.`
      : `Preview: ${what} would make ${plural(calls.length, "call")}.`;
  const shown = calls.slice(0, MAX_CALLS).map((call) => code(call, 220));
  if (calls.length > MAX_CALLS) shown.push(`and ${plural(calls.length - MAX_CALLS, "more")}`);
  return {
    text,
    blocks: [
      section(`:mag: ${text}`),
      ...(shown.length === 0 ? [] : [section(shown.join("\n"))]),
      ...(note === "" ? [] : [section(note)]),
      ...ruleDoubts(isDrill ? null : doubts),
      context("As things are now. Nothing was changed."),
    ] satisfies KnownBlock[],
  };
}
