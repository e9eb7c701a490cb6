import { CreateIPSetCommand, CreateWebACLCommand, type Rule, type Statement, WAFV2Client } from "@aws-sdk/client-wafv2";
import { expect, it } from "@jest/globals";
import { readEnvironment } from "../../src/config/environment.ts";
import { parseConfig } from "../../src/config.ts";
import { createLog } from "../../src/log.ts";
import type { Firewall } from "../../src/ports/firewall.ts";
import { createServices } from "../../src/service-adapters.ts";
import { describeWithMoto, type Moto } from "../support/moto.ts";

const VisibilityConfig = { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: "m" };
const MEASURES = ["blocked", "limited", "challenged"] as const;
type Sets = Readonly<Record<(typeof MEASURES)[number], { readonly v4: Created; readonly v6: Created }>>;
interface Created {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
}

describeWithMoto("the sets of all measures in one account", (moto) => {
  it("are filled and emptied by one service each without touching the others", async () => {
    const { block, limit, challenge } = await prepare(moto, "Challenge");

    await Promise.all([
      block.block(["198.51.100.1", "2001:db8::1"]),
      limit.block(["198.51.100.2", "198.51.100.1"]),
      challenge.block(["198.51.100.3"]),
    ]);
    const { calls } = await limit.unblock(["198.51.100.1"]);

    expect(await block.list()).toEqual(["198.51.100.1/32", "2001:db8::1/128"]);
    expect(await limit.list()).toEqual(["198.51.100.2/32"]);
    expect(await challenge.list()).toEqual(["198.51.100.3/32"]);
    expect(calls).toEqual([
      expect.stringMatching(/^wafv2:UpdateIPSet limited-v4 .* remove 198\.51\.100\.1\/32; 1 in it/),
    ]);
  }, 60_000);

  it("preview the very call that would be made, and make none", async () => {
    const { limit } = await prepare(moto, "Challenge");

    const { calls } = await limit.block(["198.51.100.2"], { dryRun: true });

    expect(calls).toEqual(["wafv2:UpdateIPSet limited-v4 (REGIONAL, eu-west-1): add 198.51.100.2/32; 1 in it then"]);
    expect(await limit.list()).toEqual([]);
  });

  it("are without weakness behind the rules that are prepared, and tell of one that only counts", async () => {
    const sound = await prepare(moto, "Challenge");
    expect(await weaknessesOf(sound.block)).toEqual([]);
    expect(await weaknessesOf(sound.limit)).toEqual([]);
    expect(await weaknessesOf(sound.challenge)).toEqual([]);

    await fetch(`${moto.aws.endpoint}/moto-api/reset`, { method: "POST" });
    const counting = await prepare(moto, "Count");

    expect(await weaknessesOf(counting.block)).toEqual([]);
    expect((await weaknessesOf(counting.challenge))[0]).toBe(
      "Rule challenged-v4 of web ACL web does not challenge who is in IP set challenged-v4: its action is Count.",
    );
  });
});

/** Moto does not know what a web ACL is attached to. */
async function weaknessesOf(firewall: Firewall): Promise<readonly string[]> {
  const found = (await firewall.weaknesses?.()) ?? [];
  return found.filter((sentence) => !sentence.startsWith("What Web ACL web is attached to is not known."));
}

/** Sets, a web ACL with a rule for each, and the adapters of a service that has them. */
async function prepare(moto: Moto, action: "Challenge" | "Count") {
  const client = new WAFV2Client({ ...moto.aws });
  const sets = Object.fromEntries(
    await Promise.all(
      MEASURES.map(async (name) => {
        const [v4, v6] = await Promise.all([create(client, name, "v4"), create(client, name, "v6")]);
        return [name, { v4, v6 }] as const;
      }),
    ),
  ) as Sets;
  const families = (name: keyof Sets) => [sets[name].v4, sets[name].v6];
  const isIn = ({ arn }: Created): Statement => ({ IPSetReferenceStatement: { ARN: arn } });
  const rate = (set: Created): Statement => ({
    RateBasedStatement: { Limit: 300, EvaluationWindowSec: 300, AggregateKeyType: "IP", ScopeDownStatement: isIn(set) },
  });
  const rules: Omit<Rule, "Priority" | "VisibilityConfig">[] = [
    ...families("blocked").map((set) => ({ Name: set.name, Statement: isIn(set), Action: { Block: {} } })),
    ...families("limited").map((set) => ({ Name: set.name, Statement: rate(set), Action: { Block: {} } })),
    ...families("challenged").map((set) => ({ Name: set.name, Statement: isIn(set), Action: { [action]: {} } })),
  ];
  await client.send(
    new CreateWebACLCommand({
      Name: "web",
      Scope: "REGIONAL",
      DefaultAction: { Allow: {} },
      VisibilityConfig,
      Rules: rules.map((rule, Priority) => ({ ...rule, Priority, VisibilityConfig })),
    }),
  );
  const named = ({ v4, v6 }: Sets["blocked"]) => ({
    ipv4Set: { name: v4.name, id: v4.id },
    ipv6Set: { name: v6.name, id: v6.id },
  });
  const firewall = {
    kind: "wafv2",
    ...named(sets.blocked),
    rateLimit: { ...named(sets.limited), limit: 300, windowSecs: 300 },
    challenge: named(sets.challenged),
  };
  const config = parseConfig(JSON.stringify({ services: { web: { firewall } } }), "test.yaml");
  const env = readEnvironment({
    SLACK_BOT_TOKEN: "xoxb-1",
    SLACK_APP_TOKEN: "xapp-1",
    AWS_REGION: moto.aws.region,
    AWS_ENDPOINT_URL: moto.aws.endpoint,
  });
  const { web } = createServices(config, env, createLog("silent"));
  return {
    block: web?.firewall as Firewall,
    limit: web?.measures?.["rate-limit"] as Firewall,
    challenge: web?.measures?.challenge as Firewall,
  };
}

async function create(client: WAFV2Client, measure: string, family: "v4" | "v6"): Promise<Created> {
  const name = `${measure}-${family}`;
  const { Summary } = await client.send(
    new CreateIPSetCommand({
      Name: name,
      Scope: "REGIONAL",
      IPAddressVersion: family === "v4" ? "IPV4" : "IPV6",
      Addresses: [],
    }),
  );
  return { name, id: Summary?.Id ?? "", arn: Summary?.ARN ?? "" };
}
