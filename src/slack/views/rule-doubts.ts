import type { KnownBlock } from "@slack/types";
import { formatUtcTime } from "../../domain/utc.ts";
import { section } from "../block-kit.ts";
import { plain } from "../escape.ts";

/** Why a prepared rule may not do what addresses are put into its sets for. */
export interface RuleDoubts {
  /** A sentence each. */
  readonly weaknesses: readonly string[];
  /** When the rules were looked at, epoch ms. */
  readonly seenMs: number;
}

/** More are in `/blocks`. */
const MAX_SHOWN = 3;

/** Warns whoever relies on a rule that it only counts, or is not reached; nothing where nothing is known against it. */
export function ruleDoubts(doubts: RuleDoubts | null): KnownBlock[] {
  if (doubts === null || doubts.weaknesses.length === 0) return [];
  const lines = doubts.weaknesses.slice(0, MAX_SHOWN).map((weakness) => `:warning: ${plain(weakness, 500)}`);
  const left = doubts.weaknesses.length - lines.length;
  const more = left > 0 ? `${left} more in \`/blocks\`. ` : "";
  return [section(`${lines.join("\n")}\n${more}So it was at ${formatUtcTime(doubts.seenMs)}; it may do nothing.`)];
}
