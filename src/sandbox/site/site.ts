import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { MINUTE_MS, SECOND_MS } from "../../domain/time-window.ts";
import { UserError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { Clock } from "../../ports.ts";
import { createAccount } from "../aws/account.ts";
import { startAwsServer } from "../aws/server.ts";
import { findStory } from "../stories/registry.ts";
import type { Story } from "../stories/story.ts";
import { siteConfigYaml } from "./config-yaml.ts";
import { createAccessLog, createBalancerFiles } from "./log-files.ts";
import { logFormats } from "./log-formats.ts";
import { createRandom } from "./random.ts";
import { createSimulation } from "./simulation.ts";
import { readStatus, type SiteStatus } from "./status.ts";

/** The simulated site, running. */
export interface Site {
  readonly story: Story;
  /** A `spillway.yaml` for its services. */
  readonly configYaml: string;
  /** For `AWS_ENDPOINT_URL`. */
  readonly awsEndpointUrl: string;
  status(): SiteStatus;
  /** Catches up with the clock and writes the lines; runs each second by itself. */
  tick(): Promise<void>;
  close(): Promise<void>;
}

const DEFAULT_HISTORY_MINUTES = 180;
/** Lines of at most so long a time are held at once, and others get a turn in between. */
const CHUNK_MS = MINUTE_MS;
/** Tells a folder of ours, which may be emptied, from anybody else's. */
const MARK = ".spillway-sandbox";

/**
 * Starts the simulated site: writes its history, then goes on living by the clock.
 *
 * @throws {UserError} `story-unknown`; `sandbox-folder-taken` where `dir` holds logs that are not a sandbox's
 */
export async function startSite(options: {
  readonly dir: string;
  readonly story: string;
  readonly seed: number;
  readonly clock: Clock;
  readonly log: Log;
  /** How much traffic there was before the start. */
  readonly historyMinutes?: number;
}): Promise<Site> {
  const { clock, log, seed } = options;
  const story = findStory(options.story);
  const folder = await claimFolder(resolve(options.dir));
  const openMs = clock.now();
  const historyMs = (options.historyMinutes ?? DEFAULT_HISTORY_MINUTES) * MINUTE_MS;
  const simulation = createSimulation({ story, seed, startMs: openMs - historyMs, openMs });

  const logPaths = { web: join(folder.logs, "web"), forum: join(folder.logs, "forum", "access.log") };
  const webLog = createBalancerFiles(logPaths.web, createRandom(seed).fork("log-files"));
  const forumLog = createAccessLog(logPaths.forum);

  async function catchUp(): Promise<void> {
    const untilMs = clock.now();
    while (simulation.playedMs() + SECOND_MS <= untilMs) {
      const lines = simulation.advanceTo(Math.min(simulation.playedMs() + CHUNK_MS, untilMs));
      await Promise.all([webLog.append(lines.web), forumLog.append(lines.forum)]);
    }
  }

  // One after another: lines of two ticks must not mix.
  let ticking = Promise.resolve();
  function tick(): Promise<void> {
    const next = ticking.then(catchUp);
    ticking = next.catch(() => undefined);
    return next;
  }

  await tick();
  const account = createAccount({ simulation, clock, random: createRandom(seed).fork("account") });
  const aws = await startAwsServer({ account, log });
  const timer = setInterval(() => {
    tick().catch((cause: unknown) => log.error({ err: cause }, "sandbox site stood still"));
  }, SECOND_MS);
  log.info({ story: story.name, tookMs: clock.now() - openMs }, "sandbox site started");

  return {
    story,
    configYaml: siteConfigYaml(logPaths, logFormats(story.site)),
    awsEndpointUrl: aws.url,
    status: () => readStatus(simulation, story.name),
    tick,
    async close() {
      clearInterval(timer);
      await Promise.all([ticking, aws.close()]);
      await folder.release();
    },
  };
}

async function claimFolder(dir: string): Promise<{ logs: string; release(): Promise<void> }> {
  const logs = join(dir, "logs");
  const mark = join(dir, MARK);
  const isNew = !existsSync(dir);
  if (existsSync(logs) && !existsSync(mark)) {
    throw new UserError(
      "sandbox-folder-taken",
      `${logs} exists and was not made by a sandbox; name another folder, or move it away.`,
    );
  }
  await mkdir(dir, { recursive: true });
  await writeFile(mark, "Made by the sandbox; it empties this folder when it starts.\n");
  await rm(logs, { recursive: true, force: true });
  return { logs, release: () => (isNew ? rm(dir, { recursive: true, force: true }) : Promise.resolve()) };
}
