import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { ConversationsHistoryResponse, WebClient } from "@slack/web-api";
import { ANA, BEN, OPS, type OpenedWorkspace, openWorkspace } from "./open-workspace.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

describe("the workspace's Web API, through Slack's own client", () => {
  let workspace: OpenedWorkspace;
  let client: WebClient;

  beforeAll(async () => {
    workspace = await openWorkspace({ rateLimit: null });
    client = workspace.client({ retryConfig: { retries: 0 } });
  });
  afterAll(() => workspace.close());

  it("says who the bot is", async () => {
    const answer = await client.auth.test();

    expect(answer).toMatchObject({ ok: true, user: "spillway", bot_id: "B0SPILLWAY", user_id: "U0SPILLWAY" });
  });

  it("posts, updates and reads a message and its thread", async () => {
    const root = await client.chat.postMessage({ channel: "#ops", text: "one" });
    await client.chat.postMessage({ channel: OPS, text: "reply", thread_ts: root.ts as string });
    await client.chat.update({ channel: OPS, ts: root.ts as string, text: "two" });

    const history = await client.conversations.history({ channel: OPS, limit: 1 });
    const replies = await client.conversations.replies({ channel: OPS, ts: root.ts as string });
    const permalink = await client.chat.getPermalink({ channel: OPS, message_ts: root.ts as string });

    expect(history.messages).toMatchObject([{ ts: root.ts, text: "two", reply_count: 1, edited: {} }]);
    expect(replies.messages?.map(({ text }) => text)).toEqual(["two", "reply"]);
    expect(permalink.permalink).toContain(OPS);
  });

  it("keeps the blocks of a message that is updated without any", async () => {
    const { ts } = await client.chat.postMessage({ channel: OPS, text: "x", blocks: [{ type: "divider" }] });

    const updated = await client.chat.update({ channel: OPS, ts: ts as string, text: "y" });

    expect(updated.message).toMatchObject({ text: "y", blocks: [{ type: "divider" }] });
  });

  it("says who is in a user group", async () => {
    const { usergroups } = await client.usergroups.list();
    const { users } = await client.usergroups.users.list({ usergroup: usergroups?.[0]?.id as string });
    const unknown = client.usergroups.users.list({ usergroup: "S0NOBODY" });

    expect(usergroups).toMatchObject([{ id: "S0ONCALL01", handle: "oncall", user_count: 2 }]);
    expect(users).toEqual([ANA, BEN]);
    await expect(unknown).rejects.toThrow("no_such_subteam");
  });

  it("gives pages of a channel", async () => {
    const names: (string | undefined)[] = [];
    for (const text of ["a", "b", "c"]) await client.chat.postMessage({ channel: "#general", text });

    for await (const page of client.paginate("conversations.history", { channel: "C0GENERAL1", limit: 2 })) {
      names.push(...((page as ConversationsHistoryResponse).messages ?? []).map(({ text }) => text));
    }

    expect(names).toEqual(["c", "b", "a"]);
  });

  it("knows people, channels and the conversation with each person", async () => {
    const users = await client.users.list({});
    const { channel } = await client.conversations.open({ users: ANA });
    const list = await client.conversations.list();

    expect(users.members?.map(({ name }) => name)).toEqual(["ana", "ben", "chloe", "spillway"]);
    expect(channel?.id).toBe("D0ANA00001");
    expect(list.channels?.map(({ name }) => name)).toEqual(["ops", "incidents", "general"]);
  });

  it("shares an uploaded file in a thread, with its comment", async () => {
    const root = await client.chat.postMessage({ channel: OPS, text: "postmortem" });

    await client.files.uploadV2({
      channel_id: OPS,
      thread_ts: root.ts as string,
      initial_comment: "the draft",
      filename: "postmortem.md",
      content: "# What happened",
    });

    const replies = await client.conversations.replies({ channel: OPS, ts: root.ts as string });
    const [file] = replies.messages?.[1]?.files ?? [];
    const info = await client.files.info({ file: file?.id as string });
    const stored = await fetch(info.file?.url_private as string);
    expect(replies.messages?.[1]).toMatchObject({ text: "the draft", files: [{ filetype: "markdown", size: 15 }] });
    expect(await stored.text()).toBe("# What happened");
  });

  it("shows an uploaded picture in a block, and refuses one that is not there", async () => {
    const { upload_url, file_id } = await client.files.getUploadURLExternal({ filename: "c.png", length: PNG.length });
    const image = (id: string) => [{ type: "image" as const, slack_file: { id }, alt_text: "chart" }];
    const early = client.chat.postMessage({ channel: OPS, text: "x", blocks: image(file_id as string) });
    await expect(early).rejects.toThrow("invalid_blocks");

    await fetch(upload_url as string, { method: "POST", body: new Uint8Array(PNG) });
    await client.files.completeUploadExternal({ files: [{ id: file_id as string, title: "chart" }] });

    const posted = await client.chat.postMessage({ channel: OPS, text: "x", blocks: image(file_id as string) });
    expect(posted.ok).toBe(true);
  });

  it("adds, gives and removes reactions", async () => {
    const { ts } = await client.chat.postMessage({ channel: OPS, text: "react" });
    const item = { channel: OPS, timestamp: ts as string };

    await client.reactions.add({ ...item, name: "pushpin" });

    const { message } = await client.reactions.get(item);
    expect(message).toMatchObject({ reactions: [{ name: "pushpin", count: 1, users: ["U0SPILLWAY"] }] });
    await expect(client.reactions.add({ ...item, name: "pushpin" })).rejects.toThrow("already_reacted");
    await client.reactions.remove({ ...item, name: "pushpin" });
    await expect(client.reactions.remove({ ...item, name: "pushpin" })).rejects.toThrow("no_reaction");
  });

  it("gives the reasons with invalid blocks", async () => {
    const posted = client.chat.postMessage({
      channel: OPS,
      text: "x",
      blocks: [{ type: "section", text: { type: "mrkdwn", text: "a".repeat(3001) } }],
    });

    await expect(posted).rejects.toMatchObject({
      data: {
        error: "invalid_blocks",
        response_metadata: {
          messages: ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"],
        },
      },
    });
  });

  it.each([
    ["channel_not_found", "chat.postMessage", { channel: "C0NOWHERE1", text: "x" }],
    ["no_text", "chat.postMessage", { channel: OPS }],
    ["msg_too_long", "chat.postMessage", { channel: OPS, text: "x".repeat(40_001) }],
    ["message_not_found", "chat.update", { channel: OPS, ts: "1.000000", text: "x" }],
    ["user_not_found", "users.info", { user: "U0NOBODY01" }],
    ["file_not_found", "files.info", { file: "F0NOTHING1" }],
    ["invalid_trigger_id", "views.open", { trigger_id: "1.2.3", view: modal() }],
    ["unknown_method", "chat.teleport", {}],
  ])("answers %s from %s", async (error, method, args) => {
    const call = client.apiCall(method, args);

    await expect(call).rejects.toMatchObject({ data: { ok: false, error } });
  });

  it("refuses a wrong token, a missing one, and one of the wrong kind", async () => {
    const call = (headers: Record<string, string>) =>
      fetch(`${workspace.apiUrl}auth.test`, { method: "POST", headers }).then((response) => response.json());

    expect(await call({})).toEqual({ ok: false, error: "not_authed" });
    expect(await call({ authorization: "Bearer xoxb-other" })).toEqual({ ok: false, error: "invalid_auth" });
    expect(await call({ authorization: `Bearer ${workspace.appToken}` })).toEqual({
      ok: false,
      error: "not_allowed_token_type",
    });
  });

  it("takes arguments as JSON too", async () => {
    const response = await fetch(`${workspace.apiUrl}chat.postMessage`, {
      method: "POST",
      headers: { authorization: `Bearer ${workspace.botToken}`, "content-type": "application/json" },
      body: JSON.stringify({ channel: OPS, blocks: [{ type: "divider" }] }),
    });

    expect(await response.json()).toMatchObject({ ok: true, message: { blocks: [{ type: "divider" }] } });
  });
});

