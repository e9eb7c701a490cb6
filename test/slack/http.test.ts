import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { readEnvironment } from "../../src/config/environment.ts";
import { createLog } from "../../src/log.ts";
import { createSlackApp, type SlackApp } from "../../src/slack/app.ts";
import type { Registry } from "../../src/slack/command.ts";
import { type SlackApi, startSlackApi } from "../support/slack-api.ts";

const SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
const BODY = new URLSearchParams({
  command: "/spike",
  text: "web 30m",
  trigger_id: "1.2.3",
  user_id: "U1",
  user_name: "dana",
  channel_id: "C1",
  team_id: "T0",
}).toString();

let api: SlackApi;
let app: SlackApp;
let seen: string[];
let url: string;

const registry: Registry<string[]> = {
  commands: [
    {
      name: "spike",
      summary: "looks",
      usage: ["spike"],
      examples: ["/spike"],
      run: async ({ text }, words) => void words.push(text),
    },
  ],
  buttons: [],
  modals: [],
  shortcuts: [],
  reactions: [],
  home: async () => [],
};

beforeEach(async () => {
  api = await startSlackApi();
  seen = [];
  const port = await freePort();
  const env = readEnvironment({
    SLACK_BOT_TOKEN: "xoxb-test",
    SLACK_SIGNING_SECRET: SECRET,
    SLACK_API_URL: api.apiUrl,
    HOST: "127.0.0.1",
    PORT: String(port),
  });
  app = createSlackApp({ env, registry, context: seen, log: createLog("silent") });
  await app.start();
  url = `http://127.0.0.1:${port}/slack/events`;
});

afterEach(async () => {
  await app.stop();
  await api.close();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

async function post(body: string, signedAtSecs: number, secret: string): Promise<number> {
  const signature = createHmac("sha256", secret).update(`v0:${signedAtSecs}:${body}`).digest("hex");
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-slack-request-timestamp": String(signedAtSecs),
      "x-slack-signature": `v0=${signature}`,
    },
    body,
  });
  await response.text();
  return response.status;
}

const nowSecs = () => Math.floor(Date.now() / 1_000);

describe("the bot behind HTTP", () => {
  it("runs a command that Slack signed", async () => {
    expect(await post(BODY, nowSecs(), SECRET)).toBe(200);
    expect(seen).toEqual(["web 30m"]);
  });

  it.each([
    ["another secret", () => post(BODY, nowSecs(), "somebody-else")],
    ["an old signature, sent again", () => post(BODY, nowSecs() - 600, SECRET)],
  ])("refuses %s and runs nothing", async (_what, send) => {
    expect(await send()).toBe(401);
    expect(seen).toEqual([]);
  });

  it("refuses a request without a signature", async () => {
    const response = await fetch(url, { method: "POST", body: BODY });

    expect(response.status).toBe(401);
    expect(seen).toEqual([]);
  });
});
