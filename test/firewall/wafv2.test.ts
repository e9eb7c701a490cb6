import { getEventListeners } from "node:events";
import { GetIPSetCommand } from "@aws-sdk/client-wafv2";
import { describe, expect, it } from "@jest/globals";
import { UpstreamError } from "../../src/errors.ts";
import { createWafFirewall } from "../../src/firewall/wafv2.ts";
import { createWriteLane } from "../../src/firewall/write-lane.ts";
import { createLog } from "../../src/log.ts";
import { createFakeWaf } from "./fake-waf.ts";

const V6_IN_FULL = "2001:0db8:0000:0000:0000:0000:0000:0007/128";

function createFirewall(scope: "REGIONAL" | "CLOUDFRONT" = "REGIONAL") {
  const slept: number[] = [];
  let nowMs = 0;
  const lane = createWriteLane({
    writeEveryMs: 1_000,
    now: () => nowMs,
    sleep: async (durationMs, signal) => {
      signal?.throwIfAborted();
      slept.push(durationMs);
      nowMs += durationMs;
    },
  });
  const firewall = createWafFirewall({
    config: {
      kind: "wafv2",
      scope,
      ipv4Set: { name: "blocked-v4", id: "v4" },
      ipv6Set: { name: "blocked-v6", id: "v6" },
    },
    aws: { region: "eu-west-1" },
    log: createLog("silent"),
    lane,
    random: () => 0.5,
  });
  return { firewall, slept };
}

describe("blocking", () => {
  it("sorts addresses into the two sets, in CIDR notation", async () => {
    const waf = createFakeWaf({ v4: [], v6: [] });

    const change = await createFirewall().firewall.block(["198.51.100.7", "2001:DB8::7", "203.0.113.9/24"]);

    expect(waf.held("v4")).toEqual(["198.51.100.7/32", "203.0.113.0/24"]);
    expect(waf.held("v6")).toEqual(["2001:db8::7/128"]);
    expect(change.changed).toEqual(["198.51.100.7/32", "203.0.113.0/24", "2001:db8::7/128"]);
  });

  it("keeps what others put into the set, as they spelled it, and the set's description", async () => {
    const waf = createFakeWaf({ v4: [], v6: [V6_IN_FULL] });

    await createFirewall().firewall.block(["2001:db8::8"]);

    expect(waf.held("v6")).toEqual([V6_IN_FULL, "2001:db8::8/128"]);
    expect(waf.updates[0]?.description).toBe("ours");
  });

  it("writes nothing where all is blocked already, however it is spelled", async () => {
    const waf = createFakeWaf({ v4: ["198.51.100.7/32"], v6: [V6_IN_FULL] });

    const change = await createFirewall().firewall.block(["198.51.100.7", "2001:db8::7"]);

    expect(change).toEqual({ changed: [], calls: [] });
    expect(waf.updates).toEqual([]);
  });

  it("does not read the set of a family that nothing is asked of", async () => {
    const waf = createFakeWaf({ v4: [] });

    await createFirewall().firewall.block(["198.51.100.7"]);

    const read = waf.mock.commandCalls(GetIPSetCommand).map((call) => call.args[0].input.Id);
    expect(new Set(read)).toEqual(new Set(["v4"]));
  });

  it("says in a dry run exactly what it would then do, and does nothing", async () => {
    const waf = createFakeWaf({ v4: ["192.0.2.1/32"], v6: [] });
    const { firewall } = createFirewall();

    const preview = await firewall.block(["198.51.100.7", "2001:db8::7"], { dryRun: true });

    expect(waf.updates).toEqual([]);
    expect(preview.calls).toEqual([
      "wafv2:UpdateIPSet blocked-v4 (REGIONAL, eu-west-1): add 198.51.100.7/32; 2 in it then",
      "wafv2:UpdateIPSet blocked-v6 (REGIONAL, eu-west-1): add 2001:db8::7/128; 1 in it then",
    ]);
    expect(await firewall.block(["198.51.100.7", "2001:db8::7"])).toEqual(preview);
  });

  it("reaches what protects CloudFront in us-east-1", async () => {
    const waf = createFakeWaf({ v4: [], v6: [] });

    await createFirewall("CLOUDFRONT").firewall.list();

    expect([...waf.callers]).toEqual(["CLOUDFRONT us-east-1"]);
  });

  it.each([
    ["no address", "ten.ten"],
    ["everybody", "0.0.0.0/0"],
  ])("refuses %s before anything is read", async (_, address) => {
    const waf = createFakeWaf({ v4: [], v6: [] });

    const blocked = createFirewall().firewall.block(["198.51.100.7", address]);

    await expect(blocked).rejects.toMatchObject({ name: "UserError", code: "firewall-address-invalid" });
    expect(waf.callers.size).toBe(0);
  });

  it("refuses what does not fit before the first set is written", async () => {
    const full = Array.from({ length: 9_999 }, (_, index) => `2001:db8:${index.toString(16)}::/48`);
    const waf = createFakeWaf({ v4: [], v6: full });

    const blocked = createFirewall().firewall.block(["198.51.100.7", "2001:db9::1", "2001:db9::2"]);

    await expect(blocked).rejects.toMatchObject({
      name: "UserError",
      code: "firewall-full",
      message: expect.stringContaining(
        "blocked-v6 holds 9,999 of the 10,000 networks that AWS allows, so of 2 more only 1 would fit",
      ),
    });
    expect(waf.updates).toEqual([]);
  });

  it("says which networks to block whole where a set is full, those that make most room first", async () => {
    const crowd = (start: string, count: number) => Array.from({ length: count }, (_, i) => `${start}.${i}/32`);
    const rest = Array.from({ length: 9_700 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`);
    createFakeWaf({ v4: [...crowd("203.0.113", 90), ...crowd("198.51.100", 210), ...rest] });

    const blocked = createFirewall().firewall.block(["192.0.2.7"]);

    await expect(blocked).rejects.toThrow(
      "Most room is made by blocking whole: 198.51.100.0/24 in place of 210, then 203.0.113.0/24 in place of 90.",
    );
  });

  it("takes exactly ten thousand", async () => {
    const waf = createFakeWaf({
      v4: Array.from({ length: 9_999 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`),
    });

    await createFirewall().firewall.block(["198.51.100.7"]);

    expect(waf.held("v4")).toHaveLength(10_000);
  });
});

