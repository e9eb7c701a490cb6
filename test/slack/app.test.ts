import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { App, Receiver } from "@slack/bolt";
import { readEnvironment } from "../../src/config/environment.ts";
import { UserError } from "../../src/errors.ts";
import { createLog } from "../../src/log.ts";
import { createSlackApp, type SlackApp } from "../../src/slack/app.ts";
import type { Registry } from "../../src/slack/command.ts";
import { type SlackApi, startSlackApi } from "../support/slack-api.ts";

type Seen = string[];

/** Handlers that write down that they ran. */
const registry: Registry<Seen> = {
  commands: [
    {
      name: "spike",
      summary: "looks",
      usage: ["spike [service]"],
      examples: ["/spike web"],
      run: async ({ text, threadTs }, seen) => {
        if (text === "bad") throw new UserError("bad", "That is no service.");
        if (text === "bug") throw new TypeError("undefined is not a function");
        if (text === "hang") await new Promise(() => {});
        seen.push(`spike ${text} in ${threadTs}`);
      },
    },
  ],
  buttons: [{ actionId: "approve", run: async ({ value }, seen) => void seen.push(`approve ${value}`) }],
  modals: [
    {
      callbackId: "block",
      check: ({ values }): Record<string, string> => (values["reason"] ? {} : { reason: "Say why." }),
      run: async ({ values }, seen) => void seen.push(`block because ${values["reason"]}`),
    },
  ],
  shortcuts: [
    {
      callbackId: "add",
      title: "Add",
      summary: "adds",
      run: async ({ text }, seen) => void seen.push(`add ${text}`),
    },
  ],
  reactions: [
    {
      reaction: "pushpin",
      added: async ({ messageTs }, seen) => void seen.push(`pinned ${messageTs}`),
      removed: async ({ messageTs }, seen) => void seen.push(`unpinned ${messageTs}`),
    },
  ],
  home: async (userId) => [{ type: "section", text: { type: "mrkdwn", text: `home of ${userId}` } }],
};

let api: SlackApi;
let seen: Seen;
let app: SlackApp;
let bolt: App;

beforeEach(async () => {
  api = await startSlackApi();
  seen = [];
  const receiver: Receiver = {
    init: (made) => {
      bolt = made;
    },
    start: async () => {},
    stop: async () => {},
  };
  const env = readEnvironment({ SLACK_BOT_TOKEN: "xoxb-test", SLACK_SIGNING_SECRET: "s", SLACK_API_URL: api.apiUrl });
  app = createSlackApp({ env, registry, context: seen, log: createLog("silent"), receiver, patienceMs: 50 });
  await app.start();
});
afterEach(async () => {
  await app.stop();
  await api.close();
});

/** Delivers a payload as Slack would, and gives what it was acknowledged with. */
async function deliver(body: object): Promise<readonly unknown[]> {
  const acknowledged: unknown[] = [];
  await bolt.processEvent({ body: { team_id: "T0", ...body }, ack: async (answer) => void acknowledged.push(answer) });
  return acknowledged;
}

let triggers = 0;
function command(text: string, name = "/spike") {
  triggers += 1;
  const user = { user_id: "U1", user_name: "dana", channel_id: "C1" };
  return { command: name, text, trigger_id: `t${triggers}`, response_url: `${api.origin}/respond/1`, ...user };
}

function event(given: object) {
  triggers += 1;
  return { type: "event_callback", event_id: `Ev${triggers}`, event: given };
}

function told(): readonly unknown[] {
  return api.calls("chat.postEphemeral").map(({ args }) => args["text"]);
}

