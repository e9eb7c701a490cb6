/**
 * Keeps a message within what Slack takes, and says in it what was left out.
 *
 * @source https://docs.slack.dev/reference/block-kit/blocks and, for the total, bolt-js#2509: about 13,200 characters
 */
import type { ContextBlock, KnownBlock, SectionBlock, TableBlock } from "@slack/types";
import type { Message } from "../ports/messenger.ts";
import { context } from "./block-kit.ts";
import { cut } from "./escape.ts";

const MAX_BLOCKS = 50;
const MAX_SECTION_CHARS = 3_000;
const MAX_CONTEXT_ELEMENTS = 10;
const MAX_TABLE_ROWS = 100;
const MAX_TABLE_CHARS = 10_000;
const MAX_MESSAGE_CHARS = 12_000;
const MAX_TEXT_CHARS = 3_000;

/** Buttons are kept before all else: a card that cannot be answered is worthless. */
export function fitMessage(message: Message): Message {
  const blocks = fitBlocks(message.blocks as readonly KnownBlock[], MAX_BLOCKS);
  return { text: cut(message.text, MAX_TEXT_CHARS), blocks };
}

/** As for a message, for surfaces that take another number of blocks, such as the App Home with 100. */
export function fitBlocks(blocks: readonly KnownBlock[], maxBlocks: number): readonly KnownBlock[] {
  const fitted = blocks.flatMap(fitBlock);
  const isFitting = fitted.length <= maxBlocks && visibleChars(fitted) <= MAX_MESSAGE_CHARS;
  return isFitting ? fitted : mostImportant(fitted, maxBlocks);
}

function mostImportant(blocks: readonly KnownBlock[], maxBlocks: number): readonly KnownBlock[] {
  const kept = new Set<number>();
  // One block and some room are kept for the line that says what was left out.
  let blocksLeft = maxBlocks - 1;
  let charsLeft = MAX_MESSAGE_CHARS - 200;
  const byImportance = blocks.map((_, index) => index).sort((a, b) => rank(blocks, a) - rank(blocks, b) || a - b);
  for (const index of byImportance) {
    const chars = visibleChars(blocks[index]);
    if (blocksLeft === 0 || chars > charsLeft) continue;
    blocksLeft -= 1;
    charsLeft -= chars;
    kept.add(index);
  }
  const left = blocks.length - kept.size;
  return [
    ...blocks.filter((_, index) => kept.has(index)),
    context(`:scissors: ${left} ${left === 1 ? "part was" : "parts were"} left out: Slack takes no longer message.`),
  ];
}

/** The first block says what the message is about; what can be clicked comes next. */
function rank(blocks: readonly KnownBlock[], index: number): number {
  const block = blocks[index];
  if (index === 0) return 0;
  return block?.type === "actions" || (block?.type === "section" && block.accessory !== undefined) ? 1 : 2;
}

function fitBlock(block: KnownBlock): readonly KnownBlock[] {
  switch (block.type) {
    case "section":
      return [fitSection(block)];
    case "context":
      return [fitContext(block)];
    case "table":
      return fitTable(block);
    default:
      return [block];
  }
}

function fitSection(block: SectionBlock): SectionBlock {
  if (block.text === undefined || block.text.text.length <= MAX_SECTION_CHARS) return block;
  return { ...block, text: { ...block.text, text: cutWithNote(block.text.text, MAX_SECTION_CHARS) } };
}

function fitContext(block: ContextBlock): ContextBlock {
  const elements = block.elements
    .slice(0, MAX_CONTEXT_ELEMENTS)
    .map((element) =>
      element.type === "image" ? element : { ...element, text: cutWithNote(element.text, MAX_SECTION_CHARS) },
    );
  return { ...block, elements };
}

function cutWithNote(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  // Half an entity or half a code span would show as rubbish.
  const head = cut(text, maxChars - 80)
    .replace(/&[a-z]{0,4}…$/, "…")
    .replace(/<[^>]*…$/, "…");
  const isCodeOpen = head.split("`").length % 2 === 0;
  return `${head}${isCodeOpen ? "`" : ""} _(${text.length - head.length} characters left out)_`;
}

function fitTable(block: TableBlock): readonly KnownBlock[] {
  let chars = 0;
  const rows = block.rows.filter((row, index) => {
    chars += visibleChars(row);
    return index < MAX_TABLE_ROWS && chars <= MAX_TABLE_CHARS;
  });
  const left = block.rows.length - rows.length;
  return left === 0 ? [block] : [{ ...block, rows }, context(`:scissors: ${left} rows were left out.`)];
}

/** Every text that is shown, wherever it stands in the block. */
function visibleChars(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + visibleChars(item), 0);
  if (value === null || typeof value !== "object") return 0;
  return Object.entries(value).reduce(
    (sum, [key, item]) =>
      sum + ((key === "text" || key === "alt_text") && typeof item === "string" ? item.length : visibleChars(item)),
    0,
  );
}
