import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandContext } from "../../commands/context.ts";
import { registry } from "../../commands/index.ts";
import { parseConfig } from "../../src/config.ts";
import { createLog } from "../../src/log.ts";
import { startWorkspace } from "../../src/sandbox/workspace/workspace.ts";
import { manifestOf } from "../../src/slack/manifest.ts";
import { createMessenger } from "../../src/slack/messenger.ts";
import { openStore } from "../../src/store/store.ts";
import { type PersonAtPage, sitDown } from "../support/at-the-page.ts";
import { createFakeQueue } from "../support/fake-queue.ts";
import { createFakeResolver } from "../support/fake-resolver.ts";
import type { TestPostgres } from "../support/postgres.ts";
import { type AwsAccount, openAccount } from "./aws-account.ts";
import type { Killer } from "./killer.ts";
import { createMember, type Member, type Role } from "./members.ts";

/** What stood in the sets before, and what must stay whatever is done and dies. */
const FOREIGN = ["192.0.2.1/32", "192.0.2.64/26", "2001:db8:ffff::/48"];

/** Slack, AWS, the store and the processes between them, for one queue. */
export interface World {
  readonly account: AwsAccount;
  /** Entries of others that have to be in the sets. */
  readonly foreign: Set<string>;
  readonly members: Readonly<Record<Role, Member>>;
  readonly ana: PersonAtPage;
  readonly ben: PersonAtPage;
  readonly chloe: PersonAtPage;
  /** What a command is given, past the bot; its queue takes nothing. */
  readonly context: CommandContext;
  query<Row extends object>(sql: string): Promise<readonly Row[]>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly name: string;
  readonly motoUrl: string;
  readonly postgres: TestPostgres;
  /** Left out where the queue is on Postgres. */
  readonly redisUrl?: string | undefined;
  readonly killer: Killer;
  readonly program: "source" | "build";
}

export async function openWorld(options: WorldOptions): Promise<World> {
  const log = createLog("silent");
  const dir = mkdtempSync(join(tmpdir(), "spillway-kills-"));
  const databaseUrl = await options.postgres.freshDatabase();
  const [account, workspace, store] = await Promise.all([
    openAccount(options.motoUrl, options.name, FOREIGN),
    startWorkspace({ port: 0, log, manifest: manifestOf(registry), rateLimit: null }),
    openStore(databaseUrl, log),
  ]);
  const settings = { services: { web: account.service }, check: { everySecs: "10s", rounds: 1 } };
  const configPath = join(dir, "spillway.yaml");
  writeFileSync(configPath, JSON.stringify(settings));
  const slack = new URL(workspace.apiUrl);
  const places = {
    databaseUrl,
    redisUrl: options.redisUrl,
    awsUrl: options.motoUrl,
    slackUrl: slack.origin,
    program: options.program,
    env: {
      SLACK_BOT_TOKEN: workspace.botToken,
      SLACK_APP_TOKEN: workspace.appToken,
      AWS_REGION: account.region,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      SPILLWAY_CONFIG: configPath,
      SPILLWAY_HOME: dir,
    },
  };
  const seen = { killer: options.killer, writes: account.writes };
  const [worker, bot, whole] = await Promise.all([
    createMember("worker", places, seen),
    createMember("bot", places, seen),
    createMember("whole", places, seen),
  ]);
  const people = ["Ana", "Ben", "Chloe"].map((name) => sitDown(workspace.url, name));
  const [ana, ben, chloe] = (await Promise.all(people)) as [PersonAtPage, PersonAtPage, PersonAtPage];

  return {
    account,
    foreign: new Set(FOREIGN),
    members: { worker, bot, whole },
    ana,
    ben,
    chloe,
    context: {
      config: parseConfig(JSON.stringify(settings), configPath),
      store,
      messenger: createMessenger({ token: workspace.botToken, apiUrl: workspace.apiUrl, log }),
      queue: createFakeQueue(),
      services: {},
      resolver: createFakeResolver(),
      publishedLists: () => [],
      clock: { now: () => Date.now() },
      ids: { next: () => randomBytes(12).toString("base64url") },
      log,
    },
    query: (sql) => options.postgres.query(databaseUrl, sql),
    async close() {
      for (const person of [ana, ben, chloe]) person.leave();
      await Promise.all([worker.close(), bot.close(), whole.close()]);
      await Promise.all([store.close(), workspace.close(), account.close()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
