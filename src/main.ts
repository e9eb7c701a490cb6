/** Puts the parts together and runs them: the bot, the workers, or both in one process. */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { registry } from "../commands/index.ts";
import { type FailedJob, tellFailure } from "../jobs/failed.ts";
import { createJobHandlers } from "../jobs/index.ts";
import { closeAll, type Part } from "./close-all.ts";
import { type Environment, readEnvironment } from "./config/environment.ts";
import { type Config, readConfig } from "./config.ts";
import { createResolver } from "./dns/resolver.ts";
import { UserError } from "./errors.ts";
import { keptLists, LISTS_FILE } from "./firewall/kept-lists.ts";
import { createLog, type Log } from "./log.ts";
import type { AuditEntry } from "./ports/remembered.ts";
import type { Ids } from "./ports.ts";
import { createQueue } from "./queue/producer.ts";
import { startWorker } from "./queue/runner.ts";
import { keepScheduled } from "./queue/schedule.ts";
import { SPILLWAY } from "./record.ts";
import { createServices } from "./service-adapters.ts";
import { createSlackApp } from "./slack/app.ts";
import { createMessenger } from "./slack/messenger.ts";
import { startEmbeddedPostgres } from "./store/embedded.ts";
import { openStore } from "./store/store.ts";

export interface Running {
  /** Lets work under way end, then closes everything. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts Spillway from the environment and the configuration file that it names.
 *
 * @throws {UserError} `env-invalid`, `config-…`: nothing was started, and every mistake is named
 */
export async function startSpillway(
  variables: Readonly<Record<string, string | undefined>>,
  roles: { readonly bot: boolean; readonly worker: boolean },
): Promise<Running> {
  const { env, config } = readSettings(variables);
  const log = createLog(env.LOG_LEVEL);
  const opened: Part[] = [];
  const stop = () => closeAll(opened, log);
  try {
    const databaseUrl = env.DATABASE_URL ?? (await openEmbedded(env, log, opened));
    const store = await openStore(databaseUrl, log);
    opened.push({ name: "store", close: () => store.close() });
    await store.recordAudit({ ...rulesOf(config), atMs: Date.now() });
    const backend = { databaseUrl, ...(env.REDIS_URL && { redisUrl: env.REDIS_URL }), log };
    const queue = await createQueue(backend);
    opened.push({ name: "queue", close: () => queue.close() });
    const context = {
      config,
      store,
      queue,
      messenger: createMessenger({ token: env.SLACK_BOT_TOKEN, apiUrl: env.SLACK_API_URL, log }),
      services: createServices(config, env, log, store),
      resolver: createResolver(),
      publishedLists: keptLists(join(env.SPILLWAY_HOME, LISTS_FILE), log),
      clock: { now: () => Date.now() },
      ids: randomIds,
      log,
    };
    if (roles.worker) {
      const onFailed = (failed: FailedJob) => tellFailure(failed, context);
      const worker = await startWorker({ ...backend, handlers: createJobHandlers(context), onFailed });
      opened.push({ name: "worker", close: () => worker.close() });
      // Where nobody is watched any more, a schedule that the queue still has finds nothing to do.
      const isWatched = Object.values(config.services).some(({ watch }) => watch !== undefined);
      const schedule = await keepScheduled(queue, log, { isWatched });
      opened.push({ name: "schedule", close: async () => schedule.stop() });
    }
    if (roles.bot) {
      const app = createSlackApp({ env, registry, context, log });
      await app.start();
      opened.push({ name: "bot", close: () => app.stop() });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  log.info({ ...roles, services: Object.keys(config.services) }, "spillway is running");
  return { stop };
}

/** What decides who may do what, for the audit log: a change of it should be as plain there as what was done by it. */
function rulesOf({ approvals, blocks, services }: Config): Omit<AuditEntry, "atMs"> {
  const rules = Object.entries(services).map(([name, { neverBlock, scaling }]) => [
    name,
    {
      neverBlock,
      maxInstances: scaling?.maxInstances ?? null,
      ...(scaling?.mayRaiseMax && { mayRaiseMax: true }),
    },
  ]);
  const details = { approvals, blocks, services: Object.fromEntries(rules) };
  return { kind: "configuration", actor: SPILLWAY, proposalId: null, incidentId: null, details };
}

const randomIds: Ids = { next: () => randomBytes(12).toString("base64url") };

/** Reads both before complaining about either, so that all mistakes are told at once. */
function readSettings(variables: Readonly<Record<string, string | undefined>>): { env: Environment; config: Config } {
  const mistakes: UserError[] = [];
  const collect = <Value>(read: () => Value): Value | null => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      mistakes.push(error);
      return null;
    }
  };
  const env = collect(() => readEnvironment(variables));
  const config = collect(() => readConfig(variables["SPILLWAY_CONFIG"] || "spillway.yaml"));
  const [first, second] = mistakes;
  if (first === undefined && env !== null && config !== null) return { env, config };
  if (first !== undefined && second === undefined) throw first;
  throw new UserError("settings-invalid", mistakes.map((mistake) => mistake.message).join("\n"));
}

async function openEmbedded(env: Environment, log: Log, opened: Part[]): Promise<string> {
  const postgres = await startEmbeddedPostgres({ dir: env.SPILLWAY_HOME, log });
  opened.push({ name: "embedded-postgres", close: () => postgres.stop() });
  return postgres.url;
}
