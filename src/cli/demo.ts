import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { registry } from "../../commands/index.ts";
import { UserError } from "../errors.ts";
import { createLog, type Log } from "../log.ts";
import { startSpillway } from "../main.ts";
import { startSite } from "../sandbox/site/site.ts";
import { findStory } from "../sandbox/stories/registry.ts";
import { type RunningWorkspace, startWorkspace } from "../sandbox/workspace/workspace.ts";
import { manifestOf } from "../slack/manifest.ts";
import { isAlive } from "../store/embedded/process.ts";
import { startEmbeddedPostgres } from "../store/embedded.ts";
import { createPassingDatabase } from "../store/passing-database.ts";
import { untilToldToStop } from "./start.ts";

/**
 * Opens the sandbox: the stand-ins for Slack, AWS and a site come up, and then the bot is started exactly as
 * `spillway start` does it, with their addresses in its environment.
 */
export async function runDemo(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  const story = findStory(options.story);
  const home = process.env["SPILLWAY_HOME"] || ".spillway";
  const dir = freshFolder(join(home, "sandbox"));
  const log = createLog(process.env["LOG_LEVEL"] || "warn");

  const toldToStop = untilToldToStop();
  const opened: (() => Promise<void>)[] = [async () => rmSync(dir, { recursive: true, force: true })];
  try {
    const postgres = await startEmbeddedPostgres({ dir: home, log });
    opened.push(() => postgres.stop());
    const database = await createPassingDatabase(postgres.url);
    opened.push(() => database.drop());
    const workspace = await openWorkspace({ port: options.port, log, tryThis: story.tryThis });
    opened.push(() => workspace.close());
    const site = await startSite({
      dir: join(dir, "site"),
      story: story.name,
      seed: 1,
      clock: { now: () => Date.now() },
      log,
    });
    opened.push(() => site.close());
    const configPath = join(dir, "spillway.yaml");
    writeFileSync(configPath, site.configYaml);

    // The AWS SDK reads these from the process itself; what it says of Node's age concerns nobody who tries things out.
    process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
    process.env["AWS_ACCESS_KEY_ID"] = "sandbox";
    process.env["AWS_SECRET_ACCESS_KEY"] = "sandbox";
    const spillway = await startSpillway(
      {
        ...process.env,
        LOG_LEVEL: process.env["LOG_LEVEL"] || "warn",
        SLACK_API_URL: workspace.apiUrl,
        SLACK_BOT_TOKEN: workspace.botToken,
        SLACK_APP_TOKEN: workspace.appToken,
        AWS_REGION: "us-east-1",
        AWS_ENDPOINT_URL: site.awsEndpointUrl,
        DATABASE_URL: database.url,
        SPILLWAY_CONFIG: configPath,
        SPILLWAY_HOME: dir,
      },
      { bot: true, worker: true },
    );
    opened.push(() => spillway.stop());

    process.stdout.write(
      `The sandbox is ready: ${workspace.url}\n` +
        `${story.title}: ${story.opening}\n` +
        `Type ${story.tryThis} in #ops. To approve what was proposed, act as somebody else (bottom left).\n` +
        `Then:\n${story.thenTry.map((step) => `  ${step}\n`).join("")}` +
        "Ctrl-C ends it.\n",
    );
    if (options.open) openBrowser(workspace.url);
    await toldToStop;
    return 0;
  } finally {
    for (let close = opened.pop(); close !== undefined; close = opened.pop()) await close();
  }
}

async function openWorkspace(options: {
  readonly port: number;
  readonly log: Log;
  readonly tryThis: string;
}): Promise<RunningWorkspace> {
  try {
    return await startWorkspace({ ...options, manifest: manifestOf(registry) });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "EADDRINUSE" && code !== "EACCES") throw cause;
    const reason = code === "EACCES" ? "may not be used by this account" : "is taken by another program";
    throw new UserError("port-taken", `--port ${options.port} ${reason}; without --port a free one is found.`, {
      cause,
    });
  }
}

/** A folder for this run; those that runs which were killed left behind go. */
function freshFolder(parent: string): string {
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    if (Number(name) === process.pid || !isAlive(Number(name)))
      rmSync(join(parent, name), { recursive: true, force: true });
  }
  const dir = join(parent, String(process.pid));
  mkdirSync(dir);
  return dir;
}

function readOptions(argv: readonly string[]): { story: string; port: number; open: boolean } {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        story: { type: "string", default: "crawler" },
        port: { type: "string", default: "0" },
        "no-open": { type: "boolean", default: false },
      },
    });
    if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) {
      throw new UserError(
        "bad-port",
        `--port ${values.port} is no port; it takes a number from 0 (any free one) to 65535.`,
      );
    }
    return { story: values.story, port: Number(values.port), open: !values["no-open"] };
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError("bad-option", cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Tries the desktop's opener; where there is none the printed address does. */
function openBrowser(url: string): void {
  const opener = process.platform === "darwin" ? "open" : "xdg-open";
  spawn(opener, [url], { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
