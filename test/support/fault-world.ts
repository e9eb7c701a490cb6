/** The bot, a worker, Slack, AWS and Postgres, all real or speaking the real protocols, with a fault to be put anywhere between. */
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { registry } from "../../commands/index.ts";
import { tellFailure } from "../../jobs/failed.ts";
import { createJobHandlers } from "../../jobs/index.ts";
import type { AwsPatience } from "../../src/config/aws-settings.ts";
import { readEnvironment } from "../../src/config/environment.ts";
import { type Config, parseConfig } from "../../src/config.ts";
import { SHIPPED_LISTS } from "../../src/domain/published-ranges.ts";
import { createWafFirewall } from "../../src/firewall/wafv2.ts";
import { createWriteLane } from "../../src/firewall/write-lane.ts";
import { createLog } from "../../src/log.ts";
import type { Firewall } from "../../src/ports/firewall.ts";
import type { Scaler } from "../../src/ports/scaler.ts";
import type { Store } from "../../src/ports/store.ts";
import type { Clock } from "../../src/ports.ts";
import type { JobHandlers, JobName, JobQueue } from "../../src/queue/jobs.ts";
import { createQueue } from "../../src/queue/producer.ts";
import { startWorker } from "../../src/queue/runner.ts";
import { createAccount } from "../../src/sandbox/aws/account.ts";
import { startAwsServer } from "../../src/sandbox/aws/server.ts";
import { IPV4_SET, IPV6_SET, REGION, SCALING_GROUP } from "../../src/sandbox/site/estate.ts";
import { createRandom } from "../../src/sandbox/site/random.ts";
import { createSimulation } from "../../src/sandbox/site/simulation.ts";
import { findStory } from "../../src/sandbox/stories/registry.ts";
import { type RunningWorkspace, startWorkspace } from "../../src/sandbox/workspace/workspace.ts";
import { createAutoScalingGroup } from "../../src/scaling/auto-scaling-group.ts";
import { createSlackApp } from "../../src/slack/app.ts";
import { manifestOf } from "../../src/slack/manifest.ts";
import { createMessenger } from "../../src/slack/messenger.ts";
import { openStore } from "../../src/store/store.ts";
import { type PersonAtPage, sitDown } from "./at-the-page.ts";
import { type Interference, standBetween } from "./aws-between.ts";
import { createFakeResolver } from "./fake-resolver.ts";
import { countNodeErrors } from "./one-realm.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

/** What AWS does wrong with a call, by its operation. */
export interface AwsFault {
  before?(operation: string): Promise<Interference>;
  after?(operation: string): Promise<unknown>;
}

export interface FaultWorld {
  readonly workspace: RunningWorkspace;
  readonly ana: PersonAtPage;
  readonly ben: PersonAtPage;
  readonly store: Store;
  readonly queue: JobQueue;
  /** The firewall and the group as they are, asked and changed by a stranger past the bot. */
  readonly firewall: Firewall;
  readonly group: Scaler;
  /** Between Spillway and AWS, and between Spillway and Postgres. */
  readonly aws: TcpProxy;
  readonly database: TcpProxy;
  readonly clock: Clock & { step(ms: number): void };
  /** What AWS does wrong from now on; null for nothing. The SDK asks once, unless told to ask again by itself. */
  breakAws(fault: AwsFault | null, patience?: Partial<AwsPatience>): void;
  /** Has the worker run a scheduled job, and gives what it threw; null for nothing. */
  run(name: "sweep" | "reconcile"): Promise<unknown>;
  /** Resolves when an attempt at such a job has ended, with what it threw; null for nothing. */
  ended(name: JobName): Promise<unknown>;
  close(): Promise<void>;
}

/** Long enough for what is on this machine; a hundred times as long would only make tests slow. */
const PATIENCE: AwsPatience = { attempts: 1, connectMs: 2_000, answerMs: 5_000, silenceMs: 5_000 };
/** For what never answers. */
export const IMPATIENCE = { connectMs: 200, answerMs: 150, silenceMs: 150 } as const;
const SEEN_WITHIN_MS = 15_000;
const LOCK_MS = 1_000;
const SOON_MS = 10_000;
/** What a queue forgot does not run. */
const LOST_AFTER_MS = 3_000;

const CONFIG: Config = parseConfig(
  stringify({
    services: {
      web: {
        firewall: { kind: "wafv2", scope: "REGIONAL", region: REGION, ipv4Set: IPV4_SET, ipv6Set: IPV6_SET },
        scaling: { kind: "auto-scaling-group", region: REGION, name: SCALING_GROUP.name, maxInstances: 8 },
      },
    },
    check: { everySecs: "10m", rounds: 2 },
  }),
  "the world's configuration",
);

