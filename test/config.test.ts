import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "@jest/globals";
import { parse as parseYaml } from "yaml";
import { Environment, readEnvironment } from "../src/config/environment.ts";
import { Config, parseConfig, readConfig } from "../src/config.ts";
import { UserError } from "../src/errors.ts";

const root = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

const s3 = (logs: Readonly<Record<string, unknown>>) =>
  JSON.stringify({ services: { web: { logs: { kind: "s3", bucket: "my-logs", region: "eu-west-1", ...logs } } } });

function refusal(act: () => unknown): { code: string; lines: readonly string[] } {
  try {
    act();
  } catch (error) {
    if (error instanceof UserError) return { code: error.code, lines: error.message.split("\n") };
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("spillway.example.yaml", () => {
  it("works as it is", () => {
    const config = readConfig(root("spillway.example.yaml"));

    expect(Object.keys(config.services)).toEqual(["web", "forum"]);
    expect(config.services["web"]?.firewall?.ipv4Set.name).toBe("spillway-v4");
    expect(config.blocks).toEqual({ defaultSecs: 3_600, maxSecs: 604_800, maxAddresses: 100, warnSecs: 600 });
  });

  it("shows the defaults that hold without it", () => {
    const { services: _, ...example } = readConfig(root("spillway.example.yaml"));
    const { services: __, ...defaults } = parseConfig("services: { web: {} }", "spillway.yaml");

    expect(example).toEqual(defaults);
  });

  it("names every key there is, live or commented out", () => {
    const text = readFileSync(root("spillway.example.yaml"), "utf8");
    const sections = Object.entries(Config.shape).filter(([name]) => name !== "services");

    for (const [name, section] of sections) {
      // A plain value has no keys of its own.
      const keys = Object.keys(section.safeParse({}).data ?? {});
      for (const key of [name, ...keys]) expect(text).toMatch(new RegExp(`^ *(# )?${key}:`, "m"));
    }
  });
});

describe("the rules that are prepared beside the one that blocks", () => {
  const sets = (name: string) => ({ ipv4Set: { name, id: `${name}4` }, ipv6Set: { name, id: `${name}6` } });
  const yaml = (given: object, more: object = {}) =>
    JSON.stringify({ services: { web: { firewall: { kind: "wafv2", ...sets("blocked"), ...given } }, ...more } });
  const rule = { ...sets("limited"), limit: 300, windowSecs: 300 };

  it("are none where they are left out, and have sets of their own where they are not", () => {
    const { firewall } = parseConfig(yaml({}), "spillway.yaml").services["web"] ?? {};
    const given = { rateLimit: rule, challenge: sets("challenged") };

    expect([firewall?.rateLimit, firewall?.challenge]).toEqual([undefined, undefined]);
    expect(parseConfig(yaml(given), "spillway.yaml").services["web"]?.firewall).toMatchObject(given);
  });

  it.each([
    [{ rateLimit: { ...rule, limit: 5 } }, "services.web.firewall.rateLimit.limit: 5 – the limit of the rule"],
    [
      { rateLimit: { ...rule, windowSecs: 90 } },
      "services.web.firewall.rateLimit.windowSecs: 90 – the evaluation window",
    ],
    [{ rateLimit: sets("limited") }, "services.web.firewall.rateLimit.limit: not set – the limit of the rule"],
    [
      { challenge: sets("blocked") },
      'services.web.firewall.challenge.ipv4Set.id: "blocked4" – the id of a set that is for one measure alone',
    ],
  ])("are refused as %j", (given, line) => {
    expect(refusal(() => parseConfig(yaml(given), "spillway.yaml")).lines[1]).toContain(line);
  });

  it("share no set with another measure of another service, and may with the same", () => {
    const other = (challenge: object) => ({ api: { firewall: { kind: "wafv2", ...sets("others"), challenge } } });

    expect(
      refusal(() => parseConfig(yaml({ rateLimit: rule }, other(sets("limited"))), "spillway.yaml")).lines[1],
    ).toContain("services.api.firewall.challenge.ipv4Set.id");
    expect(() => parseConfig(yaml({ challenge: sets("asked") }, other(sets("asked"))), "spillway.yaml")).not.toThrow();
  });
});

describe("prices", () => {
  it("may be given one by one, and are none below zero", () => {
    const prices = (given: object) => JSON.stringify({ services: { web: { prices: given } } });

    expect(parseConfig(prices({ egressPerGbUsd: 0.09 }), "spillway.yaml").services["web"]?.prices).toEqual({
      egressPerGbUsd: 0.09,
    });
    expect(refusal(() => parseConfig(prices({ requestsPer1000Usd: -1 }), "spillway.yaml")).lines[1]).toContain(
      "services.web.prices.requestsPer1000Usd: -1",
    );
  });
});

describe("logs in S3", () => {
  const accountId = "123456789012";

  it("are an Application Load Balancer's where no layout is named, within limits", () => {
    const { services } = parseConfig(s3({ accountId, loadBalancer: "app/web/50dc" }), "spillway.yaml");

    expect(services["web"]?.logs).toEqual({
      kind: "s3",
      layout: "alb",
      bucket: "my-logs",
      prefix: "",
      region: "eu-west-1",
      accountId,
      loadBalancer: "app/web/50dc",
      format: "alb",
      maxBytes: 20 * 1024 ** 3,
      maxObjects: 50_000,
      maxRequests: 60_000,
      trustedProxies: [],
      cacheMaxBytes: 20 * 1024 ** 3,
    });
  });

  it.each([
    [{ layout: "alb", accountId, loadBalancer: "app/web/50dc" }, { format: "alb" }],
    [{ layout: "nlb", accountId, loadBalancer: "net/web/50dc" }, { format: "nlb" }],
    [
      { layout: "clb", accountId, loadBalancer: "web" },
      { format: "clb", intervalMinutes: 60 },
    ],
    [{ layout: "cloudfront", distribution: "E2EX" }, { format: "cloudfront" }],
    [
      { layout: "cloudfront-v2", accountId, distribution: "E2EX" },
      {
        format: "auto",
        maxDelaySecs: 3_600,
        path: "AWSLogs/{accountId}/CloudFront/{DistributionId}/{yyyy}/{MM}/{dd}/{HH}",
      },
    ],
    [{ layout: "s3-access" }, { format: "s3-access", maxDelaySecs: 21_600 }],
    [
      { layout: "s3-access-partitioned", accountId, loggedBucket: "assets" },
      { format: "s3-access", partitionedBy: "EventTime", maxDelaySecs: 21_600 },
    ],
    [
      { layout: "waf", accountId, webAcl: "web" },
      { format: "waf", scope: "REGIONAL" },
    ],
    [
      { layout: "path", path: "web/{yyyy}/{MM}/{dd}" },
      { format: "auto", maxDelaySecs: 900 },
    ],
  ])("have what their layout needs: %j", (logs, defaults) => {
    expect(parseConfig(s3(logs), "spillway.yaml").services["web"]?.logs).toMatchObject({ ...logs, ...defaults });
  });

  it("are shown in spillway.example.yaml in every layout, as one can copy it", () => {
    const text = readFileSync(root("spillway.example.yaml"), "utf8");
    const blocks = [...text.matchAll(/^ {2}# +layout: .*\n(?: {2}# +\w.*\n)*/gm)].map(([block]) => block);
    const examples = blocks.map((block) => parseYaml(block.replaceAll(/^ *# */gm, "")));

    const layouts = examples.map((logs) => parseConfig(s3(logs), "the example").services["web"]?.logs);

    expect(new Set(layouts.map((logs) => (logs?.kind === "s3" ? logs.layout : null)))).toEqual(
      new Set(["nlb", "clb", "cloudfront", "cloudfront-v2", "s3-access", "s3-access-partitioned", "waf", "path"]),
    );
  });
});

describe("a configuration with mistakes", () => {
  it("reports all of them at once, each with key, value and what is allowed", () => {
    const { code, lines } = refusal(() =>
      parseConfig(
        `
services:
  Web: {}
  shop:
    neverBlock: [office]
    scaling: { kind: auto-scaling-group, name: shop, maxInstances: 0 }
    colour: red
blocks: { defaultSecs: soon }
approvals: { approvers: [dana] }
`,
        "spillway.yaml",
      ),
    );

    expect(code).toBe("config-invalid");
    expect(lines[0]).toBe("spillway.yaml has 6 mistakes:");
    expect(lines.slice(1).sort()).toEqual([
      expect.stringContaining('approvals.approvers.0: "dana" – a Slack user id such as U012AB3CD'),
      expect.stringContaining('blocks.defaultSecs: "soon" – a duration such as 90s, 30m, 2h or 1d'),
      expect.stringMatching(/services\.Web: .* – /),
      expect.stringMatching(/services\.shop\.neverBlock\.0: "office" – an address or network such as/),
      expect.stringMatching(/services\.shop\.scaling\.maxInstances: 0 – /),
      expect.stringMatching(/services\.shop: .*Unrecognized key: "colour"/),
    ]);
  });

  it.each([
    ["services: {}", "at least one service"],
    ["services: { web: { logs: { kind: ftp } } }", "services.web.logs.kind"],
    [
      "services: { web: { logs: { kind: s3, bucket: b1b, accountId: 12, region: r, loadBalancer: web } } }",
      "app/my-alb/",
    ],
    ["services: { web: { logs: { kind: s3, layout: ftp, bucket: b1b, region: r } } }", 'layout: "ftp" – one of alb'],
    [s3({ layout: "cloudfront" }), "distribution: not set – the id of a distribution"],
    [s3({ layout: "cloudfront", distribution: "E1", loadBalancer: "app/web/1" }), 'Unrecognized key: "loadBalancer"'],
    [s3({ layout: "clb", accountId: "123456789012", loadBalancer: "web", intervalMinutes: 15 }), "intervalMinutes: 15"],
    [s3({ layout: "path", path: "web/{yyyy}/{MM}" }), "names the day, with {yyyy}, {MM} and {dd}; {dd} is missing"],
    [s3({ layout: "path", path: "{year}/{MM}/{dd}" }), "among {yyyy}, {MM}, {dd}, {HH}, {mm}; {year} is none"],
    [s3({ layout: "path", path: "{yyyy}/{MM}/{dd}", maxObjects: 0 }), "maxObjects: 0"],
    ["services: { web: { neverBlock: [10.1] } }", "services.web.neverBlock.0"],
    ["services: { web: { neverBlock: ['010.0.0.1'] } }", "services.web.neverBlock.0"],
    ["", "(the whole)"],
    ["services", "(the whole)"],
  ])("refuses %j", (text, part) => {
    const { code, lines } = refusal(() => parseConfig(text, "spillway.yaml"));

    expect(code).toBe("config-invalid");
    expect(lines.join("\n")).toContain(part);
  });

  it("says where a file is not YAML", () => {
    const { code, lines } = refusal(() => parseConfig("services:\n  web: [1, 2\n", "spillway.yaml"));

    expect(code).toBe("config-syntax");
    expect(lines.join("\n")).toMatch(/spillway\.yaml is not valid YAML: .*line 3/s);
  });

  it("says what to do where there is no file", () => {
    const { code, lines } = refusal(() => readConfig("/nowhere/spillway.yaml"));

    expect(code).toBe("config-missing");
    expect(lines[0]).toContain("copy spillway.example.yaml to it");
  });
});

describe("the environment", () => {
  const minimal = { SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xapp-1" };

  it("needs no more than two tokens", () => {
    expect(readEnvironment(minimal)).toEqual({
      ...minimal,
      SLACK_API_URL: "https://slack.com/api/",
      PORT: 3_000,
      HOST: "0.0.0.0",
      SPILLWAY_HOME: ".spillway",
      SPILLWAY_CONFIG: "spillway.yaml",
      LOG_LEVEL: "info",
    });
  });

  it("says what is missing, and what is allowed there", () => {
    expect(refusal(() => readEnvironment({ SLACK_APP_TOKEN: "xapp-1" })).lines).toEqual([
      "The environment has 1 mistake:",
      "  SLACK_BOT_TOKEN: not set – a bot token that begins with xoxb-",
    ]);
  });

  it("takes an empty variable as one that is not set", () => {
    expect(readEnvironment({ ...minimal, REDIS_URL: "", LOG_LEVEL: "" })).toEqual(readEnvironment(minimal));
  });

  it("misses both ways to Slack beside the other mistakes", () => {
    expect(() => readEnvironment({ PORT: "abc" })).toThrow(/PORT: "abc".*SLACK_APP_TOKEN: not set .*one of them/s);
  });

  it("reports every mistake at once, and shows no secret", () => {
    const { code, lines } = refusal(() =>
      readEnvironment({ SLACK_BOT_TOKEN: "hunter2", PORT: "99999", REDIS_URL: "not a url", LOG_LEVEL: "loud" }),
    );

    expect(code).toBe("env-invalid");
    expect(lines.join("\n")).not.toContain("hunter2");
    expect(lines.join("\n")).toContain("SLACK_BOT_TOKEN: (hidden) – a bot token that begins with xoxb-");
    expect(lines.join("\n")).toMatch(/PORT: .*99999.* – /);
    expect(lines.join("\n")).toContain("REDIS_URL: (hidden) – ");
    expect(lines.join("\n")).toContain('LOG_LEVEL: "loud" – ');
  });

  it("is explained in .env.example, every variable of it and no other", () => {
    const example = readFileSync(root(".env.example"), "utf8");
    const named = [...example.matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name);

    expect(named.sort()).toEqual(Object.keys(Environment.shape).sort());
  });
});
