import { CreateIPSetCommand, GetIPSetCommand, UpdateIPSetCommand, WAFV2Client } from "@aws-sdk/client-wafv2";
import { expect, it } from "@jest/globals";
import { createWafFirewall } from "../../src/firewall/wafv2.ts";
import { createWriteLane } from "../../src/firewall/write-lane.ts";
import { createLog } from "../../src/log.ts";
import { standBetween } from "../support/aws-between.ts";
import { describeWithMoto, type Moto } from "../support/moto.ts";

describeWithMoto("the IP sets of AWS WAF", (moto) => {
  it("come in both families, are filled, read and emptied, and keep what others put in", async () => {
    const { firewall } = await createSets(moto, { v4: ["192.0.2.1/32"], v6: [] });

    const blocked = await firewall.block(["198.51.100.7", "2001:db8::7"]);
    const listed = await firewall.list();
    const again = await firewall.block(["198.51.100.7"]);
    const lifted = await firewall.unblock(["198.51.100.7/32", "2001:0db8:0:0::7"]);

    expect(blocked.changed).toEqual(["198.51.100.7/32", "2001:db8::7/128"]);
    expect(listed).toEqual(["192.0.2.1/32", "198.51.100.7/32", "2001:db8::7/128"]);
    expect(again).toEqual({ changed: [], calls: [] });
    expect(lifted.changed).toEqual(["198.51.100.7/32", "2001:db8::7/128"]);
    expect(await firewall.list()).toEqual(["192.0.2.1/32"]);
  });

  it("lose nothing when somebody else writes between the read and the write", async () => {
    const { firewall, ids, client } = await createSets(
      moto,
      { v4: [], v6: [] },
      { beforeFirstWrite: addAsSomebodyElse },
    );
    async function addAsSomebodyElse() {
      const set = { Name: "blocked-v4", Id: ids.v4, Scope: "REGIONAL" } as const;
      const { LockToken } = await client.send(new GetIPSetCommand(set));
      await client.send(new UpdateIPSetCommand({ ...set, Addresses: ["192.0.2.9/32"], LockToken }));
    }

    const { calls } = await firewall.block(["198.51.100.7"]);

    expect(await firewall.list()).toEqual(["192.0.2.9/32", "198.51.100.7/32"]);
    expect(calls).toHaveLength(2);
  });

  it("keep every one of many changes made at once", async () => {
    const { firewall } = await createSets(moto, { v4: [], v6: [] });
    const addresses = Array.from({ length: 10 }, (_, index) => `198.51.100.${index}`);

    await Promise.all(addresses.map((address) => firewall.block([address])));

    expect(await firewall.list()).toEqual(addresses.map((address) => `${address}/32`));
  });

  it("hold once what was written though the answer never came over a connection that is half open", async () => {
    const { ids, client } = await createSets(moto, { v4: ["192.0.2.1/32"], v6: [] });
    let silent = 1;
    const between = await standBetween(moto.aws.endpoint ?? "", {
      after: async (operation) => {
        if (operation !== "UpdateIPSet" || silent === 0) return;
        silent -= 1;
        await new Promise(() => undefined);
      },
    });
    const firewall = createWafFirewall({
      config: configOf(ids),
      aws: { ...moto.aws, endpoint: between.url },
      log: createLog("silent"),
      lane: createWriteLane({ writeEveryMs: 0 }),
    });

    const { changed } = await firewall.block(["198.51.100.7"]);
    const { IPSet } = await client.send(new GetIPSetCommand({ Name: "blocked-v4", Id: ids.v4, Scope: "REGIONAL" }));
    await between.close();

    expect(changed).toEqual(["198.51.100.7/32"]);
    expect(IPSet?.Addresses).toEqual(["192.0.2.1/32", "198.51.100.7/32"]);
  }, 60_000);

  it("are told by name where they do not exist", async () => {
    const firewall = createWafFirewall({
      config: configOf({ v4: "no", v6: "no" }),
      aws: moto.aws,
      log: createLog("silent"),
    });

    await expect(firewall.list()).rejects.toMatchObject({
      code: "aws-not-found",
      retryable: false,
      message: expect.stringContaining("Could not read IP set blocked-v"),
    });
  });
});

async function createSets(
  moto: Moto,
  held: { v4: string[]; v6: string[] },
  { beforeFirstWrite }: { beforeFirstWrite?: () => Promise<void> } = {},
) {
  const client = new WAFV2Client({ ...moto.aws });
  const create = async (family: "v4" | "v6") => {
    const { Summary } = await client.send(
      new CreateIPSetCommand({
        Name: `blocked-${family}`,
        Scope: "REGIONAL",
        IPAddressVersion: family === "v4" ? "IPV4" : "IPV6",
        Addresses: held[family],
      }),
    );
    return Summary?.Id ?? "";
  };
  const ids = { v4: await create("v4"), v6: await create("v6") };
  const lane = createWriteLane({ writeEveryMs: 0 });
  let isFirst = true;
  const interrupted = {
    ...lane,
    async writeTurn(signal?: AbortSignal) {
      const hasWaited = await lane.writeTurn(signal);
      if (isFirst) await beforeFirstWrite?.();
      isFirst = false;
      return hasWaited;
    },
  };
  const firewall = createWafFirewall({
    config: configOf(ids),
    aws: moto.aws,
    log: createLog("silent"),
    lane: interrupted,
  });
  return { firewall, ids, client };
}

function configOf(ids: { v4: string; v6: string }) {
  return {
    kind: "wafv2",
    scope: "REGIONAL",
    ipv4Set: { name: "blocked-v4", id: ids.v4 },
    ipv6Set: { name: "blocked-v6", id: ids.v6 },
  } as const;
}
