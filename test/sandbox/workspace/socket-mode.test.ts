import { afterEach, describe, expect, it } from "@jest/globals";
import { type App, type BlockAction, SocketModeReceiver } from "@slack/bolt";
import type { ModalView } from "@slack/types";
import type { Outcome } from "../../../src/sandbox/workspace/acts/interaction.ts";
import type { WorkspaceOptions } from "../../../src/sandbox/workspace/workspace.ts";
import { ANA, BEN, OPS, type OpenedWorkspace, openWorkspace, until } from "./open-workspace.ts";

const APPROVE = { type: "button" as const, action_id: "approve", value: "p1", text: plain("Approve") };

describe("a real Bolt app in the workspace", () => {
  let workspace: OpenedWorkspace;
  const open = async (register: (app: App) => void, options: Partial<WorkspaceOptions> = {}) => {
    workspace = await openWorkspace(options);
    await workspace.connect(register);
  };
  const say = (text: string, fields: object = {}): Promise<Outcome> =>
    workspace.act("say", { personId: ANA, channelId: OPS, threadTs: null, text, ...fields });
  const inOps = async (personId = ANA) => (await workspace.look(personId)).messages[OPS] ?? [];
  const clickApprove = async (personId: string) => {
    const [message] = await inOps(personId);
    return workspace.act("click", {
      personId,
      source: { kind: "message", channelId: OPS, ts: message?.ts },
      action: { type: "button", action_id: "approve", block_id: message?.blocks[0]?.["block_id"], value: "p1" },
      values: {},
    });
  };

  afterEach(() => workspace.close());

  it("gets a slash command, acknowledges it with words for the person alone, and posts", async () => {
    await open((app) =>
      app.command("/spike", async ({ ack, command, client }) => {
        await ack(`Looking at ${command.text}`);
        await client.chat.postMessage({ channel: command.channel_id, text: `asked by <@${command.user_id}>` });
      }),
    );

    await say("/spike web 30m");

    const seenByAna = await until(async () => {
      const messages = await inOps();
      return messages.length === 2 && messages;
    });
    const seenByBen = await inOps(BEN);
    expect(seenByAna.map(({ text }) => text).toSorted()).toEqual(["Looking at web 30m", `asked by <@${ANA}>`]);
    expect(seenByBen.map(({ text }) => text)).toEqual([`asked by <@${ANA}>`]);
  });

  it("is said to have failed when it does not acknowledge a command in time", async () => {
    await open((app) => app.command("/spike", async () => {}), { ackTimeoutMs: 20 });

    await say("/spike web");

    expect(await inOps()).toMatchObject([
      { authorId: "USLACKBOT", visibleTo: ANA, text: "/spike failed because the app did not respond" },
    ]);
  });

  it("answers five times at a command's response_url, and no sixth", async () => {
    let answers = Promise.resolve<unknown>(null);
    await open((app) =>
      app.command("/spike", async ({ ack, respond }) => {
        await ack();
        answers = (async () => {
          for (let count = 1; count <= 6; count += 1) await respond({ text: `${count}` });
        })();
        answers.catch(() => {});
      }),
    );

    await say("/spike");

    await expect(answers).rejects.toThrow("404");
    expect((await inOps()).map(({ text }) => text)).toEqual(["1", "2", "3", "4", "5"]);
  });

  it("gets a click with the message, and replaces the message", async () => {
    await open((app) => {
      app.command("/block", async ({ ack, client, command }) => {
        await ack();
        await client.chat.postMessage({
          channel: command.channel_id,
          text: "Block it?",
          blocks: [{ type: "actions", elements: [APPROVE] }],
        });
      });
      app.action<BlockAction>("approve", async ({ ack, body, respond, action }) => {
        await ack();
        const value = "value" in action ? action.value : "";
        await respond({
          replace_original: true,
          text: `${value} approved by ${body.user.id}: ${body.message?.["text"]}`,
        });
      });
    });
    await say("/block 203.0.113.9");
    await until(async () => (await inOps()).length > 0);

    expect(await clickApprove(BEN)).toEqual({ kind: "done" });

    const changed = await until(async () => (await inOps()).find(({ text }) => text.includes("approved")));
    expect(changed.text).toBe(`p1 approved by ${BEN}: Block it?`);
  });

  it("tells the person who clicked that nobody answered", async () => {
    await open(() => {}, { ackTimeoutMs: 20 });
    await workspace
      .client()
      .chat.postMessage({ channel: OPS, text: "x", blocks: [{ type: "actions", elements: [APPROVE] }] });

    expect(await clickApprove(ANA)).toEqual({ kind: "no-response", reason: "timed-out" });
  });

  it("opens a modal, refuses a field, and takes it when put right", async () => {
    const sent: string[] = [];
    await open((app) => {
      app.command("/incident", async ({ ack, client, body }) => {
        await ack();
        await client.views.open({ trigger_id: body.trigger_id, view: titleModal() });
      });
      app.view("declare", async ({ ack, view }) => {
        const title = view.state.values["title"]?.["value"]?.value ?? "";
        if (title === "") return ack({ response_action: "errors", errors: { title: "Say what happened" } });
        sent.push(`${view.private_metadata}: ${title}`);
        return ack();
      });
    });
    await say("/incident declare");
    const modal = await until(async () => (await workspace.look(ANA)).modals[ANA]?.[0]);
    const submit = (value: string) =>
      workspace.act("submit-modal", {
        personId: ANA,
        viewId: modal.id,
        values: { title: { value: { type: "plain_text_input", value } } },
      });

    expect(await submit("")).toEqual({ kind: "field-errors", errors: { title: "Say what happened" } });
    expect(await submit("Crawler")).toEqual({ kind: "done" });

    expect(sent).toEqual(["from-ops: Crawler"]);
    expect((await workspace.look(ANA)).modals[ANA]).toEqual([]);
  });

  it("cannot open a modal with an expired trigger, nor twice with one", async () => {
    const errors: string[] = [];
    await open((app) =>
      app.command("/incident", async ({ ack, client, body }) => {
        await ack();
        for (let count = 0; count < 2; count += 1) {
          const opened = client.views.open({ trigger_id: body.trigger_id, view: titleModal() });
          await opened.catch((err: Error) => errors.push(err.message));
        }
      }),
    );
    workspace.misbehave({ kind: "expire-triggers", triggers: 1 });

    await say("/incident");
    await until(async () => errors.length === 2);
    await say("/incident");
    await until(async () => errors.length === 3);

    expect(errors.map((message) => message.split(": ")[1])).toEqual([
      "expired_trigger_id",
      "expired_trigger_id",
      "exchanged_trigger_id",
    ]);
  });

  it("hears of reactions, mentions, messages and its Home being opened", async () => {
    const heard: string[] = [];
    await open((app) => {
      app.event("reaction_added", async ({ event }) => void heard.push(`${event.reaction} by ${event.user}`));
      app.event("reaction_removed", async ({ event }) => void heard.push(`no ${event.reaction}`));
      app.event("app_mention", async ({ event }) => void heard.push(`mention: ${event.text}`));
      app.message("hello", async ({ message }) => void heard.push(`message in ${message.channel}`));
      app.event("app_home_opened", async ({ event, client }) => {
        await client.views.publish({ user_id: event.user, view: { type: "home", blocks: [{ type: "divider" }] } });
      });
    });

    await say("hello there, @Spillway <top>");
    const [message] = await inOps();
    const reaction = { personId: BEN, channelId: OPS, ts: message?.ts, name: "pushpin" };
    await workspace.act("react", reaction);
    await workspace.act("react", reaction);
    await workspace.act("open-app", { personId: ANA, tab: "home" });

    const home = await until(async () => (await workspace.look(ANA)).homes[ANA]);
    await until(async () => heard.length === 4);
    expect(heard.toSorted()).toEqual([
      "mention: hello there, <@U0SPILLWAY> &lt;top&gt;",
      `message in ${OPS}`,
      "no pushpin",
      `pushpin by ${BEN}`,
    ]);
    expect(home.content["blocks"]).toMatchObject([{ type: "divider" }]);
    expect((await workspace.look(BEN)).homes).toEqual({});
  });

  it("gets a message shortcut with the message it was picked on", async () => {
    const noted: string[] = [];
    await open((app) =>
      app.shortcut({ type: "message_action", callback_id: "note" }, async ({ ack, shortcut }) => {
        await ack();
        noted.push(`${shortcut.message.text} (${shortcut.channel.id})`);
      }),
    );
    const { ts } = await workspace.client().chat.postMessage({ channel: OPS, text: "CPU is fine" });

    const message = { channelId: OPS, ts };
    expect(await workspace.act("shortcut", { personId: ANA, callbackId: "note", message })).toEqual({ kind: "done" });

    await until(async () => noted.length > 0);
    expect(noted).toEqual([`CPU is fine (${OPS})`]);
  });

  it("gets each command at one of its connections, and twice when told so", async () => {
    const got: string[] = [];
    const listen = (name: string) => (app: App) =>
      app.command("/spike", async ({ ack, command }) => {
        got.push(`${name} ${command.text}`);
        await ack();
      });
    await open(listen("first"));
    await workspace.connect(listen("second"));

    await say("/spike 1");
    await say("/spike 2");
    workspace.misbehave({ kind: "deliver-twice", deliveries: 1 });
    await say("/spike 3");

    await until(async () => got.length === 4);
    expect(got.toSorted()).toEqual(["first 1", "first 3", "second 2", "second 3"]);
  });

  it("gets late what is held back", async () => {
    const got: string[] = [];
    await open((app) =>
      app.command("/spike", async ({ ack, command }) => {
        got.push(command.text);
        await ack();
      }),
    );
    workspace.misbehave({ kind: "deliver-late", deliveries: 1, delayMs: 50 });

    await Promise.all([say("/spike 1"), say("/spike 2")]);

    expect(got).toEqual(["2", "1"]);
  });

  it("comes again when it is asked to reconnect, and gets what follows", async () => {
    const got: string[] = [];
    workspace = await openWorkspace();
    const receiver = new SocketModeReceiver({
      appToken: workspace.appToken,
      clientPingTimeout: 250,
      installerOptions: { clientOptions: { slackApiUrl: workspace.apiUrl } },
    });
    await workspace.connect(
      (app) =>
        app.command("/spike", async ({ ack, command }) => {
          got.push(command.text);
          await ack();
        }),
      receiver,
    );

    workspace.misbehave({ kind: "disconnect" });
    await until(async () => (await workspace.look(ANA)).app.connections === 0);
    await until(async () => (await workspace.look(ANA)).app.connections === 1);
    await say("/spike again");

    expect(got).toEqual(["again"]);
  });

  it("gets only the commands and events of its manifest", async () => {
    const heard: string[] = [];
    const manifest = {
      display_information: { name: "Spillway" },
      features: { slash_commands: [{ command: "/spike", description: "investigates", usage_hint: "[service]" }] },
      settings: { event_subscriptions: { bot_events: ["app_mention"] } },
    };
    await open(
      (app) => {
        app.event("app_mention", async () => void heard.push("mention"));
        app.message("", async () => void heard.push("message"));
        app.command("/other", async () => void heard.push("command"));
      },
      { manifest },
    );

    await say("/other");
    await say("hello @Spillway");
    await until(async () => heard.length > 0);

    expect(heard).toEqual(["mention"]);
    expect((await inOps())[0]?.text).toContain("`/other` is not a valid command");
  });

  it("runs no slash command in a thread, as Slack does not", async () => {
    await open(() => {});
    const { ts } = await workspace.client().chat.postMessage({ channel: OPS, text: "root" });

    await say("/spike web", { threadTs: ts });

    expect((await inOps())[1]).toMatchObject({ threadTs: ts, text: "/spike is not supported in threads. Sorry!" });
  });
});

