import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Log } from "../../log.ts";
import { createRateLimiter, DEFAULT_RATE_LIMIT, type RateLimit } from "./api/rate-limit.ts";
import { createTimestamps, newSecret } from "./ids.ts";
import { appManifest } from "./manifest.ts";
import { createMisbehaviourPlan, type Misbehaviour } from "./misbehaviour.ts";
import type { WorkspaceParts } from "./parts.ts";
import { createResponseUrls } from "./response-urls.ts";
import { createPageFiles } from "./server/page-files.ts";
import { sendText } from "./server/respond.ts";
import { answer, type RouteDeps } from "./server/routes.ts";
import { createSocketHub } from "./socket/hub.ts";
import { type ChannelSeed, DEFAULT_CHANNELS, DEFAULT_PEOPLE, type PersonSeed, seedWorkspace } from "./state/seed.ts";
import { createWorkspaceStore } from "./state/store.ts";
import { createTriggers } from "./triggers.ts";

/** @source https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response */
const ACK_TIMEOUT_MS = 3000;

export interface WorkspaceOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly log: Log;
  readonly people?: readonly PersonSeed[];
  readonly channels?: readonly ChannelSeed[];
  /** The app's manifest; without one every command and event reaches the app. */
  readonly manifest?: unknown;
  /** What the page tells a newcomer to type. */
  readonly tryThis?: string;
  /** Null refuses nothing. */
  readonly rateLimit?: RateLimit | null;
  readonly ackTimeoutMs?: number;
  readonly nowMs?: () => number;
}

/** A running stand-in for Slack. */
export interface RunningWorkspace {
  /** Where the page is. */
  readonly url: string;
  /** For SLACK_API_URL. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  misbehave(misbehaviour: Misbehaviour): void;
  close(): Promise<void>;
}

/**
 * Starts the project's own Slack on the loopback: the Web API and Socket Mode
 * for the bot, and a page for people.
 */
export async function startWorkspace(options: WorkspaceOptions): Promise<RunningWorkspace> {
  const server = createServer();
  const parts = assemble(options, () => originOf(server.address() as AddressInfo));
  const deps: RouteDeps = {
    parts,
    pageFiles: createPageFiles(),
    misbehave: (misbehaviour) => misbehave(parts, misbehaviour),
  };
  server.on("request", (request, response) => {
    answer(request, response, deps).catch((err: unknown) => {
      parts.log.error({ err, path: request.url }, "sandbox request failed");
      if (response.headersSent) response.destroy();
      else sendText(response, 500, "internal error");
    });
  });
  server.on("upgrade", (request, socket, head) => parts.hub.accept(request, socket, head));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port, "127.0.0.1", resolve);
  });
  return {
    url: `${parts.origin()}/`,
    apiUrl: `${parts.origin()}/api/`,
    botToken: parts.tokens.bot,
    appToken: parts.tokens.app,
    misbehave: deps.misbehave,
    close: async () => {
      await parts.hub.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function assemble(options: WorkspaceOptions, origin: () => string): WorkspaceParts {
  const { log, nowMs = Date.now } = options;
  const manifest = appManifest.parse(options.manifest ?? { display_information: { name: "Spillway" } });
  const store = createWorkspaceStore(
    seedWorkspace({
      appName: manifest.display_information.name,
      people: options.people ?? DEFAULT_PEOPLE,
      channels: options.channels ?? DEFAULT_CHANNELS,
    }),
  );
  const misbehaviour = createMisbehaviourPlan();
  return {
    log,
    store,
    blobs: new Map(),
    hub: createSocketHub({
      appId: store.read().app.id,
      ackTimeoutMs: options.ackTimeoutMs ?? ACK_TIMEOUT_MS,
      misbehaviour,
      log,
      onCount: (connections) => store.apply({ kind: "connections-changed", connections }),
    }),
    triggers: createTriggers({ nowMs, misbehaviour }),
    responseUrls: createResponseUrls(nowMs),
    misbehaviour,
    rateLimiter: createRateLimiter(options.rateLimit === undefined ? DEFAULT_RATE_LIMIT : options.rateLimit, nowMs),
    manifest,
    tryThis: options.tryThis ?? "/spike web 30m",
    tokens: { bot: `xoxb-sandbox-${newSecret()}`, app: `xapp-sandbox-${newSecret()}` },
    origin,
    nowMs,
    nextTs: createTimestamps(nowMs),
  };
}

function misbehave(parts: WorkspaceParts, misbehaviour: Misbehaviour): void {
  if (misbehaviour.kind === "disconnect") parts.hub.askToReconnect();
  else parts.misbehaviour.add(misbehaviour);
}

function originOf({ port }: AddressInfo): string {
  return `http://127.0.0.1:${port}`;
}
