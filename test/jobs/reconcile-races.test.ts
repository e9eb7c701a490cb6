import { getEventListeners } from "node:events";
import { WAFV2Client } from "@aws-sdk/client-wafv2";
import { expect, it } from "@jest/globals";
import { sweep } from "../../jobs/sweep.ts";
import { createWafFirewall } from "../../src/firewall/wafv2.ts";
import { createWriteLane } from "../../src/firewall/write-lane.ts";
import { createLog } from "../../src/log.ts";
import { createFakeWaf } from "../firewall/fake-waf.ts";
import { blockOf } from "../support/changes.ts";
import { letBotsRun, ownAddress, writeAsForeigner } from "../support/crowd-of-bots.ts";
import { applied, attempt, jobContext, withWeb } from "../support/job-context.ts";

const BOTS = 20;
const FOREIGN = Array.from({ length: 40 }, (_, n) => `192.0.2.${n}/32`);

it("twenty bots that block, lift and reconcile, and a stranger, on one set: nothing is lost on either side", async () => {
  const waf = createFakeWaf({ v4: [], v6: [] });
  const world = jobContext();
  const firewalls = Array.from({ length: BOTS }, () =>
    createWafFirewall({
      config: { kind: "wafv2", scope: "REGIONAL", ipv4Set: { name: "a", id: "v4" }, ipv6Set: { name: "b", id: "v6" } },
      aws: { region: "eu-west-1" },
      log: createLog("silent"),
      // Each a process of its own, and none waits for another: as many conflicts as can be.
      lane: createWriteLane({ writeEveryMs: 0, sleep: async () => undefined }),
    }),
  );
  const set = { Name: "a", Id: "v4", Scope: "REGIONAL" } as const;

  const [ours, stranger] = await Promise.all([
    letBotsRun(world, firewalls),
    writeAsForeigner(new WAFV2Client({ region: "eu-west-1" }), set, FOREIGN, ownAddress(3, 0)),
  ]);

  expect([...waf.held("v4")].sort()).toEqual([...ours, ...FOREIGN].sort());
  expect((await world.store.blocks({ state: ["active"] })).map(({ address }) => address).sort()).toEqual(
    [...ours].sort(),
  );
  expect(waf.updates.length).toBeGreaterThan(BOTS * 3);
  expect(stranger.conflicts).toBeGreaterThanOrEqual(0);
  for (const { addresses, token } of waf.updates)
    expect(changesOf(addresses, waf.listAt(token) ?? [])).toBeGreaterThan(0);
}, 60_000);

it("a hundred blocks that end together share a few writes: none waits for a hundred seconds", async () => {
  const waf = createFakeWaf({ v4: [], v6: [] });
  const firewall = createWafFirewall({
    config: { kind: "wafv2", scope: "REGIONAL", ipv4Set: { name: "a", id: "v4" }, ipv6Set: { name: "b", id: "v6" } },
    aws: { region: "eu-west-1" },
    log: createLog("silent"),
    lane: createWriteLane({ writeEveryMs: 0 }),
  });
  const world = withWeb(jobContext(), { firewall });
  for (let n = 0; n < 100; n += 1) await applied(world, { id: `p${n}`, change: blockOf([`198.51.100.${n}/32`]) });
  const before = waf.updates.length;
  world.clock.advance(3 * 3_600_000);

  const run = attempt<"sweep">({});
  await sweep(run, world);

  expect(waf.held("v4")).toEqual([]);
  expect(getEventListeners(run.signal, "abort")).toEqual([]);
  expect(waf.updates.length - before).toBeLessThanOrEqual(10);
});

/** How many entries differ from what the token stands for: never all of them, which would be a list of one's own. */
function changesOf(written: readonly string[], read: readonly string[]): number {
  const [after, before] = [new Set(written), new Set(read)];
  return written.filter((each) => !before.has(each)).length + read.filter((each) => !after.has(each)).length;
}
