import { describe, expect, it } from "@jest/globals";
import type { BlockAction, ViewSubmitAction } from "@slack/bolt";
import { readOrigin, writeOrigin } from "../../src/slack/origin.ts";
import { clickOf, submissionOf, wordsOf } from "../../src/slack/payloads.ts";

describe("words said to the bot", () => {
  it.each([
    ["<@U0BOT> spike web 30m", "spike web 30m"],
    ["<@U0BOT|spillway>: help", "help"],
    ["  <@U0BOT>  ", ""],
    ["<@U0BOT> block <http://198.51.100.7|198.51.100.7> because it floods", "block 198.51.100.7 because it floods"],
    ["<@U0BOT> incident note see <https://status.example/x>", "incident note see https://status.example/x"],
    ["<@U0BOT> incident note a &lt; b &amp;&amp; c", "incident note a < b && c"],
  ])("%j are %j", (text, words) => {
    expect(wordsOf(text)).toBe(words);
  });
});

describe("a click", () => {
  const common = {
    type: "block_actions",
    user: { id: "U1", username: "dana" },
    channel: { id: "C1", name: "ops" },
    container: { type: "message", message_ts: "1.2", channel_id: "C1" },
    trigger_id: "t",
  };

  it("carries a button's value, and the thread of its message", () => {
    const body = {
      ...common,
      actions: [{ type: "button", action_id: "approve", value: "prop-1" }],
      message: { ts: "1.2", thread_ts: "1.1" },
    };

    expect(clickOf(body as unknown as BlockAction)).toEqual({
      actionId: "approve",
      value: "prop-1",
      userId: "U1",
      userName: "dana",
      channelId: "C1",
      messageTs: "1.2",
      threadTs: "1.1",
      triggerId: "t",
    });
  });

  it("carries a select's choice, also on a message that only one person sees", () => {
    const body = {
      ...common,
      actions: [{ type: "static_select", action_id: "only", selected_option: { value: "3" } }],
    };

    expect(clickOf(body as unknown as BlockAction)).toMatchObject({ value: "3", messageTs: "1.2", threadTs: null });
  });
});

describe("a sent form", () => {
  it("gives what was entered by block, and null for what was left empty", () => {
    const body = {
      type: "view_submission",
      user: { id: "U1", name: "dana" },
      view: {
        callback_id: "block",
        private_metadata: "{}",
        state: {
          values: { reason: { value: { type: "plain_text_input", value: "x" } }, more: { value: { value: null } } },
        },
      },
    };

    expect(submissionOf(body as unknown as ViewSubmitAction)).toEqual({
      callbackId: "block",
      userId: "U1",
      userName: "dana",
      values: { reason: "x", more: null },
      privateMetadata: "{}",
    });
  });

  it("knows where it was opened", () => {
    const origin = { channelId: "C1", threadTs: null, about: "inv-1:0" };

    expect(readOrigin(writeOrigin(origin))).toEqual(origin);
    expect(["", "{}", "[1]", "null"].map(readOrigin)).toEqual([null, null, null, null]);
  });
});
