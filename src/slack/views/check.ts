import type { KnownBlock } from "@slack/types";
import type { Check } from "../../domain/proposal.ts";
import type { Message } from "../../ports/messenger.ts";
import { fileImage, section } from "../block-kit.ts";
import { plain } from "../escape.ts";

export const CHECK_SIGNS = {
  worked: ":white_check_mark:",
  "no-effect": ":warning:",
  "cannot-tell": ":grey_question:",
} as const;

/** Tells in the thread of a card what an action did. */
export function checkMessage({
  check,
  chartFileId,
}: {
  readonly check: Check;
  /** Null where there is no chart. */
  readonly chartFileId: string | null;
}): Message {
  const text = `${CHECK_SIGNS[check.verdict]} ${plain(check.statement, 1_200)}`;
  return {
    text,
    blocks: [
      section(text),
      ...(chartFileId === null ? [] : [fileImage(chartFileId, check.statement)]),
    ] satisfies KnownBlock[],
  };
}
