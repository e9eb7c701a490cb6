import { describe, expect, it } from "@jest/globals";
import { encodeMentions, escapeText } from "../../../../src/sandbox/workspace/acts/mentions.ts";
import { formatAddress, parseAddress } from "../../../../src/sandbox/workspace/page/address.ts";
import {
  carryOver,
  initialValues,
  missingFields,
} from "../../../../src/sandbox/workspace/page/blocks/element-values.ts";
import { suggest } from "../../../../src/sandbox/workspace/page/suggestions.ts";
import { formatDateToken } from "../../../../src/sandbox/workspace/page/time.ts";
import { DEFAULT_CHANNELS, DEFAULT_PEOPLE, seedWorkspace } from "../../../../src/sandbox/workspace/state/seed.ts";

const state = seedWorkspace({ appName: "Spillway", people: DEFAULT_PEOPLE, channels: DEFAULT_CHANNELS });
const offers = {
  commands: [
    { command: "/block", description: "proposes a block", usageHint: "ADDRESS…" },
    { command: "/blocks", description: "lists blocks", usageHint: "" },
    { command: "/spike", description: "investigates", usageHint: "[service]" },
  ],
  shortcuts: [],
  tryThis: "/spike",
};

describe("suggest", () => {
  it.each([
    ["/", ["/block ", "/blocks ", "/spike "]],
    ["/bl", ["/block ", "/blocks "]],
    ["/block ", []],
    ["see /bl", []],
    ["ask @sp", ["ask @Spillway "]],
    ["a@b", []],
    ["in #in", ["in #incidents "]],
    ["", []],
  ])("completes %j", (text, completions) => {
    const suggestions = suggest(text, { offers, state, isInThread: false });

    expect(suggestions.map(({ completion }) => completion)).toEqual(completions);
  });

  it("offers no commands in a thread, where Slack has none", () => {
    expect(suggest("/", { offers, state, isInThread: true })).toEqual([]);
  });
});

describe("what a person typed", () => {
  it("becomes Slack's text: names as tokens, signs as entities", () => {
    const text = encodeMentions(escapeText("@ana <b> & #ops, not a@ben or @anabel"), state);

    expect(text).toBe("<@U0ANA00001> &lt;b&gt; &amp; <#C0OPS00001|ops>, not a@ben or @anabel");
  });
});

describe("the values of a form", () => {
  const blocks = [
    input("title", { type: "plain_text_input", action_id: "v", initial_value: "web" }),
    input("why", { type: "plain_text_input", action_id: "v" }),
    input("who", { type: "checkboxes", action_id: "v", options: [] }, { optional: true }),
    { type: "actions", block_id: "a", elements: [{ type: "button", action_id: "go" }] },
  ];

  it("begin as the app says, in Slack's form", () => {
    expect(initialValues(blocks)).toEqual({
      title: { v: { type: "plain_text_input", value: "web" } },
      why: { v: { type: "plain_text_input", value: null } },
      who: { v: { type: "checkboxes", selected_options: [] } },
    });
  });

  it("lack what must be filled in and is not", () => {
    expect(missingFields(blocks, initialValues(blocks))).toEqual({ why: "Please complete this required field." });
  });

  it("stay where the form changes around them", () => {
    const entered = { ...initialValues(blocks), why: { v: { type: "plain_text_input", value: "slow" } } };

    const next = carryOver(entered, [...blocks.slice(1, 2), input("new", { type: "datepicker", action_id: "v" })]);

    expect(next).toEqual({
      why: { v: { type: "plain_text_input", value: "slow" } },
      new: { v: { type: "datepicker", selected_date: null } },
    });
  });
});

describe("places and times", () => {
  it.each([
    { kind: "channel", channelId: "C1", threadTs: null } as const,
    { kind: "channel", channelId: "C1", threadTs: "1.000001" } as const,
    { kind: "app", tab: "messages" } as const,
  ])("keeps %j in the address bar", (address) => {
    expect(parseAddress(formatAddress(address))).toEqual(address);
  });

  it("fills in Slack's date tokens, and leaves what it does not know", () => {
    const atMs = new Date(2026, 10, 21, 14, 2, 7).getTime();

    const text = formatDateToken(atMs / 1000, "{date_short_pretty} {time_secs} {date_short} {moon}", atMs);

    expect(text).toBe("today 14:02:07 21 Nov 2026 {moon}");
  });
});

function input(blockId: string, element: object, more: object = {}) {
  return { type: "input", block_id: blockId, label: { type: "plain_text", text: blockId }, element, ...more } as never;
}
