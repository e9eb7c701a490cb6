import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { App } from "@slack/bolt";
import type { ModalView } from "@slack/types";
import type { Browser, Page } from "playwright-core";
import { describeInChromium } from "../../support/chromium.ts";
import { OPS, type OpenedWorkspace, openWorkspace } from "./open-workspace.ts";

const MANIFEST = {
  display_information: { name: "Spillway" },
  features: {
    slash_commands: [
      { command: "/block", description: "proposes a block", usage_hint: "ADDRESS" },
      { command: "/incident", description: "declares an incident" },
    ],
    shortcuts: [{ name: "Add to timeline", type: "message", callback_id: "note", description: "keeps a message" }],
  },
};

describeInChromium("the workspace's page in a browser", (launch) => {
  let workspace: OpenedWorkspace;
  let browser: Browser;
  let page: Page;
  const requests: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    workspace = await openWorkspace({ manifest: MANIFEST, rateLimit: null });
    await workspace.connect(registerBot);
    browser = await launch();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(5000);
    page.on("request", (request) => requests.push(new URL(request.url()).origin));
    page.on("pageerror", (err) => complaints.push(err.message));
    page.on("console", (entry) => entry.type() === "error" && complaints.push(entry.text()));
    await page.goto(workspace.url);
  }, 30_000);
  afterAll(async () => {
    await browser?.close();
    await workspace?.close();
  });

  const message = (text: string) => page.getByTestId("message").filter({ hasText: text }).last();
  const send = async (text: string) => {
    await page.getByTestId("composer").fill(text);
    await page.keyboard.press("Enter");
  };
  const actAs = async (name: string) => {
    await page.getByRole("radio", { name }).click();
    await page.getByRole("radio", { name, checked: true }).waitFor();
  };

  it("tells a newcomer what to type, and completes it", async () => {
    await page.getByTestId("banner").getByText("/spike web 30m").waitFor();
    const composer = page.getByTestId("composer");

    await composer.pressSequentially("/");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");

    expect(await composer.inputValue()).toBe("/incident ");
    await page.keyboard.press("Escape");
    await composer.fill("");
  });

  it("asks before a button acts, and a second person's click changes the message for both", async () => {
    await send("/block 203.0.113.9");
    await message("Block 203.0.113.9?").getByRole("button", { name: "Approve" }).click();
    await page.getByTestId("confirm-deny").click();

    await actAs("Ben");
    await message("Block 203.0.113.9?").getByRole("button", { name: "Approve" }).click();
    await page.getByTestId("confirm-accept").click();

    await message("Approved by @Ben").waitFor();
    await actAs("Ana");
    await message("Approved by @Ben").waitFor();
  });

  it("shows an ephemeral to one person only", async () => {
    await send("/block");

    await message("Only visible to you").waitFor();
    await actAs("Ben");
    await message("Approved by @Ben").waitFor();
    expect(await page.getByText("Only visible to you").count()).toBe(0);
    await actAs("Ana");
    await message("Only visible to you").getByRole("button", { name: "Dismiss" }).click();
    await page.getByText("Only visible to you").waitFor({ state: "detached" });
  });

  it("shows what is wrong under a modal's fields, and closes once it is right", async () => {
    await send("/incident ");
    const modal = page.getByTestId("modal");

    await page.getByTestId("modal-submit").click();
    await modal.getByText("Please complete this required field.").first().waitFor();
    await modal.getByLabel("Title").fill("web");
    await modal.getByTestId("block-select").click();
    await page.getByRole("option", { name: "SEV 2" }).click();
    await page.getByTestId("modal-submit").click();
    await modal.getByText("Say a little more").waitFor();
    await modal.getByLabel("Title").fill("web is slow");
    await page.getByTestId("modal-submit").click();

    await modal.waitFor({ state: "detached" });
    await message("web is slow: SEV 2").waitFor();
  });

  it("keeps a thread beside the channel, where the bot answers to its name", async () => {
    await message("web is slow").hover();
    await message("web is slow").getByTestId("reply-in-thread").click();
    await page.getByTestId("thread-composer").fill("@Spillway top ip");
    await page.keyboard.press("Enter");

    await page.getByTestId("thread").getByText("You said: top ip").waitFor();
    expect(await page.getByTestId("thread-link").textContent()).toContain("2 replies");
    expect(page.url()).toMatch(/#\/C0OPS00001\/\d+\.\d+$/);
    await page.getByRole("button", { name: "Close the thread" }).click();
  });

  it("reacts to a message, and takes the app's shortcut on it", async () => {
    const subject = message("web is slow");
    await subject.hover();
    await subject.getByRole("button", { name: "React with :pushpin:" }).click();
    await subject.getByTestId("reaction-pushpin").waitFor();
    await subject.hover();
    await subject.getByTestId("more-actions").click();
    await page.getByTestId("shortcut-note").click();

    await message("Noted: web is slow").waitFor();
  });

  it("shows a shared file's text and an attacker's text as they are", async () => {
    const client = workspace.client();
    await client.files.uploadV2({ channel_id: OPS, filename: "draft.md", content: "# Draft\n\nFirst seen 14:02:07" });
    await client.chat.postMessage({ channel: OPS, text: "&lt;img src=x onerror=alert(1)&gt; <javascript:alert(1)|x>" });

    await page.getByTestId("open-file").click();
    await page.getByTestId("file-viewer").getByText("First seen 14:02:07").waitFor();
    await page.keyboard.press("Escape");
    await message("<img src=x onerror=alert(1)> <javascript:alert(1)|x>").waitFor();
  });

  it("shows the app's Home", async () => {
    await page.getByTestId("app-link").click();

    await page.getByTestId("home").getByText("Nothing open").waitFor();
  });

  it("asked nobody else for anything, and the browser complained of nothing", () => {
    expect(new Set(requests)).toEqual(new Set([new URL(workspace.url).origin]));
    expect(complaints).toEqual([]);
  });
});

