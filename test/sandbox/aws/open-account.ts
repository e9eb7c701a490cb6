import { createLog } from "../../../src/log.ts";
import { createAccount } from "../../../src/sandbox/aws/account.ts";
import { type AwsServer, startAwsServer } from "../../../src/sandbox/aws/server.ts";
import { createRandom } from "../../../src/sandbox/site/random.ts";
import { createSimulation, type Simulation } from "../../../src/sandbox/site/simulation.ts";
import { findStory } from "../../../src/sandbox/stories/registry.ts";
import { fixedClock } from "../../support/fixed-clock.ts";

export const OPEN_MS = Date.UTC(2026, 10, 21, 13, 7, 3);

/** Opens the stand-in for AWS on a site with some minutes of history, and what an SDK client needs to reach it. */
export async function openAccount(historyMinutes: number): Promise<{
  readonly simulation: Simulation;
  readonly clock: ReturnType<typeof fixedClock>;
  readonly server: AwsServer;
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly maxAttempts: number;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
}> {
  const clock = fixedClock(OPEN_MS);
  const startMs = OPEN_MS - historyMinutes * 60_000;
  const simulation = createSimulation({ story: findStory("crawler"), seed: 7, startMs, openMs: OPEN_MS });
  simulation.advanceTo(OPEN_MS);
  const account = createAccount({ simulation, clock, random: createRandom(1) });
  const server = await startAwsServer({ account, log: createLog("silent") });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return {
    simulation,
    clock,
    server,
    client: { endpoint: server.url, region: "eu-west-1", maxAttempts: 1, credentials },
  };
}
