/** Block Kit's objects, made short. Texts are mrkdwn that is escaped already. */
import type {
  ActionsBlock,
  Button,
  ContextBlock,
  HeaderBlock,
  ImageBlock,
  InputBlock,
  MrkdwnElement,
  PlainTextElement,
  SectionBlock,
  TableBlock,
} from "@slack/types";
import { cut, literal } from "./escape.ts";

/** `verbatim` keeps Slack from turning names and addresses in the text into links. */
function mrkdwn(text: string): MrkdwnElement {
  return { type: "mrkdwn", text, verbatim: true };
}

export function plainText(text: string, maxChars: number): PlainTextElement {
  return { type: "plain_text", text: cut(text, maxChars), emoji: false };
}

export function header(text: string): HeaderBlock {
  return { type: "header", text: plainText(literal(text, 150), 150) };
}

export function section(text: string): SectionBlock {
  return { type: "section", text: mrkdwn(text), expand: true };
}

/** A section with one button beside it. */
export function sectionWith(blockId: string, text: string, accessory: Button): SectionBlock {
  return { ...section(text), block_id: blockId, accessory };
}

export function context(...texts: readonly string[]): ContextBlock {
  return { type: "context", elements: texts.map(mrkdwn) };
}

export function actions(blockId: string, ...elements: readonly ActionsBlock["elements"][number][]): ActionsBlock {
  return { type: "actions", block_id: blockId, elements: [...elements] };
}

export function button(
  actionId: string,
  text: string,
  value: string,
  more: Pick<Button, "style" | "confirm"> = {},
): Button {
  return { type: "button", action_id: actionId, text: plainText(literal(text, 75), 75), value, ...more };
}

/** Asks once more before a button acts. */
export function confirm(title: string, question: string, yes: string): NonNullable<Button["confirm"]> {
  return {
    title: plainText(title, 100),
    text: plainText(question, 300),
    confirm: plainText(yes, 30),
    deny: plainText("Cancel", 30),
  };
}

/** An image that was uploaded before. */
export function fileImage(fileId: string, altText: string): ImageBlock {
  return { type: "image", slack_file: { id: fileId }, alt_text: literal(altText, 1_900) };
}

/** A table of literal texts: Slack neither formats nor links what is in it. The first row is the heading. */
export function table(
  rows: readonly (readonly string[])[],
  columns: readonly ("left" | "right" | "wrapped")[],
): TableBlock {
  return {
    type: "table",
    rows: rows.map((row) => row.map((cell) => ({ type: "raw_text" as const, text: literal(cell, 160) }))),
    column_settings: columns.map((column) =>
      column === "wrapped" ? { align: "left", is_wrapped: true } : { align: column, is_wrapped: false },
    ),
  };
}

/** A one-line or, with `isMultiline`, larger text field of a modal. Its answer is found by `blockId`. */
export function textInput(input: {
  readonly blockId: string;
  readonly label: string;
  readonly hint?: string;
  readonly initial?: string;
  readonly isMultiline?: boolean;
  readonly isOptional?: boolean;
}): InputBlock {
  return {
    type: "input",
    block_id: input.blockId,
    label: plainText(input.label, 150),
    optional: input.isOptional ?? false,
    ...(input.hint && { hint: plainText(input.hint, 150) }),
    element: {
      type: "plain_text_input",
      action_id: "value",
      multiline: input.isMultiline ?? false,
      ...(input.initial && { initial_value: cut(input.initial, 2_900) }),
    },
  };
}