/** Just enough of a bot to click on. */
function registerBot(app: App): void {
  app.command("/block", async ({ ack, command, client }) => {
    if (command.text === "") return ack("Which address?");
    await ack();
    const confirm = {
      title: plain("Sure?"),
      text: plain("It ends by itself."),
      confirm: plain("Yes"),
      deny: plain("No"),
    };
    const button = { type: "button" as const, action_id: "approve", text: plain("Approve"), confirm };
    await client.chat.postMessage({
      channel: command.channel_id,
      text: "",
      blocks: [
        { type: "section", text: plain(`Block ${command.text}?`) },
        { type: "actions", elements: [button] },
      ],
    });
  });
  app.action("approve", async ({ ack, body, respond }) => {
    await ack();
    const text = { type: "mrkdwn" as const, text: `Approved by <@${body.user.id}>` };
    await respond({ replace_original: true, blocks: [{ type: "section", text }] });
  });
  app.command("/incident", async ({ ack, client, body }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: incidentModal(body.channel_id) });
  });
  app.view("declare", async ({ ack, view, client }) => {
    const title = view.state.values["title"]?.["value"]?.value ?? "";
    if (title.length < 5) return ack({ response_action: "errors", errors: { title: "Say a little more" } });
    await ack();
    const severity = view.state.values["severity"]?.["value"]?.selected_option?.text.text;
    await client.chat.postMessage({ channel: view.private_metadata, text: `${title}: ${severity}` });
  });
  app.event("app_mention", async ({ event, say }) => {
    await say({ text: `You said: ${event.text.replace(/<@\w+> /, "")}`, thread_ts: event.thread_ts ?? event.ts });
  });
  app.shortcut({ type: "message_action", callback_id: "note" }, async ({ ack, shortcut, respond }) => {
    await ack();
    await respond(`Noted: ${shortcut.message.text}`);
  });
  app.event("app_home_opened", async ({ event, client }) => {
    const blocks = [{ type: "header" as const, text: plain("Nothing open") }];
    await client.views.publish({ user_id: event.user, view: { type: "home", blocks } });
  });
}

function incidentModal(channelId: string): ModalView {
  const options = ["SEV 1", "SEV 2"].map((name) => ({ text: plain(name), value: name }));
  return {
    type: "modal",
    callback_id: "declare",
    private_metadata: channelId,
    title: plain("Declare incident"),
    submit: plain("Declare"),
    blocks: [
      {
        type: "input",
        block_id: "title",
        label: plain("Title"),
        element: { type: "plain_text_input", action_id: "value" },
      },
      {
        type: "input",
        block_id: "severity",
        label: plain("Severity"),
        element: { type: "static_select", action_id: "value", options },
      },
    ],
  };
}

function plain(text: string) {
  return { type: "plain_text" as const, text };
}