describe("the bot", () => {
  it("acknowledges a command and runs it", async () => {
    const acknowledged = await deliver(command("web"));

    expect(acknowledged).toEqual([undefined]);
    expect(seen).toEqual(["spike web in null"]);
    expect(told()).toEqual([]);
  });

  it("runs a command once that Slack delivers twice, and acknowledges both", async () => {
    const twice = command("web");

    const acknowledged = [await deliver(twice), await deliver(twice)];

    expect(acknowledged).toEqual([[undefined], [undefined]]);
    expect(seen).toHaveLength(1);
  });

  it("takes the same words in a thread", async () => {
    const mention = { type: "app_mention", user: "U1", channel: "C1", ts: "2.1", thread_ts: "2.0", event_ts: "2.1" };

    await deliver(event({ ...mention, text: "<@U0BOT> spike web" }));

    expect(seen).toEqual(["spike web in 2.0"]);
  });

  it("takes every command behind its own name, too", async () => {
    await deliver(command("spike web", "/spillway"));

    expect(seen).toEqual(["spike web in null"]);
  });

  it.each([
    [() => command("", "/spillway"), "What Spillway does"],
    [() => command("help", "/spillway"), "What Spillway does"],
    [() => command("help spike", "/spillway"), "/spike looks"],
    [() => command("help spkie", "/spillway"), "Did you mean `spike`?"],
    [() => command("help"), "/spike looks"],
    [() => command("spkie web", "/spillway"), "Did you mean `spike`?"],
    [() => command("weather", "/spillway"), "There are `spike`"],
    [() => command("bad"), "That is no service."],
    [() => command("bug"), "Something went wrong in Spillway itself. The log has it as"],
    [() => command("hang"), "slow to answer"],
  ])("answers %s to the person alone", async (body, expected) => {
    void deliver(body());
    await until(() => told().length > 0);

    expect(told()).toEqual([expect.stringContaining(expected)]);
    expect(JSON.stringify(api.calls())).not.toContain("TypeError");
  });

  it("answers by the response URL where it may not speak in the channel", async () => {
    api.next("chat.postEphemeral", { ok: false, error: "channel_not_found" });

    await deliver(command("bad"));

    expect(api.calls("respond/1")[0]?.args).toMatchObject({ response_type: "ephemeral", text: "That is no service." });
  });

  it("calls no response URL that is not Slack's", async () => {
    api.next("chat.postEphemeral", { ok: false, error: "channel_not_found" });
    const stranger = await startSlackApi();

    await deliver({ ...command("bad"), response_url: `${stranger.origin}/respond/1` });

    expect(stranger.calls()).toEqual([]);
    expect(api.calls("chat.postMessage")[0]?.args).toMatchObject({ channel: "U1", text: "That is no service." });
    await stranger.close();
  });

  it("hands a click to its button, and answers one on a button that is no more", async () => {
    const click = (actionId: string) => {
      triggers += 1;
      return {
        type: "block_actions",
        user: { id: "U1", username: "dana", team_id: "T0" },
        team: { id: "T0" },
        channel: { id: "C1" },
        container: { message_ts: "1.2" },
        actions: [{ type: "button", action_id: actionId, value: "prop-1" }],
        trigger_id: `t${triggers}`,
      };
    };

    await deliver(click("approve"));
    await deliver(click("of-last-year"));

    expect(seen).toEqual(["approve prop-1"]);
    expect(told()).toEqual([expect.stringContaining("older version")]);
  });

  it("shows what is wrong with a form beside its fields, and runs it only when right", async () => {
    const form = (reason: string | null) => {
      triggers += 1;
      const values = { reason: { value: { type: "plain_text_input", value: reason } } };
      return {
        type: "view_submission",
        user: { id: "U1", name: "dana", team_id: "T0" },
        team: { id: "T0" },
        view: { callback_id: "block", private_metadata: "", state: { values } },
        trigger_id: `t${triggers}`,
      };
    };

    expect(await deliver(form(null))).toEqual([{ response_action: "errors", errors: { reason: "Say why." } }]);
    expect(seen).toEqual([]);
    expect(await deliver(form("it floods"))).toEqual([undefined]);
    expect(seen).toEqual(["block because it floods"]);
  });

  it("hands on reactions and shortcuts", async () => {
    const item = { type: "message", channel: "C1", ts: "1.2" };
    await deliver(event({ type: "reaction_added", user: "U1", reaction: "pushpin", item, event_ts: "3.1" }));
    await deliver(event({ type: "reaction_added", user: "U1", reaction: "eyes", item, event_ts: "3.2" }));
    await deliver(event({ type: "reaction_removed", user: "U1", reaction: "pushpin", item, event_ts: "3.3" }));
    await deliver({
      type: "message_action",
      callback_id: "add",
      user: { id: "U1", name: "dana", team_id: "T0" },
      team: { id: "T0" },
      channel: { id: "C1" },
      message: { ts: "1.2", text: "it began at 14:02", user: "U2" },
      trigger_id: "t-shortcut",
    });

    expect(seen).toEqual(["pinned 1.2", "unpinned 1.2", "add it began at 14:02"]);
  });

  it("fills the App Home when somebody opens it", async () => {
    await deliver(event({ type: "app_home_opened", user: "U1", tab: "home", channel: "D1", event_ts: "4.1" }));

    expect(api.calls("views.publish")[0]?.args).toMatchObject({
      user_id: "U1",
      view: { type: "home", blocks: [{ text: { text: "home of U1" } }] },
    });
  });

  it("does not start with a token that Slack refuses", async () => {
    api.next("auth.test", { ok: false, error: "invalid_auth" });

    await expect(app.start()).rejects.toMatchObject({
      code: "slack-token-refused",
      message: "Slack refuses SLACK_BOT_TOKEN: invalid_auth.",
    });
  });
});

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
