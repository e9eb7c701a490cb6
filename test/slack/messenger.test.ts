import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createLog } from "../../src/log.ts";
import { fileImage, section } from "../../src/slack/block-kit.ts";
import { createMessenger } from "../../src/slack/messenger.ts";
import { type SlackApi, startSlackApi } from "../support/slack-api.ts";

let api: SlackApi;
let waits: number[];

function messenger() {
  const wait = async (secs: number) => void waits.push(secs);
  return createMessenger({ token: "xoxb-test", apiUrl: api.apiUrl, log: createLog("silent"), wait });
}

const HELLO = { text: "hello", blocks: [section("hello")] };
const CHART = { text: "hello", blocks: [section("hello"), fileImage("F1", "a chart")] };

beforeEach(async () => {
  api = await startSlackApi();
  waits = [];
});
afterEach(() => api.close());

describe("the messenger", () => {
  it("posts in a thread, and lets Slack turn nothing into links or previews", async () => {
    const { ts } = await messenger().post({ channelId: "C1", threadTs: "1.2" }, HELLO);

    expect(ts).toBe("1795269600.000001");
    expect(api.calls("chat.postMessage")[0]?.args).toMatchObject({
      channel: "C1",
      thread_ts: "1.2",
      text: "hello",
      blocks: HELLO.blocks,
      parse: "none",
      link_names: "false",
      unfurl_links: "false",
    });
  });

  it("waits as long as Slack says and tries again", async () => {
    api.next("chat.update", { status: 429, headers: { "retry-after": "2" } });

    await messenger().update({ channelId: "C1", ts: "1.2" }, HELLO);

    expect(waits).toEqual([2]);
    expect(api.calls("chat.update")).toHaveLength(2);
  });

  it.each(["internal_error", "fatal_error", "service_unavailable"])(
    "takes Slack's own %s for an outage, which passes",
    async (error) => {
      api.next("chat.update", { ok: false, error });

      await expect(messenger().update({ channelId: "C1", ts: "1.2" }, HELLO)).rejects.toMatchObject({
        code: "slack-down",
        retryable: true,
      });
    },
  );

  it("leaves a long wait to the caller, with its length", async () => {
    api.next("chat.update", { status: 429, headers: { "retry-after": "60" } });

    await expect(messenger().update({ channelId: "C1", ts: "1.2" }, HELLO)).rejects.toMatchObject({
      code: "slack-rate-limited",
      retryable: true,
      retryAfterSecs: 60,
    });
  });

  it("remembers for five minutes who is in a user group, and not that Slack did not say", async () => {
    let nowMs = 0;
    const wait = async () => {};
    const slack = createMessenger({
      token: "xoxb-test",
      apiUrl: api.apiUrl,
      log: createLog("silent"),
      wait,
      now: () => nowMs,
    });
    const refused = { ok: false, error: "missing_scope" };
    api.next("usergroups.users.list", refused, { ok: true, users: ["U1", "U2"] }, { ok: true, users: ["U2"] });

    await expect(slack.groupMembers("S1")).rejects.toThrow("Slack refused usergroups.users.list: missing_scope.");
    expect(await slack.groupMembers("S1")).toEqual(["U1", "U2"]);
    nowMs = 299_999;
    expect(await slack.groupMembers("S1")).toEqual(["U1", "U2"]);
    nowMs = 300_000;
    expect(await slack.groupMembers("S1")).toEqual(["U2"]);

    expect(api.calls("usergroups.users.list").map(({ args }) => args)).toMatchObject([
      { usergroup: "S1" },
      { usergroup: "S1" },
      { usergroup: "S1" },
    ]);
  });

  it("takes no answer about a user group for an empty one", async () => {
    await expect(messenger().groupMembers("S1")).rejects.toThrow("Slack told no members of S1.");
  });

  it("does not post again where the first may have arrived", async () => {
    api.next("chat.postMessage", { status: 503 });

    await expect(messenger().post({ channelId: "C1" }, HELLO)).rejects.toMatchObject({ code: "slack-down" });
    expect(api.calls("chat.postMessage")).toHaveLength(1);
  });

  it("tells people to invite it where it is not in the channel", async () => {
    api.next("chat.postMessage", { ok: false, error: "not_in_channel" });

    await expect(messenger().post({ channelId: "C1" }, HELLO)).rejects.toMatchObject({
      code: "slack-not-in-channel",
      message: expect.stringContaining("/invite @Spillway"),
    });
  });

  it("waits until a file that was just uploaded can be shown", async () => {
    const notYet = { ok: false, error: "invalid_blocks" };
    api.next("chat.update", notYet, notYet);

    await messenger().update({ channelId: "C1", ts: "1.2" }, CHART);

    expect(waits).toHaveLength(2);
    expect(api.calls("chat.update").at(-1)?.args["blocks"]).toEqual(CHART.blocks);
  });

  it("says so where the picture never became ready, rather than saying nothing", async () => {
    const notYet = { ok: false, error: "invalid_blocks" };
    api.next("chat.update", notYet, notYet, notYet, notYet, notYet);

    await messenger().update({ channelId: "C1", ts: "1.2" }, CHART);

    const sent = JSON.stringify(api.calls("chat.update").at(-1)?.args["blocks"]);
    expect(sent).toContain("Slack did not take it in time");
    expect(sent).not.toContain("slack_file");
  });

  it("uploads in three steps and gives the file's id", async () => {
    api.next("files.getUploadURLExternal", { ok: true, upload_url: `${api.origin}/upload/F7`, file_id: "F7" });

    const { fileId } = await messenger().share(
      { channelId: "C1", comment: "the draft" },
      { name: "a.md", title: "A", content: new TextEncoder().encode("# hello") },
    );

    expect(fileId).toBe("F7");
    expect(api.calls().map(({ method }) => method)).toEqual([
      "files.getUploadURLExternal",
      "upload/F7",
      "files.completeUploadExternal",
    ]);
    expect(api.calls("upload/F7")[0]?.args["body"]).toContain("# hello");
    expect(api.calls("files.completeUploadExternal")[0]?.args).toMatchObject({
      files: [{ id: "F7", title: "A" }],
      channel_id: "C1",
      initial_comment: "the draft",
    });
  });

  it("asks for a name once", async () => {
    const speaker = messenger();

    const people = [await speaker.person("U1"), await speaker.person("U1")];

    expect(people).toEqual([
      { id: "U1", name: "Dana" },
      { id: "U1", name: "Dana" },
    ]);
    expect(api.calls("users.info")).toHaveLength(1);
  });

  it("finds a reply itself, not the message that its thread hangs on", async () => {
    const messages = [
      { ts: "1.1", text: "the parent", user: "U1" },
      { ts: "1.2", text: "the reply", user: "U2" },
    ];
    api.next("conversations.replies", { ok: true, messages });

    expect(await messenger().message({ channelId: "C1", ts: "1.2" })).toEqual({ text: "the reply", authorId: "U2" });
  });

  it("says that a message cannot be seen", async () => {
    api.next("conversations.replies", { ok: false, error: "thread_not_found" });
    api.next("conversations.history", { ok: true, messages: [{ ts: "0.9", text: "another" }] });

    expect(await messenger().message({ channelId: "C1", ts: "1.2" })).toBeNull();
  });
});