describe("the workspace without an app", () => {
  it("says that a command could not be dispatched", async () => {
    const workspace = await openWorkspace();

    await workspace.act("say", { personId: ANA, channelId: OPS, threadTs: null, text: "/spike" });

    const { messages, app } = await workspace.look(ANA);
    expect(messages[OPS]?.[0]?.text).toBe('/spike failed with the error "dispatch_failed"');
    expect(app.connections).toBe(0);
    await workspace.close();
  });

  it("lets no other site act for people", async () => {
    const workspace = await openWorkspace();
    const send = (headers: Record<string, string>) =>
      fetch(`${workspace.url}page/say`, { method: "POST", headers, body: "{}" }).then(({ status }) => status);

    expect(await send({ "content-type": "text/plain" })).toBe(403);
    expect(await send({ "content-type": "application/json", origin: "https://example.com" })).toBe(403);
    await workspace.close();
  });
});

function titleModal(): ModalView {
  return {
    type: "modal",
    callback_id: "declare",
    private_metadata: "from-ops",
    title: plain("Declare incident"),
    submit: plain("Declare"),
    blocks: [
      {
        type: "input",
        block_id: "title",
        label: plain("Title"),
        element: { type: "plain_text_input", action_id: "value" },
      },
    ],
  };
}

function plain(text: string) {
  return { type: "plain_text" as const, text };
}
