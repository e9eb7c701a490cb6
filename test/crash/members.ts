import { standBetween } from "../support/aws-between.ts";
import { type SpillwayProcess, spawnSpillway } from "../support/sandbox.ts";
import type { Killer, Moment, Step } from "./killer.ts";
import { postgresCutter } from "./postgres-pieces.ts";
import { redisCutter } from "./redis-pieces.ts";
import { standBetweenTcp } from "./tcp-between.ts";
import type { WriteLog } from "./write-log.ts";

/** Which processes there are, by what they are told to do. */
export const ROLES = {
  worker: ["worker"],
  bot: ["start", "--no-worker"],
  whole: ["start"],
} as const;
export type Role = keyof typeof ROLES;

/** One process of Spillway that dies where the killer says, and can be started again. */
export interface Member {
  readonly role: Role;
  /** Again and again until it runs, as whatever looks after processes does. */
  start(): Promise<void>;
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Where a process finds what it needs; each is stood before, so that every step of that process is seen. */
export interface Places {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly awsUrl: string;
  readonly slackUrl: string;
  /** All that is not an address. */
  readonly env: Readonly<Record<string, string>>;
  readonly program: "source" | "build";
}

export async function createMember(
  role: Role,
  places: Places,
  { killer, writes }: { readonly killer: Killer; readonly writes: WriteLog },
): Promise<Member> {
  let running: SpillwayProcess | null = null;

  function witness(step: Step, moment: Moment): boolean {
    if (running === null || !killer.witness(role, step, moment)) return false;
    void running.kill();
    running = null;
    return true;
  }

  const [aws, slack, postgres, redis] = await Promise.all([
    standBetween(places.awsUrl, {
      before: async (name) => (witness({ source: "AWS", name }, "before") ? "drop" : "forward"),
      after: async (name, call) => {
        writes.take(role, name, call);
        return witness({ source: "AWS", name }, "after") ? "drop" : null;
      },
    }),
    standBetween(places.slackUrl, {
      before: async (name) => (witness({ source: "Slack", name }, "before") ? "drop" : "forward"),
      after: async (name) => (witness({ source: "Slack", name }, "after") ? "drop" : null),
    }),
    standBetweenTcp(places.databaseUrl, { cutter: postgresCutter, witness }),
    places.redisUrl === undefined ? null : standBetweenTcp(places.redisUrl, { cutter: redisCutter, witness }),
  ]);
  const env = {
    ...places.env,
    DATABASE_URL: postgres.url,
    ...(redis !== null && { REDIS_URL: redis.url }),
    AWS_ENDPOINT_URL: aws.url,
    SLACK_API_URL: `${slack.url}/api/`,
  };

  return {
    role,
    async start() {
      while (running === null) running = await spawnSpillway(ROLES[role], env, places.program).catch(() => null);
    },
    async stop() {
      await running?.stop();
      running = null;
    },
    async close() {
      await running?.kill();
      running = null;
      await Promise.all([aws.close(), slack.close(), postgres.close(), redis?.close()]);
    },
  };
}
