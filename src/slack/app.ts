import { randomBytes } from "node:crypto";
import { App, HTTPReceiver, type Receiver, SocketModeReceiver } from "@slack/bolt";
import type { Environment } from "../config/environment.ts";
import { UpstreamError, UserError } from "../errors.ts";
import type { Log } from "../log.ts";
import { createAnswerer } from "./answer.ts";
import { boltLog } from "./bolt-log.ts";
import type { Registry } from "./command.ts";
import { listen } from "./listeners.ts";
import { createTeller } from "./teller.ts";
import { createWebApi, refusalOf } from "./web-api.ts";

export interface SlackApp {
  /**
   * Resolves when Slack can reach us.
   * @throws {UserError} `slack-token-refused`
   * @throws {UpstreamError} `slack-down`
   */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface SlackAppOptions<Context> {
  readonly env: Environment;
  readonly registry: Registry<Context>;
  readonly context: Context;
  readonly log: Log;
  /** In place of Socket Mode or HTTP; given by tests. */
  readonly receiver?: Receiver;
  /** How long a handler may take before the person is told; given by tests. */
  readonly patienceMs?: number;
}

/**
 * The pause before a lost connection is opened anew is this long, too; Slack renews connections every few hours, and
 * with the library's 5 s commands typed meanwhile would seem dead.
 */
const PING_TIMEOUT_MS = 2_500;

/** Puts a registry of handlers behind Slack, by Socket Mode where there is an app token, by HTTP otherwise. */
export function createSlackApp<Context>(options: SlackAppOptions<Context>): SlackApp {
  const { env, registry, context, log } = options;
  const api = createWebApi({ token: env.SLACK_BOT_TOKEN, apiUrl: env.SLACK_API_URL, log });
  const app = new App({
    token: env.SLACK_BOT_TOKEN,
    receiver: options.receiver ?? createReceiver(env, log),
    logger: boltLog(log),
    clientOptions: clientOptions(env),
    convoStore: false,
    deferInitialization: true,
  });
  const newErrorId = () => randomBytes(4).toString("hex");
  listen(app, {
    registry,
    context,
    log,
    api,
    newErrorId,
    tell: createTeller(api, env.SLACK_API_URL),
    answer: createAnswerer({ log, newErrorId, ...(options.patienceMs && { patienceMs: options.patienceMs }) }),
  });
  app.error(async (error) => {
    log.error({ err: error }, "slack listener failed");
  });
  return {
    start: async () => {
      await checkToken();
      await app.init();
      await app.start({ port: env.PORT, host: env.HOST });
    },
    stop: async () => {
      await app.stop();
    },
  };

  async function checkToken(): Promise<void> {
    try {
      await api.call("auth.test", {});
    } catch (cause) {
      if (!(cause instanceof UpstreamError) || cause.code !== "slack-refused") throw cause;
      throw new UserError("slack-token-refused", `Slack refuses SLACK_BOT_TOKEN: ${refusalOf(cause)}.`, { cause });
    }
  }
}

function createReceiver(env: Environment, log: Log): Receiver {
  if (env.SLACK_APP_TOKEN !== undefined) {
    return new SocketModeReceiver({
      appToken: env.SLACK_APP_TOKEN,
      logger: boltLog(log),
      clientPingTimeout: PING_TIMEOUT_MS,
      installerOptions: { clientOptions: clientOptions(env) },
    });
  }
  if (env.SLACK_SIGNING_SECRET !== undefined) {
    return new HTTPReceiver({ signingSecret: env.SLACK_SIGNING_SECRET, port: env.PORT, logger: boltLog(log) });
  }
  throw new UserError("env-invalid", "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP), one of them");
}

function clientOptions(env: Environment) {
  return { slackApiUrl: env.SLACK_API_URL };
}
