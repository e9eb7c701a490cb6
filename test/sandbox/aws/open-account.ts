import { createLog } from "../../../src/log.ts";
import { createAccount } from "../../../src/sandbox/aws/account.ts";
import { type AwsServer, startAwsServer } from "../../../src/sandbox/aws/server.ts";
import { SCALING_GROUP, ZONES } from "../../../src/sandbox/site/estate.ts";
import { createFleet } from "../../../src/sandbox/site/fleet.ts";
import { createLedger } from "../../../src/sandbox/site/ledger.ts";
import { createRandom } from "../../../src/sandbox/site/random.ts";
import { createShield } from "../../../src/sandbox/site/shield.ts";
import { createSimulation, type Simulation } from "../../../src/sandbox/site/simulation.ts";
import { findStory } from "../../../src/sandbox/stories/registry.ts";
import { fixedClock } from "../../support/fixed-clock.ts";

export const OPEN_MS = Date.UTC(2026, 10, 21, 13, 7, 3);

type World = Pick<Simulation, "shield" | "fleet" | "ledgers" | "playedMs">;

export interface OpenAccount {
  readonly world: World;
  readonly clock: ReturnType<typeof fixedClock>;
  readonly server: AwsServer;
  /** What an SDK client needs to reach it. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly maxAttempts: number;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
}

/** Opens the stand-in for AWS on a site. */
export async function openAccount(world: World): Promise<OpenAccount> {
  const clock = fixedClock(OPEN_MS);
  const account = createAccount({ simulation: world, clock, random: createRandom(1) });
  const server = await startAwsServer({ account, log: createLog("silent") });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return { world, clock, server, client: { endpoint: server.url, region: "eu-west-1", maxAttempts: 1, credentials } };
}

/** A site that nobody uses. */
export function idleSite(): World {
  const random = createRandom(7);
  return {
    shield: createShield(random.fork("shield")),
    fleet: createFleet({ count: SCALING_GROUP.desired, zones: ZONES, random: random.fork("fleet") }),
    ledgers: { web: createLedger(), forum: createLedger() },
    playedMs: () => OPEN_MS,
  };
}

/** A site in the middle of the crawler's story. */
export function crawledSite(): World {
  const startMs = OPEN_MS - 15 * 60_000;
  const simulation = createSimulation({ story: findStory("crawler"), seed: 7, startMs, openMs: OPEN_MS });
  simulation.advanceTo(OPEN_MS);
  return simulation;
}
