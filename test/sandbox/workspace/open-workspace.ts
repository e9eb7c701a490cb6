import { App, LogLevel, type SocketModeReceiver } from "@slack/bolt";
import { WebClient, type WebClientOptions } from "@slack/web-api";
import pino from "pino";
import type { Outcome } from "../../../src/sandbox/workspace/acts/interaction.ts";
import type { StreamItem } from "../../../src/sandbox/workspace/server/stream.ts";
import type { WorkspaceState } from "../../../src/sandbox/workspace/state/workspace-state.ts";
import {
  type RunningWorkspace,
  startWorkspace,
  type WorkspaceOptions,
} from "../../../src/sandbox/workspace/workspace.ts";

export const ANA = "U0ANA00001";
export const BEN = "U0BEN00001";
export const OPS = "C0OPS00001";

const silentLog = pino({ level: "silent" });

/** A workspace with what tests do in it; everything ends with `close`. */
export interface OpenedWorkspace extends RunningWorkspace {
  client(options?: WebClientOptions): WebClient;
  /** Connects a real Bolt app, made by the test. */
  connect(register: (app: App) => void, receiver?: SocketModeReceiver): Promise<App>;
  /** What a person does on the page. */
  act(name: string, fields: object): Promise<Outcome>;
  /** What a person sees. */
  look(personId: string): Promise<WorkspaceState>;
}

export async function openWorkspace(options: Partial<WorkspaceOptions> = {}): Promise<OpenedWorkspace> {
  const workspace = await startWorkspace({ port: 0, log: silentLog, ...options });
  const apps: App[] = [];
  return {
    ...workspace,
    client: (clientOptions = {}) =>
      new WebClient(workspace.botToken, {
        slackApiUrl: workspace.apiUrl,
        logLevel: LogLevel.ERROR,
        logger: quietLogger,
        ...clientOptions,
      }),
    connect: async (register, receiver) => {
      const app = new App({
        token: workspace.botToken,
        logger: quietLogger,
        clientOptions: { slackApiUrl: workspace.apiUrl },
        ...(receiver === undefined ? { appToken: workspace.appToken, socketMode: true } : { receiver }),
      });
      register(app);
      await app.start();
      apps.push(app);
      return app;
    },
    act: async (name, fields) => {
      const response = await fetch(`${workspace.url}page/${name}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(fields),
      });
      return (await response.json()) as Outcome;
    },
    look: (personId) => snapshot(workspace.url, personId),
    close: async () => {
      await Promise.all(apps.map((app) => app.stop()));
      await workspace.close();
    },
  };
}

const quietLogger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

async function snapshot(url: string, personId: string): Promise<WorkspaceState> {
  const abort = new AbortController();
  const response = await fetch(`${url}page/stream?person=${personId}`, { signal: abort.signal });
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString("utf8");
    if (text.includes("\n\n")) break;
  }
  abort.abort();
  const item = JSON.parse(text.slice("data: ".length, text.indexOf("\n\n"))) as StreamItem;
  if (item.kind !== "snapshot") throw new Error("The stream did not begin with a snapshot");
  return item.state;
}

/** Waits for something to come true, for what happens in another task; fails after two seconds. */
export async function until<Value>(read: () => Promise<Value | null | undefined | false>): Promise<Value> {
  const deadlineMs = Date.now() + 2000;
  for (;;) {
    const value = await read();
    if (value) return value;
    if (Date.now() > deadlineMs) throw new Error("It did not come true within 2 s");
    await new Promise((resolve) => setImmediate(resolve));
  }
}
