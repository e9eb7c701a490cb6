/** Everything that is done to AWS, with everything that can go wrong: what people see, what is kept, and how it comes right. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { ACTIONS, type Action } from "./fault-actions.ts";
import { FAULTS, type Fault, strangers, type Target } from "./fault-catalogue.ts";
import { type FaultWorld, openFaultWorld } from "./fault-world.ts";
import { startTestPostgres, type TestPostgres } from "./postgres.ts";

const TWO_HOURS_MS = 7_200_000;

/** One world for every action on a target with every fault. */
export function describeFaults(target: Target): void {
  let postgres: TestPostgres;
  let world: FaultWorld;
  let rows = 0;

  beforeAll(async () => {
    postgres = await startTestPostgres();
    world = await openFaultWorld({ databaseUrl: await postgres.freshDatabase() });
    await world.firewall.block([strangers(0)]);
  }, 60_000);
  afterAll(async () => {
    await world?.close();
    await postgres?.stop();
  }, 30_000);

  /** Whatever became of it, nothing of ours outlives its time, and nothing of a stranger's goes with it. */
  afterEach(async () => {
    await end();
    world.clock.step(TWO_HOURS_MS);
    for (let sweeps = 0; sweeps < 3 && (await world.run("sweep")) !== null; sweeps += 1);
    const left = await world.firewall.list();
    expect(left.filter((entry) => !entry.startsWith("192.0.2."))).toEqual([]);
    expect(left).toContain(strangers(0));
    expect(await world.group.read()).toMatchObject({ min: 2, desired: 2 });
  });

  async function end(): Promise<void> {
    world.breakAws(null);
    await world.aws.restore();
  }

  describe.each(FAULTS.map((fault) => [fault.name, fault] as const))("%s", (_, fault) => {
    const met = ACTIONS.filter((action) => action.target === target && isMet(fault, action));
    if (met.length === 0) return;

    it.each(met.map((action) => [action.name, action] as const))(
      fault.says === null ? "%s: is done all the same" : "%s: people are told why not, and it comes right",
      async (_name, action) => {
        rows += 1;
        const scene = await action.arrange(world, rows);
        await fault.begin(world, action.target);
        await action.act(world, scene);
        if (fault.says === null) return action.isDone(world, scene);
        await action.isTold(world, scene, fault.says);
        await end();
        await action.isDone(world, await action.comeRight(world, scene));
      },
      40_000,
    );
  });
}

/** Where a fault is of the calls that write, what only reads does not meet it. */
function isMet({ hits, only }: Fault, { target, writes }: Action): boolean {
  return (only === undefined || only === target) && (writes || hits === "reads");
}
