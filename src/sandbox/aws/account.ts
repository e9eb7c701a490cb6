import type { Clock } from "../../ports.ts";
import type { Random } from "../site/random.ts";
import type { Simulation } from "../site/simulation.ts";
import { createAutoScaling } from "./auto-scaling.ts";
import { createCloudWatch } from "./cloudwatch.ts";
import type { Operations } from "./operations.ts";
import { createWafv2 } from "./wafv2.ts";

/** The services of an AWS account that Spillway calls. */
export interface AwsAccount {
  readonly wafv2: Operations;
  readonly cloudWatch: Operations;
  readonly autoScaling: Operations;
}

/** Makes the account that the simulated site runs in: what is changed there changes the site. */
export function createAccount(options: {
  readonly simulation: Pick<Simulation, "shield" | "fleet" | "ledgers" | "playedMs">;
  readonly clock: Clock;
  readonly random: Random;
}): AwsAccount {
  const { simulation, clock, random } = options;
  return {
    wafv2: createWafv2({ shield: simulation.shield, samples: simulation.ledgers.web.samples, clock, random }),
    cloudWatch: createCloudWatch({ ledger: simulation.ledgers.web, playedMs: simulation.playedMs }),
    autoScaling: createAutoScaling({ fleet: simulation.fleet, clock }),
  };
}
