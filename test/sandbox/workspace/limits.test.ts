import { describe, expect, it } from "@jest/globals";
import type { JsonObject } from "../../../src/sandbox/workspace/json.ts";
import { checkBlocks } from "../../../src/sandbox/workspace/limits/blocks.ts";
import { messageError } from "../../../src/sandbox/workspace/limits/message.ts";
import { checkView } from "../../../src/sandbox/workspace/limits/view.ts";

const divider = { type: "divider" };
const button = { type: "button", text: plain("Go"), action_id: "go", value: "x" };
const options = [{ text: plain("One"), value: "1" }];

describe("checkBlocks", () => {
  it("takes one of each block that the bot uses", () => {
    const blocks = [
      divider,
      { type: "header", text: plain("h".repeat(150)) },
      section("m".repeat(3000)),
      { type: "section", fields: Array.from({ length: 10 }, () => mrkdwn("f".repeat(2000))) },
      { type: "context", elements: Array.from({ length: 10 }, () => mrkdwn("c")) },
      { type: "actions", elements: Array.from({ length: 25 }, () => button) },
      { type: "actions", elements: [{ type: "static_select", options, initial_option: options[0] }] },
      { type: "image", image_url: "https://example.com/a.png", alt_text: "a".repeat(2000) },
      { type: "image", slack_file: { id: "F1" }, alt_text: "chart" },
      { type: "table", rows: [[{ type: "raw_text", text: "a" }], [{ type: "rich_text", elements: [] }]] },
      { type: "markdown", text: "# h" },
    ];

    expect(check(blocks)).toEqual([]);
  });

  it.each([
    ["51 blocks", Array.from({ length: 51 }, () => divider), "no more than 50 items allowed /blocks"],
    ["a long section", [section("x".repeat(3001))], "must be less than 3001 characters /blocks/0/text/text"],
    ["an empty section", [section("")], "must be more than 0 characters /blocks/0/text/text"],
    ["a section without text", [{ type: "section" }], "missing required field: text /blocks/0"],
    [
      "a long header",
      [{ type: "header", text: plain("x".repeat(151)) }],
      "must be less than 151 characters /blocks/0/text/text",
    ],
    ["mrkdwn in a header", [{ type: "header", text: mrkdwn("x") }], "must be one of: plain_text /blocks/0/text/type"],
    [
      "26 buttons",
      [actions(Array.from({ length: 26 }, () => button))],
      "no more than 25 items allowed /blocks/0/elements",
    ],
    ["no buttons", [actions([])], "no fewer than 1 items allowed /blocks/0/elements"],
    [
      "a long button",
      [actions([{ ...button, text: plain("x".repeat(76)) }])],
      "must be less than 76 characters /blocks/0/elements/0/text/text",
    ],
    [
      "a long value",
      [actions([{ ...button, value: "x".repeat(2001) }])],
      "must be less than 2001 characters /blocks/0/elements/0/value",
    ],
    [
      "eleven context elements",
      [{ type: "context", elements: Array.from({ length: 11 }, () => mrkdwn("x")) }],
      "no more than 10 items allowed /blocks/0/elements",
    ],
    [
      "a long description of a picture",
      [{ type: "image", image_url: "https://example.com/a.png", alt_text: "x".repeat(2001) }],
      "must be less than 2001 characters /blocks/0/alt_text",
    ],
    [
      "a picture that is not there",
      [{ type: "image", slack_file: { id: "F2" }, alt_text: "x" }],
      "invalid slack file /blocks/0/slack_file",
    ],
    [
      "the same id twice",
      [
        { ...divider, block_id: "a" },
        { ...divider, block_id: "a" },
      ],
      "`block_id` `a` already exists /blocks/1/block_id",
    ],
    ["an unknown block", [{ type: "marquee" }], "unsupported type: marquee /blocks/0/type"],
    ["an unknown element", [actions([{ type: "lever" }])], "unsupported type: lever /blocks/0/elements/0/type"],
    [
      "a first option that is none",
      [actions([{ type: "static_select", options, initial_option: { text: plain("Two"), value: "2" } }])],
      "must be one of the provided options /blocks/0/elements/0/initial_option",
    ],
    [
      "an empty cell",
      [{ type: "table", rows: [[{ type: "raw_text", text: "" }]] }],
      "must be more than 0 characters /blocks/0/rows/0/0/text",
    ],
    [
      "101 rows",
      [{ type: "table", rows: Array.from({ length: 101 }, () => [{ type: "raw_text", text: "a" }]) }],
      "no more than 100 items allowed /blocks/0/rows",
    ],
    [
      "more markdown than a message takes",
      Array.from({ length: 2 }, () => ({ type: "markdown", text: "x".repeat(7000) })),
      "markdown text must be less than 12001 characters /blocks",
    ],
  ])("refuses %s", (_name, blocks, problem) => {
    expect(check(blocks as JsonObject[])).toEqual([problem]);
  });
});

describe("checkView", () => {
  const modal = { type: "modal", title: plain("Declare"), blocks: [divider] };

  it.each([
    ["a long title", { ...modal, title: plain("x".repeat(25)) }, "must be less than 25 characters /view/title/text"],
    [
      "too much metadata",
      { ...modal, private_metadata: "x".repeat(3001) },
      "must be less than 3001 characters /view/private_metadata",
    ],
    [
      "101 blocks",
      { ...modal, blocks: Array.from({ length: 101 }, () => divider) },
      "no more than 100 items allowed /view/blocks",
    ],
    [
      "an input that cannot be sent",
      { ...modal, blocks: [{ type: "input", label: plain("Why"), element: { type: "plain_text_input" } }] },
      "missing required field: submit /view",
    ],
    ["neither modal nor Home", { type: "window" }, "must be one of: modal, home /view/type"],
  ])("refuses %s", (_name, view, problem) => {
    expect(flat(checkView(view as unknown as JsonObject, () => true))).toEqual([problem]);
  });

  it("takes a Home of a hundred blocks", () => {
    const view = { type: "home", blocks: Array.from({ length: 100 }, () => divider) };

    expect(checkView(view, () => true)).toEqual([]);
  });
});

describe("messageError", () => {
  it.each([
    ["no_text", "", [], []],
    [null, "", [], ["F1"]],
    [null, "x".repeat(40_000), [], []],
    ["msg_too_long", "x".repeat(40_001), [], []],
    ["msg_blocks_too_long", "x", Array.from({ length: 5 }, () => section("x".repeat(2999))), []],
  ])("gives %s", (error, text, blocks, fileIds) => {
    expect(messageError(text, blocks, fileIds)).toBe(error);
  });
});

function check(blocks: readonly JsonObject[]): readonly string[] {
  return flat(checkBlocks(blocks, { surface: "message", hasFile: (id) => id === "F1", pointer: "/blocks" }));
}

function flat(problems: ReturnType<typeof checkBlocks>): readonly string[] {
  return problems.map(({ message, pointer }) => `${message} ${pointer}`);
}

function actions(elements: readonly JsonObject[]) {
  return { type: "actions", elements };
}

function section(text: string) {
  return { type: "section", text: mrkdwn(text) };
}

function mrkdwn(text: string) {
  return { type: "mrkdwn", text };
}

function plain(text: string) {
  return { type: "plain_text", text };
}
