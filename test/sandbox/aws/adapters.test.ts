import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { parseConfig } from "../../../src/config.ts";
import { createWafFirewall } from "../../../src/firewall/wafv2.ts";
import { createWriteLane } from "../../../src/firewall/write-lane.ts";
import { createLog } from "../../../src/log.ts";
import { createCloudWatchMetrics } from "../../../src/metrics/cloudwatch.ts";
import { siteConfigYaml } from "../../../src/sandbox/site/config-yaml.ts";
import { BOOT_MS } from "../../../src/sandbox/site/fleet.ts";
import { createAutoScalingGroup } from "../../../src/scaling/auto-scaling-group.ts";
import { crawledSite, OPEN_MS, type OpenAccount, openAccount } from "./open-account.ts";

const MINUTE_MS = 60_000;
const ATTACKER = "198.51.100.14";

const config = parseConfig(siteConfigYaml({ web: "web", forum: "forum" }), "spillway.yaml").services["web"];
if (config?.firewall === undefined || config.scaling === undefined || config.metrics === undefined) {
  throw new Error("the site's configuration lacks a part");
}
const { firewall: firewallConfig, scaling: scalingConfig, metrics: metricsConfig } = config;
const log = createLog("silent");

let account: OpenAccount;
const before = { ...process.env };

beforeAll(async () => {
  account = await openAccount(crawledSite());
  process.env["AWS_ACCESS_KEY_ID"] = "sandbox";
  process.env["AWS_SECRET_ACCESS_KEY"] = "sandbox";
});

afterAll(async () => {
  process.env = before;
  await account.server.close();
});

describe("the bot's own adapters on the simulated site", () => {
  it("block and unblock an address, so that it does not and does get through", async () => {
    const aws = { region: "us-east-1", endpoint: account.client.endpoint };
    const lane = createWriteLane({
      writeEveryMs: 1_000,
      now: account.clock.now,
      sleep: async (durationMs) => account.clock.advance(durationMs),
    });
    const firewall = createWafFirewall({ config: firewallConfig, aws, log, lane });
    const isKeptOut = (): boolean => {
      account.clock.advance(3_000);
      return account.world.shield.isBlocked(ATTACKER, account.clock.now());
    };

    await firewall.block([`${ATTACKER}/32`, "2001:db8::/48"]);
    const held = await firewall.list();
    const wasKeptOut = isKeptOut();
    await firewall.unblock([`${ATTACKER}/32`]);

    expect(held).toEqual([`${ATTACKER}/32`, "2001:db8::/48"]);
    expect(wasKeptOut).toBe(true);
    expect(await firewall.list()).toEqual(["2001:db8::/48"]);
    expect(isKeptOut()).toBe(false);
  });

  it("find no weakness in the rules that block who is in the sets", async () => {
    const aws = { region: "us-east-1", endpoint: account.client.endpoint };

    expect(await createWafFirewall({ config: firewallConfig, aws, log }).weaknesses()).toEqual([]);
  });

  it("raise the group and put it back", async () => {
    const aws = { region: "us-east-1", endpoint: account.client.endpoint };
    if (scalingConfig?.kind !== "auto-scaling-group") throw new Error("the site scales a group");
    const scaler = createAutoScalingGroup({ config: scalingConfig, aws, log });
    const usual = await scaler.read();

    await scaler.raiseTo(4);
    account.clock.advance(BOOT_MS);
    const raised = await scaler.read();
    await scaler.restore(usual);

    expect(raised).toEqual({ min: 4, max: 8, desired: 4, running: 4, pending: 0 });
    expect(await scaler.read()).toEqual({ min: 2, max: 8, desired: 2, running: 2, pending: 0 });
  });

  it("read every metric of the service that was ever reported", async () => {
    const aws = { region: "us-east-1", endpoint: account.client.endpoint };
    const metrics = createCloudWatchMetrics({ config: metricsConfig, aws, log, clock: { now: () => OPEN_MS } });

    const series = await metrics.read({ startMs: OPEN_MS - 14 * MINUTE_MS, endMs: OPEN_MS });

    expect(series.map((one) => one.metric).sort()).toEqual([
      "bytesIn",
      "bytesOut",
      "cpu",
      "errors4xx",
      "errors5xx",
      "healthyHosts",
      "latency",
      "latencyP95",
      "requests",
    ]);
    const requests = series.find((one) => one.metric === "requests")?.values ?? [];
    expect(requests.at(-1)).toBeGreaterThan(4 * (requests[0] ?? Number.NaN));
  });
});
