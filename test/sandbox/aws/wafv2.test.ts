import {
  CreateIPSetCommand,
  GetIPSetCommand,
  GetSampledRequestsCommand,
  GetWebACLCommand,
  ListIPSetsCommand,
  ListRuleGroupsCommand,
  ListWebACLsCommand,
  UpdateIPSetCommand,
  WAFV2Client,
} from "@aws-sdk/client-wafv2";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Arrival } from "../../../src/sandbox/site/arrival.ts";
import {
  CHALLENGED_IPV4_SET,
  IPV4_SET,
  IPV6_SET,
  LIMITED_IPV4_SET,
  RATE_LIMIT,
  WEB_ACL,
} from "../../../src/sandbox/site/estate.ts";
import { createRandom } from "../../../src/sandbox/site/random.ts";
import { answerFromCache, turnAway } from "../../../src/sandbox/site/respond.ts";
import { idleSite, OPEN_MS, type OpenAccount, openAccount } from "./open-account.ts";

const V4 = { Name: IPV4_SET.name, Id: IPV4_SET.id, Scope: "REGIONAL" } as const;
const V6 = { Name: IPV6_SET.name, Id: IPV6_SET.id, Scope: "REGIONAL" } as const;

let account: OpenAccount;
let waf: WAFV2Client;

beforeEach(async () => {
  account = await openAccount(idleSite());
  waf = new WAFV2Client(account.client);
});

afterEach(async () => {
  waf.destroy();
  await account.server.close();
});

async function update(set: { Name: string; Id: string; Scope: "REGIONAL" }, addresses: string[]): Promise<void> {
  const { LockToken } = await waf.send(new GetIPSetCommand(set));
  await waf.send(new UpdateIPSetCommand({ ...set, Addresses: addresses, LockToken }));
}

function arrivalOf(address: string, atMs: number): Arrival {
  const client = { address, userAgent: "test", protocol: "HTTP/1.1" } as const;
  return {
    atMs,
    client,
    method: "GET",
    host: "example.com",
    path: "/search?q=1",
    referer: null,
    kind: "page",
    status: 200,
    bodyBytes: 1,
  };
}