describe("the workspace's limits on how often", () => {
  it("refuses a channel's messages beyond its rate with 429 and when to come again", async () => {
    let nowMs = 1_000_000;
    const workspace = await openWorkspace({ rateLimit: { burst: 2, perSec: 1 }, nowMs: () => nowMs });
    const client = workspace.client({ rejectRateLimitedCalls: true, retryConfig: { retries: 0 } });
    const post = (channel: string) => client.chat.postMessage({ channel, text: "x" });

    await post(OPS);
    await post("#ops");
    await expect(post(OPS)).rejects.toMatchObject({ retryAfter: 1 });
    await post("#general");
    nowMs += 1000;
    await post(OPS);

    await workspace.close();
  });

  it("is told to refuse for a while, and Slack's client waits and posts once", async () => {
    const workspace = await openWorkspace();
    workspace.misbehave({ kind: "rate-limit", method: "chat.postMessage", calls: 2, retryAfterSecs: 0.1 });
    const client = workspace.client({ retryConfig: { retries: 3, minTimeout: 0, factor: 1 } });

    await client.chat.postMessage({ channel: OPS, text: "patience" });

    const history = await client.conversations.history({ channel: OPS });
    expect(history.messages).toHaveLength(1);
    await workspace.close();
  });

  it("is told to fail a method as Slack does, over HTTP", async () => {
    const workspace = await openWorkspace();
    await fetch(`${workspace.url}sandbox/misbehave`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ kind: "fail", method: "chat.postMessage", calls: 1, error: "fatal_error" }),
    });
    const client = workspace.client({ retryConfig: { retries: 0 } });

    await expect(client.chat.postMessage({ channel: OPS, text: "x" })).rejects.toThrow("fatal_error");
    await expect(client.chat.postMessage({ channel: OPS, text: "x" })).resolves.toMatchObject({ ok: true });
    await workspace.close();
  });
});

function modal() {
  return { type: "modal", title: { type: "plain_text", text: "T" }, blocks: [] };
}
