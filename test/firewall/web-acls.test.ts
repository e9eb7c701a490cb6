import { CloudFrontClient, ListDistributionsByWebACLIdCommand } from "@aws-sdk/client-cloudfront";
import {
  GetIPSetCommand,
  GetRuleGroupCommand,
  GetWebACLCommand,
  ListIPSetsCommand,
  ListWebACLsCommand,
  WAFV2Client,
} from "@aws-sdk/client-wafv2";
import { expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { createWafFirewall } from "../../src/firewall/wafv2.ts";
import { createLog } from "../../src/log.ts";

function firewall() {
  return createWafFirewall({
    config: { kind: "wafv2", scope: "CLOUDFRONT", ipv4Set: { name: "a", id: "v4" }, ipv6Set: { name: "b", id: "v6" } },
    aws: { region: "eu-west-1" },
    log: createLog("silent"),
  });
}

it("finds what is on the last of many pages, in a rule group of the account", async () => {
  const mock = mockClient(WAFV2Client);
  const page = <Item>(pages: readonly Item[][], marker: string | undefined, key: string) => {
    const at = Number(marker ?? 0);
    return { [key]: pages[at] ?? [], NextMarker: at < pages.length ? String(at + 1) : undefined };
  };
  const others = Array.from({ length: 100 }, (_, n) => ({ Id: `x${n}`, Name: `x${n}`, ARN: `arn:x${n}` }));
  const own = ["v4", "v6"].map((id) => ({ Id: id, Name: id, ARN: `arn:${id}` }));
  const acls = (count: number, from: number) =>
    Array.from({ length: count }, (_, n) => ({ Id: `acl${from + n}`, Name: `acl${from + n}` }));
  const regions = new Set<string>();
  mock.on(ListIPSetsCommand).callsFake(async ({ NextMarker, Scope }, getClient) => {
    regions.add(`${Scope} ${await getClient().config.region()}`);
    return page([others, others, own], NextMarker, "IPSets");
  });
  mock.on(ListWebACLsCommand).callsFake(({ NextMarker }) => page([acls(3, 0), acls(2, 3)], NextMarker, "WebACLs"));
  mock.on(GetWebACLCommand).callsFake(({ Name }) => ({
    WebACL: {
      Name,
      Rules:
        Name === "acl4"
          ? [{ Name: "ours", Priority: 0, Statement: { RuleGroupReferenceStatement: { ARN: "arn:group" } } }]
          : [],
    },
  }));
  mock.on(GetRuleGroupCommand).callsFake(({ ARN }) => ({
    RuleGroup: {
      Name: ARN,
      Rules: own.map((set) => ({
        Name: `block ${set.Id}`,
        Action: { Block: {} },
        Statement: { IPSetReferenceStatement: { ARN: set.ARN } },
      })),
    },
  }));

  mockClient(CloudFrontClient)
    .on(ListDistributionsByWebACLIdCommand)
    .callsFake(async (_, getClient) => {
      regions.add(`CLOUDFRONT ${await getClient().config.region()}`);
      return { DistributionList: { Items: [{ Id: "E2EXAMPLE1ABCD", Enabled: true }] } };
    });

  expect(await firewall().weaknesses()).toEqual([]);
  expect([...regions]).toEqual(["CLOUDFRONT us-east-1"]);
  expect(mock.commandCalls(ListIPSetsCommand).length).toBeGreaterThanOrEqual(3);
  expect(mock.commandCalls(GetIPSetCommand)).toHaveLength(0);
});

it("tells which permission is missing to look", async () => {
  const mock = mockClient(WAFV2Client);
  const denied = Object.assign(new Error("no"), { name: "AccessDeniedException", $metadata: { httpStatusCode: 400 } });
  mock.on(ListIPSetsCommand).rejects(denied);

  await expect(firewall().weaknesses()).rejects.toThrow("Allow wafv2:ListIPSets");
});