describe("the stand-in for AWS WAF", () => {
  it("lists the sets and the web ACL, whose first rules block who is in the first of them", async () => {
    const { IPSets } = await waf.send(new ListIPSetsCommand({ Scope: "REGIONAL" }));
    const { WebACLs } = await waf.send(new ListWebACLsCommand({ Scope: "REGIONAL" }));
    const { WebACL } = await waf.send(
      new GetWebACLCommand({ Name: WebACLs?.[0]?.Name, Id: WebACLs?.[0]?.Id, Scope: "REGIONAL" }),
    );

    const blocked = IPSets?.slice(0, 2);
    const blocking = WebACL?.Rules?.slice(0, 2);
    expect(blocked?.map((set) => set.Name)).toEqual([IPV4_SET.name, IPV6_SET.name]);
    const referred = blocking?.map((rule) => rule.Statement?.IPSetReferenceStatement?.ARN);
    expect(referred).toEqual(blocked?.map((set) => set.ARN));
    expect(blocking?.every((rule) => rule.Action?.Block !== undefined)).toBe(true);
  });

  it("limits by a rate-based rule that is scoped down to its sets, and challenges who is in others", async () => {
    const { IPSets = [] } = await waf.send(new ListIPSetsCommand({ Scope: "REGIONAL" }));
    const { WebACLs } = await waf.send(new ListWebACLsCommand({ Scope: "REGIONAL" }));
    const { WebACL } = await waf.send(
      new GetWebACLCommand({ Name: WebACLs?.[0]?.Name, Id: WebACLs?.[0]?.Id, Scope: "REGIONAL" }),
    );
    const arnOf = ({ id }: { readonly id: string }) => IPSets.find((set) => set.Id === id)?.ARN;

    const rate = WebACL?.Rules?.find((rule) => rule.Statement?.RateBasedStatement !== undefined);
    expect(rate?.Action).toEqual({ Block: {} });
    expect(rate?.Statement?.RateBasedStatement).toEqual({
      Limit: RATE_LIMIT.limit,
      EvaluationWindowSec: RATE_LIMIT.windowSecs,
      AggregateKeyType: "IP",
      ScopeDownStatement: { IPSetReferenceStatement: { ARN: arnOf(LIMITED_IPV4_SET) } },
    });
    const challenge = WebACL?.Rules?.find((rule) => rule.Action?.Challenge !== undefined);
    expect(challenge?.Statement?.IPSetReferenceStatement?.ARN).toBe(arnOf(CHALLENGED_IPV4_SET));
  });

  it("blocks nobody by the sets of a limit and of a challenge", async () => {
    for (const set of [LIMITED_IPV4_SET, CHALLENGED_IPV4_SET]) {
      await update({ Name: set.name, Id: set.id, Scope: "REGIONAL" }, ["198.51.100.14/32"]);
      account.clock.advance(2_000);
    }

    expect(account.world.shield.isBlocked("198.51.100.14", OPEN_MS + 10_000)).toBe(false);
  });

  it("keeps out what an update puts into a set, within three seconds, and lets it in again", async () => {
    await update(V4, ["198.51.100.0/24"]);
    expect(account.world.shield.isBlocked("198.51.100.14", OPEN_MS)).toBe(false);
    expect(account.world.shield.isBlocked("198.51.100.14", OPEN_MS + 3_000)).toBe(true);
    expect(account.world.shield.isBlocked("198.51.101.14", OPEN_MS + 3_000)).toBe(false);

    account.clock.advance(5_000);
    await update(V4, []);

    expect(account.world.shield.isBlocked("198.51.100.14", OPEN_MS + 8_000)).toBe(false);
  });

  it("gives IPv6 back written out in full", async () => {
    await update(V6, ["2001:db8::/32"]);

    const { IPSet } = await waf.send(new GetIPSetCommand(V6));

    expect(IPSet?.Addresses).toEqual(["2001:0db8:0000:0000:0000:0000:0000:0000/32"]);
    expect(account.world.shield.isBlocked("2001:db8::7", OPEN_MS + 3_000)).toBe(true);
  });

  it("refuses an update with the token of an older version", async () => {
    const { LockToken } = await waf.send(new GetIPSetCommand(V4));
    await update(V4, ["203.0.113.7/32"]);
    account.clock.advance(2_000);

    const late = waf.send(new UpdateIPSetCommand({ ...V4, Addresses: [], LockToken }));

    await expect(late).rejects.toMatchObject({ name: "WAFOptimisticLockException" });
  });

  it("takes one change a second", async () => {
    await update(V4, ["203.0.113.7/32"]);

    await expect(update(V4, [])).rejects.toMatchObject({ name: "ThrottlingException" });

    account.clock.advance(1_000);
    await expect(update(V4, [])).resolves.toBeUndefined();
  });

  it.each([
    ["a prefix of 0", "0.0.0.0/0"],
    ["no prefix", "203.0.113.7"],
    ["bits beyond the prefix", "203.0.113.7/24"],
    ["the other family", "2001:db8::/32"],
    ["no address", "example.com"],
  ])("refuses %s", async (_what, address) => {
    await expect(update(V4, [address])).rejects.toMatchObject({
      name: "WAFInvalidParameterException",
      Field: "IP_ADDRESS",
      Parameter: address,
    });
  });

  it("refuses more than 10,000 addresses", async () => {
    const addresses = Array.from({ length: 10_001 }, (_, index) => `10.1.${index >> 8}.${index & 255}/32`);

    await expect(update(V4, addresses)).rejects.toMatchObject({ name: "WAFLimitsExceededException" });
  });

  it("makes a set, and refuses a second one of its name", async () => {
    const wanted = { Name: "more", Scope: "REGIONAL", IPAddressVersion: "IPV4", Addresses: [] } as const;
    const { Summary } = await waf.send(new CreateIPSetCommand({ ...wanted, Addresses: [] }));
    account.clock.advance(1_000);

    const again = waf.send(new CreateIPSetCommand({ ...wanted, Addresses: [] }));

    expect(Summary?.Id).toMatch(/^[0-9a-f-]{36}$/);
    await expect(again).rejects.toMatchObject({ name: "WAFDuplicateItemException" });
  });

  it("samples what the site's firewall stopped, and by the web ACL's own metric what it let through", async () => {
    const random = createRandom(3);
    for (let index = 0; index < 1_000; index++) {
      account.world.ledgers.web.count(turnAway(arrivalOf("198.51.100.14", OPEN_MS + index), random));
    }
    account.world.ledgers.web.count(answerFromCache(arrivalOf("192.0.2.1", OPEN_MS + 10), null, random));
    const { WebACLs } = await waf.send(new ListWebACLsCommand({ Scope: "REGIONAL" }));
    const sampled = (RuleMetricName: string) =>
      waf.send(
        new GetSampledRequestsCommand({
          WebAclArn: WebACLs?.[0]?.ARN,
          RuleMetricName,
          Scope: "REGIONAL",
          TimeWindow: { StartTime: new Date(OPEN_MS), EndTime: new Date(OPEN_MS + 60_000) },
          MaxItems: 20,
        }),
      );

    const blocked = await sampled(`block-${IPV4_SET.name}`);
    const admitted = await sampled(WEB_ACL.name);

    expect(blocked.PopulationSize).toBeGreaterThan(900);
    expect(blocked.SampledRequests?.length).toBeLessThanOrEqual(20);
    expect(blocked.SampledRequests?.[0]).toMatchObject({
      Action: "BLOCK",
      Timestamp: new Date(OPEN_MS),
      Request: { ClientIP: "198.51.100.14", Method: "GET", URI: "/search" },
    });
    const stoodFor = blocked.SampledRequests?.reduce((sum, { Weight = 0 }) => sum + Weight, 0) ?? 0;
    expect(stoodFor / (blocked.PopulationSize ?? 1)).toBeCloseTo(1, 0);
    expect(admitted.SampledRequests).toMatchObject([{ Action: "ALLOW", Request: { ClientIP: "192.0.2.1" } }]);
    expect((await sampled(`block-${IPV6_SET.name}`)).SampledRequests).toEqual([]);
    await expect(sampled("nothing")).rejects.toMatchObject({ name: "WAFNonexistentItemException" });
  });

  it("knows nothing of another scope or another set", async () => {
    const elsewhere = waf.send(new GetIPSetCommand({ ...V4, Scope: "CLOUDFRONT" }));
    const unknown = waf.send(new GetIPSetCommand({ ...V4, Id: "nowhere" }));

    await expect(elsewhere).rejects.toMatchObject({ name: "WAFNonexistentItemException" });
    await expect(unknown).rejects.toMatchObject({ name: "WAFNonexistentItemException" });
  });

  it("says which operation it does not know", async () => {
    const unknown = waf.send(new ListRuleGroupsCommand({ Scope: "REGIONAL" }));

    await expect(unknown).rejects.toMatchObject({ name: "UnknownOperationException" });
  });
});
