import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { registry } from "../../commands/index.ts";
import { parseConfig } from "../../src/config.ts";
import { createWafFirewall } from "../../src/firewall/wafv2.ts";
import { createLog } from "../../src/log.ts";
import type { Firewall } from "../../src/ports/firewall.ts";
import { type Site, startSite } from "../../src/sandbox/site/site.ts";
import { type RunningWorkspace, startWorkspace } from "../../src/sandbox/workspace/workspace.ts";
import { manifestOf } from "../../src/slack/manifest.ts";
import { sitDown } from "./at-the-page.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** The world around the bot, without the bot: Slack, AWS and a site under load, and the environment that leads there. */
export interface Sandbox {
  readonly workspace: RunningWorkspace;
  readonly site: Site;
  /** The site's firewall, asked past the bot. */
  readonly firewall: Firewall;
  /** For `startSpillway` or a process of its own. */
  readonly env: Readonly<Record<string, string>>;
  sitDown(realName: string): ReturnType<typeof sitDown>;
  close(): Promise<void>;
}

export async function openSandbox(options: {
  readonly databaseUrl: string;
  readonly redisUrl?: string;
  readonly story?: string;
}): Promise<Sandbox> {
  const dir = mkdtempSync(join(tmpdir(), "spillway-test-"));
  const log = createLog("silent");
  const [workspace, site] = await Promise.all([
    startWorkspace({ port: 0, log, manifest: manifestOf(registry) }),
    startSite({
      dir: join(dir, "site"),
      story: options.story ?? "crawler",
      seed: 1,
      clock: { now: () => Date.now() },
      log,
      historyMinutes: 90,
    }),
  ]);
  const configPath = join(dir, "spillway.yaml");
  writeFileSync(configPath, site.configYaml);
  return {
    workspace,
    site,
    firewall: firewallOf(site),
    env: {
      LOG_LEVEL: "fatal",
      SLACK_API_URL: workspace.apiUrl,
      SLACK_BOT_TOKEN: workspace.botToken,
      SLACK_APP_TOKEN: workspace.appToken,
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL: site.awsEndpointUrl,
      AWS_ACCESS_KEY_ID: "sandbox",
      AWS_SECRET_ACCESS_KEY: "sandbox",
      DATABASE_URL: options.databaseUrl,
      ...(options.redisUrl && { REDIS_URL: options.redisUrl }),
      SPILLWAY_CONFIG: configPath,
      SPILLWAY_HOME: dir,
    },
    sitDown: (realName) => sitDown(workspace.url, realName),
    close: async () => {
      await Promise.all([workspace.close(), site.close()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function firewallOf(site: Site): Firewall {
  const config = parseConfig(site.configYaml, "the sandbox's configuration").services["web"]?.firewall;
  if (config === undefined) throw new Error("the sandbox's web has no firewall");
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "sandbox", AWS_SECRET_ACCESS_KEY: "sandbox" });
  return createWafFirewall({
    config,
    aws: { region: "us-east-1", endpoint: site.awsEndpointUrl },
    log: createLog("silent"),
  });
}

export interface SpillwayProcess {
  readonly pid: number;
  /** Resolves when the process has ended, however it did. */
  readonly gone: Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** What Node is told to run: the source, or what `npm run build` made of it, which starts sooner. */
const PROGRAM = {
  source: ["--import", "tsx", join(ROOT, "src", "cli.ts")],
  build: [join(ROOT, "dist", "src", "cli.js")],
} as const;

/** Runs `spillway …` as a process of its own, and resolves when it says that it runs. */
export async function spawnSpillway(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  program: keyof typeof PROGRAM = "source",
): Promise<SpillwayProcess> {
  const child = spawn(process.execPath, [...PROGRAM[program], ...args], {
    cwd: ROOT,
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...env, LOG_LEVEL: "info" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  await untilItRuns(child);
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const end = (signal: NodeJS.Signals) => async () => {
    child.kill(signal);
    await gone;
  };
  return { pid: child.pid ?? 0, gone, kill: end("SIGKILL"), stop: end("SIGTERM") };
}

/** On a slow machine, too. */
const RUNS_WITHIN_MS = 60_000;

async function untilItRuns(child: ChildProcess): Promise<void> {
  let said = "";
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), RUNS_WITHIN_MS);
    child.once("exit", () => clearTimeout(timer));
    child.once("exit", (code) => reject(new Error(`spillway ended with ${code} before it ran:\n${said}`)));
    child.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (!said.includes("spillway is running")) return;
      clearTimeout(timer);
      resolve();
    });
  });
}
