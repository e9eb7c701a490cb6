import {
  CreateIPSetCommand,
  CreateWebACLCommand,
  GetIPSetCommand,
  UpdateIPSetCommand,
  WAFV2Client,
} from "@aws-sdk/client-wafv2";
import { expect, it } from "@jest/globals";
import { reconcile } from "../../jobs/reconcile.ts";
import { createWafFirewall } from "../../src/firewall/wafv2.ts";
import { createWriteLane } from "../../src/firewall/write-lane.ts";
import { createLog } from "../../src/log.ts";
import { buildBlock, buildProposal } from "../support/build-proposal.ts";
import { letBotsRun, ownAddress, writeAsForeigner } from "../support/crowd-of-bots.ts";
import { attempt, jobContext, withWeb } from "../support/job-context.ts";
import { describeWithMoto, type Moto } from "../support/moto.ts";

const FOREIGN = Array.from({ length: 25 }, (_, n) => `192.0.2.${n}/32`);
/** How often all together may write; AWS's second would make this a test of minutes. */
const TURN_MS = 20;

describeWithMoto("the sets of AWS WAF", (moto) => {
  it("keep what twenty bots and a stranger put in, and lose what they took out", async () => {
    const { client, ids, firewall } = await createSets(moto);
    const world = jobContext();
    const firewalls = Array.from({ length: 20 }, () => firewall((everyMs) => world.store.reserveTurn("waf", everyMs)));
    const set = { Name: "a", Id: ids.v4, Scope: "REGIONAL" } as const;

    const [ours, stranger] = await Promise.all([
      letBotsRun(world, firewalls),
      writeAsForeigner(client, set, FOREIGN, ownAddress(3, 0)),
    ]);

    const held = (await client.send(new GetIPSetCommand(set))).IPSet?.Addresses ?? [];
    expect([...held].sort()).toEqual([...ours, ...FOREIGN].sort());
    process.stdout.write(`20 bots, 1 stranger: the stranger met ${stranger.conflicts} conflicts\n`);
  }, 180_000);

  it("hold ten thousand addresses within five seconds", async () => {
    const { client, ids, firewall } = await createSets(moto);
    const world = withWeb(jobContext(), { firewall: firewall() });
    const addresses = Array.from({ length: 10_000 }, (_, n) => `45.${n >> 8}.${n & 255}.7/32`);
    await world.store.createProposal(buildProposal({ id: "p", incidentId: null }));
    await world.store.addBlocks(
      addresses.map((address, n) => buildBlock({ id: `b${n}`, proposalId: "p", address, incidentId: null })),
    );
    const move = { from: "pending", to: "active", by: null, atMs: 0 } as const;
    await world.store.moveBlocks({ ids: addresses.map((_, n) => `b${n}`), ...move });
    const set = { Name: "a", Id: ids.v4, Scope: "REGIONAL" } as const;

    const tooks: number[] = [];
    for (const lost of [10_000, 1, 0]) {
      const { LockToken } = await client.send(new GetIPSetCommand(set));
      const Addresses = addresses.slice(lost);
      await client.send(new UpdateIPSetCommand({ ...set, Addresses, LockToken }));
      const startedMs = performance.now();
      await reconcile(attempt<"reconcile">({}), world);
      tooks.push(Math.round(performance.now() - startedMs));
      const { IPSet } = await client.send(new GetIPSetCommand(set));
      expect(IPSet?.Addresses).toHaveLength(10_000);
    }

    process.stdout.write(`10,000 addresses: all missing ${tooks[0]} ms, one ${tooks[1]} ms, none ${tooks[2]} ms\n`);
    expect(Math.max(...tooks)).toBeLessThan(5_000);
  }, 120_000);

  it("are known to be weak until a rule blocks who is in them", async () => {
    const { client, ids, arns, firewall } = await createSets(moto);
    const before = await firewall().weaknesses();
    const VisibilityConfig = { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: "m" };
    await client.send(
      new CreateWebACLCommand({
        Name: "web",
        Scope: "REGIONAL",
        DefaultAction: { Allow: {} },
        VisibilityConfig,
        Rules: (["v4", "v6"] as const).map((family, n) => ({
          Name: `block-${family}`,
          Priority: n,
          Action: family === "v4" ? { Block: {} } : { Count: {} },
          Statement: { IPSetReferenceStatement: { ARN: arns[family] } },
          VisibilityConfig,
        })),
      }),
    );

    expect(before).toHaveLength(2);
    expect(await firewall().weaknesses()).toEqual([
      "Rule block-v6 of web ACL web does not block who is in IP set b: its action is Count.",
      // Moto does not know what a web ACL is attached to.
      expect.stringMatching(/^What Web ACL web is attached to is not known\. /),
    ]);
    expect(ids.v4).not.toBe(ids.v6);
  });
});

async function createSets(moto: Moto) {
  const client = new WAFV2Client({ ...moto.aws });
  const create = async (Name: string, IPAddressVersion: "IPV4" | "IPV6") =>
    (await client.send(new CreateIPSetCommand({ Name, Scope: "REGIONAL", IPAddressVersion, Addresses: [] }))).Summary;
  const [v4, v6] = [await create("a", "IPV4"), await create("b", "IPV6")];
  const ids = { v4: v4?.Id ?? "", v6: v6?.Id ?? "" };
  const arns = { v4: v4?.ARN ?? "", v6: v6?.ARN ?? "" };
  /** As if of a process of its own. */
  const firewall = (reserve?: (everyMs: number) => Promise<number>) =>
    createWafFirewall({
      config: {
        kind: "wafv2",
        scope: "REGIONAL",
        ipv4Set: { name: "a", id: ids.v4 },
        ipv6Set: { name: "b", id: ids.v6 },
      },
      aws: moto.aws,
      log: createLog("silent"),
      lane: createWriteLane({ writeEveryMs: TURN_MS, ...(reserve && { reserve }) }),
    });
  return { client, ids, arns, firewall };
}