export async function openFaultWorld(options: {
  readonly databaseUrl: string;
  readonly redisUrl?: string;
}): Promise<FaultWorld> {
  countNodeErrors();
  const log = createLog("silent");
  const closers: (() => Promise<unknown>)[] = [];
  const opened = <Part extends { close(): Promise<unknown> }>(part: Part): Part => {
    closers.unshift(() => part.close());
    return part;
  };
  const close = async () => {
    for (const each of closers) await each();
  };

  const account = opened(await startAwsAccount());
  let fault: AwsFault | null = null;
  const between = opened(
    await standBetween(account.url, {
      before: async (operation) => (await fault?.before?.(operation)) ?? "forward",
      after: async (operation) => fault?.after?.(operation),
    }),
  );
  const aws = opened(await startTcpProxy(between.url));
  const database = opened(await startTcpProxy(options.databaseUrl));
  const workspace = opened(await startWorkspace({ port: 0, log, manifest: manifestOf(registry), rateLimit: null }));

  let skewMs = 0;
  const clock = {
    now: () => Date.now() + skewMs,
    step: (ms: number) => {
      skewMs += ms;
    },
  };
  const store = opened(await openStore(database.url, log));
  const backend = { databaseUrl: database.url, ...(options.redisUrl && { redisUrl: options.redisUrl }), log };
  const queue = impatient(opened(createQueue(backend)));
  const web = { logs: null, metrics: null, ...portsOf(aws.url) };
  let ids = 0;
  const context = {
    config: CONFIG,
    store,
    queue,
    messenger: createMessenger({
      token: workspace.botToken,
      apiUrl: workspace.apiUrl,
      log,
      wait: () => Promise.resolve(),
    }),
    services: { web },
    resolver: createFakeResolver(),
    publishedLists: () => SHIPPED_LISTS,
    clock,
    ids: {
      next: () => {
        ids += 1;
        return `world-${String(ids).padStart(10, "0")}`;
      },
    },
    log,
  };

  const watched = watchEnds(createJobHandlers(context));
  const worker = startWorker({
    ...backend,
    handlers: watched.handlers,
    onFailed: (failed) => tellFailure(failed, context),
    retryDelayMs: () => 0,
    lockMs: LOCK_MS,
  });
  closers.unshift(() => worker.close({ graceMs: 0 }));
  const env = readEnvironment({
    SLACK_API_URL: workspace.apiUrl,
    SLACK_BOT_TOKEN: workspace.botToken,
    SLACK_APP_TOKEN: workspace.appToken,
  });
  const app = createSlackApp({ env, registry, context, log });
  await app.start();
  closers.unshift(() => app.stop());
  const [ana, ben] = (await Promise.all(
    ["Ana", "Ben"].map((name) => sitDown(workspace.url, name, SEEN_WITHIN_MS)),
  )) as [PersonAtPage, PersonAtPage];
  for (const person of [ana, ben]) closers.unshift(async () => person.leave());

  const { firewall, scaler: group } = portsOf(account.url);
  return {
    workspace,
    ana,
    ben,
    store,
    queue,
    firewall,
    group,
    aws,
    database,
    clock,
    breakAws: (next, patience) => {
      fault = next;
      Object.assign(web, portsOf(aws.url, patience));
    },
    run: async (name) => {
      const ended = watched.next(name);
      await queue.enqueue(name, {});
      return Promise.race([ended, sleep(LOST_AFTER_MS, "the job was lost", { ref: false })]);
    },
    ended: watched.next,
    close,
  };
}

/** Firewall and group at an address, with little patience and without a pause between writes. */
function portsOf(
  endpoint: string,
  patience: Partial<AwsPatience> = {},
): { readonly firewall: Firewall; readonly scaler: Scaler } {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "sandbox", AWS_SECRET_ACCESS_KEY: "sandbox" });
  const { firewall, scaling } = CONFIG.services["web"] ?? {};
  if (firewall === undefined || scaling?.kind !== "auto-scaling-group") throw new Error("the world has no web");
  const common = {
    aws: { region: REGION, endpoint, patience: { ...PATIENCE, ...patience } },
    log: createLog("silent"),
  };
  const lane = createWriteLane({ writeEveryMs: 0, sleep: () => Promise.resolve() });
  return {
    firewall: createWafFirewall({ config: firewall, ...common, lane }),
    scaler: createAutoScalingGroup({ config: scaling, ...common }),
  };
}

/** An account whose clock is a second further at each look, so that one write a second is no limit. */
async function startAwsAccount() {
  const log = createLog("silent");
  let nowMs = Date.now();
  const clock = {
    now: () => {
      nowMs += 1_001;
      return nowMs;
    },
  };
  const simulation = createSimulation({ story: findStory("quiet"), seed: 1, startMs: nowMs, openMs: nowMs });
  return startAwsServer({ account: createAccount({ simulation, clock, random: createRandom(1) }), log });
}

/** What would be tried again in seconds, is at once. */
function impatient<Queue extends JobQueue>(queue: Queue): Queue {
  const enqueue: JobQueue["enqueue"] = (name, payload, options = {}) => {
    const { delayMs = 0, ...rest } = options;
    return queue.enqueue(name, payload, { ...rest, ...(delayMs > SOON_MS && { delayMs }) });
  };
  return { ...queue, enqueue };
}

/** Lets a test wait for the end of a job. */
function watchEnds(handlers: JobHandlers) {
  const waiting = new Map<JobName, ((failure: unknown) => void)[]>();
  const watching = Object.entries(handlers).map(([name, handler]) => [
    name,
    async (run: never) => {
      const told = waiting.get(name as JobName) ?? [];
      waiting.delete(name as JobName);
      try {
        await handler(run);
        for (const tell of told) tell(null);
      } catch (error) {
        for (const tell of told) tell(error);
        throw error;
      }
    },
  ]);
  return {
    handlers: Object.fromEntries(watching) as unknown as JobHandlers,
    next: (name: JobName) =>
      new Promise<unknown>((resolve) => waiting.set(name, [...(waiting.get(name) ?? []), resolve])),
  };
}