describe("unblocking", () => {
  it("takes out what it is told, whatever its spelling, and leaves the rest", async () => {
    const waf = createFakeWaf({ v4: ["192.0.2.1/32", "198.51.100.7/32"], v6: [V6_IN_FULL] });

    const change = await createFirewall().firewall.unblock(["198.51.100.7", "2001:db8::7", "203.0.113.1"]);

    expect(waf.held("v4")).toEqual(["192.0.2.1/32"]);
    expect(waf.held("v6")).toEqual([]);
    expect(change.changed).toEqual(["198.51.100.7/32", "2001:db8::7/128"]);
  });

  it("can always take out, even from a set that is over full", async () => {
    const waf = createFakeWaf({
      v4: Array.from({ length: 10_002 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`),
    });

    await createFirewall().firewall.unblock(["10.0.0.0/24"]);

    expect(waf.held("v4")).toHaveLength(10_001);
  });
});

describe("listing", () => {
  it("gives every address of both sets in one spelling and order", async () => {
    createFakeWaf({ v4: ["203.0.113.0/24", "192.0.2.1/32"], v6: [V6_IN_FULL] });

    expect(await createFirewall().firewall.list()).toEqual(["192.0.2.1/32", "203.0.113.0/24", "2001:db8::7/128"]);
  });

  it("refuses a set that holds the other family", async () => {
    createFakeWaf({ v4: [] })
      .mock.on(GetIPSetCommand)
      .resolves({
        IPSet: { Name: "x", Id: "v4", ARN: "arn", IPAddressVersion: "IPV6", Addresses: [] },
      });

    await expect(createFirewall().firewall.list()).rejects.toMatchObject({ code: "firewall-set-family" });
  });
});

describe("others writing to the same set", () => {
  it("loses nothing that somebody else wrote between its read and its write", async () => {
    const waf = createFakeWaf({ v4: ["192.0.2.1/32"] });
    waf.beforeUpdate = ({ id, count }) => {
      if (count === 1) waf.write(id, ["192.0.2.1/32", "192.0.2.2/32"]);
    };

    const change = await createFirewall().firewall.block(["198.51.100.7"]);

    expect(waf.held("v4")).toEqual(["192.0.2.1/32", "192.0.2.2/32", "198.51.100.7/32"]);
    expect(change.changed).toEqual(["198.51.100.7/32"]);
    expect(change.calls).toEqual([
      "wafv2:UpdateIPSet blocked-v4 (REGIONAL, eu-west-1): add 198.51.100.7/32; 2 in it then; refused, as somebody else changed it meanwhile",
      "wafv2:UpdateIPSet blocked-v4 (REGIONAL, eu-west-1): add 198.51.100.7/32; 3 in it then",
    ]);
  });

  it("never sends a list with a token that is newer than the list", async () => {
    const waf = createFakeWaf({ v4: [] });
    waf.beforeUpdate = ({ id, count }) => {
      if (count <= 3) waf.write(id, [...waf.held(id), `192.0.2.${count}/32`]);
    };

    await createFirewall().firewall.block(["198.51.100.7"]);

    for (const { addresses, token } of waf.updates) {
      expect(addresses).toEqual([...(waf.listAt(token) ?? []), "198.51.100.7/32"]);
    }
    expect(waf.held("v4")).toEqual(["192.0.2.1/32", "192.0.2.2/32", "192.0.2.3/32", "198.51.100.7/32"]);
  });

  it("gets through ten lock conflicts in a row, waiting longer after each", async () => {
    const waf = createFakeWaf({ v4: [] });
    waf.beforeUpdate = ({ id, count }) => {
      if (count <= 10) waf.write(id, [...waf.held(id), `192.0.2.${count}/32`]);
    };
    const { firewall, slept } = createFirewall();

    await firewall.block(["198.51.100.7"]);

    expect(waf.held("v4")).toHaveLength(11);
    expect(slept.filter((ms) => ms <= 1_500 && ms !== 1_000).slice(0, 2)).toEqual([100, 900]);
  });

  it("says that it could not, where conflicts do not end: a removal is never dropped in silence", async () => {
    const waf = createFakeWaf({ v4: ["198.51.100.7/32"] });
    waf.beforeUpdate = ({ id }) => waf.write(id, waf.held(id));

    const lifted = createFirewall().firewall.unblock(["198.51.100.7"]);

    await expect(lifted).rejects.toMatchObject({
      name: "UpstreamError",
      code: "firewall-contended",
      retryable: true,
      retryAfterSecs: 30,
    });
    expect(waf.updates).toHaveLength(12);
  });

  it("looks again after writing, and puts back what was overwritten at once", async () => {
    const waf = createFakeWaf({ v4: [] });
    const { firewall } = createFirewall();
    let reads = 0;
    waf.mock.on(GetIPSetCommand).callsFake(async () => {
      reads += 1;
      if (reads === 2) waf.write("v4", ["192.0.2.1/32"]);
      const IPSet = { Name: "x", Id: "v4", ARN: "arn", IPAddressVersion: "IPV4", Addresses: [...waf.held("v4")] };
      return { IPSet, LockToken: waf.token("v4") };
    });

    await firewall.block(["198.51.100.7"]);

    expect(waf.held("v4")).toEqual(["192.0.2.1/32", "198.51.100.7/32"]);
    expect(waf.updates).toHaveLength(2);
  });
});

describe("the pace", () => {
  it("writes once a second, whoever asks, and joins what waits for the same turn", async () => {
    const waf = createFakeWaf({ v4: [], v6: [] });
    const { firewall, slept } = createFirewall();

    await Promise.all([
      firewall.block(["198.51.100.7", "2001:db8::7"]),
      firewall.block(["198.51.100.8"]),
      firewall.unblock(["198.51.100.7"]),
    ]);

    expect(slept).toEqual([1_000, 1_000]);
    expect(waf.updates).toHaveLength(3);
    expect(waf.held("v4")).toEqual(["198.51.100.8/32"]);
  });

  it("takes one write for a hundred blocks at once, and tells each what it changed", async () => {
    const waf = createFakeWaf({ v4: ["198.51.100.3/32"], v6: [] });
    const { firewall } = createFirewall();

    const changes = await Promise.all(
      Array.from({ length: 100 }, (_, index) => firewall.block([`198.51.100.${index}`])),
    );

    expect(waf.updates).toHaveLength(1);
    expect(waf.held("v4")).toHaveLength(100);
    expect(changes[3]).toEqual({ changed: [], calls: [] });
    expect(changes[7]?.changed).toEqual(["198.51.100.7/32"]);
  });

  it("lets those pass that fit, where all together do not", async () => {
    const waf = createFakeWaf({
      v4: Array.from({ length: 9_998 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`),
    });
    const { firewall } = createFirewall();

    const [small, large] = await Promise.allSettled([
      firewall.block(["198.51.100.1"]),
      firewall.block(["198.51.100.2", "198.51.100.3", "198.51.100.4"]),
    ]);

    expect(small.status).toBe("fulfilled");
    expect(large).toMatchObject({ status: "rejected", reason: { code: "firewall-full" } });
    expect(waf.held("v4")).toHaveLength(9_999);
  });

  it("goes on for the others where one gives up", async () => {
    const waf = createFakeWaf({ v4: [] });
    const stop = new AbortController();
    const { firewall } = createFirewall();
    waf.beforeUpdate = () => stop.abort(new Error("shutting down"));

    const [gone, stayed] = await Promise.allSettled([
      firewall.block(["198.51.100.7"], { signal: stop.signal }),
      firewall.block(["198.51.100.8"]),
    ]);

    expect([gone.status, stayed.status]).toEqual(["rejected", "fulfilled"]);
    expect(waf.held("v4")).toContain("198.51.100.8/32");
  });

  it("reads again after it waited, since others had their turns meanwhile", async () => {
    const waf = createFakeWaf({ v4: [] });
    const lane = createWriteLane({
      writeEveryMs: 1_000,
      reserve: async () => 5_000,
      sleep: async () => waf.write("v4", ["192.0.2.1/32"]),
    });
    const firewall = createWafFirewall({
      config: {
        kind: "wafv2",
        scope: "REGIONAL",
        ipv4Set: { name: "blocked-v4", id: "v4" },
        ipv6Set: { name: "blocked-v6", id: "v6" },
      },
      aws: { region: "eu-west-1" },
      log: createLog("silent"),
      lane,
    });

    await firewall.block(["198.51.100.7"]);

    expect(waf.held("v4")).toEqual(["192.0.2.1/32", "198.51.100.7/32"]);
    expect(waf.updates).toHaveLength(1);
  });

  it("does not wait for hours when the clock is put back", async () => {
    let nowMs = 3_600_000;
    const slept: number[] = [];
    const lane = createWriteLane({
      writeEveryMs: 1_000,
      now: () => nowMs,
      sleep: async (durationMs) => void slept.push(durationMs),
    });
    await lane.writeTurn();
    nowMs = 0;

    await lane.writeTurn();

    expect(slept).toEqual([]);
  });

  it("stops waiting when it is told to", async () => {
    const waf = createFakeWaf({ v4: [] });
    const stop = new AbortController();
    const { firewall } = createFirewall();
    waf.beforeUpdate = ({ id }) => {
      stop.abort(new Error("shutting down"));
      waf.write(id, waf.held(id));
    };

    const [first, second] = await Promise.allSettled([
      firewall.block(["198.51.100.7"], { signal: stop.signal }),
      firewall.block(["198.51.100.8"], { signal: stop.signal }),
    ]);

    expect([first.status, second.status]).toEqual(["rejected", "rejected"]);
    expect(waf.updates).toHaveLength(1);
  });

  it("leaves nothing at a signal when all is done, however many used it", async () => {
    createFakeWaf({ v4: [], v6: [] });
    const { signal } = new AbortController();
    const { firewall } = createFirewall();

    await Promise.all([1, 2, 3].map((host) => firewall.block([`198.51.100.${host}`], { signal })));
    await firewall.list(signal);

    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it("lets the next one through after one that failed", async () => {
    const waf = createFakeWaf({ v4: ["198.51.100.8/32"] });
    const { firewall } = createFirewall();
    waf.beforeUpdate = ({ count }) => {
      if (count === 1) throw awsError("WAFInternalErrorException", 500);
    };

    const [failed, passed] = await Promise.allSettled([
      firewall.block(["198.51.100.7"]),
      firewall.unblock(["198.51.100.8"]),
    ]);

    expect(failed).toMatchObject({ status: "rejected", reason: { code: "aws-down", retryable: true } });
    expect(passed.status).toBe("fulfilled");
  });
});

describe("failures of AWS", () => {
  it("tells a denied call with the permission that is missing", async () => {
    createFakeWaf({}).mock.on(GetIPSetCommand).rejects(awsError("AccessDeniedException", 400));

    const failure = await createFirewall()
      .firewall.list()
      .catch((error) => error);

    expect(failure).toBeInstanceOf(UpstreamError);
    expect(failure).toMatchObject({
      code: "aws-access-denied",
      retryable: false,
      message: expect.stringContaining("Allow wafv2:GetIPSet"),
    });
  });
});

function awsError(name: string, status: number): Error {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });
}
