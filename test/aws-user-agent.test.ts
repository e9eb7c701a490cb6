/** What AWS is told a call is made for, as its own servers would see it. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { apply } from "../jobs/apply.ts";
import { undo } from "../jobs/undo.ts";
import { actingFor } from "../src/acting-for.ts";
import { createWafFirewall } from "../src/firewall/wafv2.ts";
import { createLog } from "../src/log.ts";
import { createAutoScalingGroup } from "../src/scaling/auto-scaling-group.ts";
import { approved, attempt, jobContext, withWeb } from "./support/job-context.ts";

const NAMES = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" } as const;
const log = createLog("silent");
let server: Server;
let aws: { readonly region: string; readonly endpoint: string };
/** One line a call: its operation and what its user agent says of Spillway. */
let calls: string[];
let inSet: string[];

beforeEach(async () => {
  Object.assign(process.env, NAMES);
  calls = [];
  inSet = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const [, operation = /Action=(\w+)/.exec(body)?.[1]] = String(request.headers["x-amz-target"] ?? "").split(".");
    const said = String(request.headers["user-agent"])
      .split(" ")
      .filter((part) => part.startsWith("spillway"));
    calls.push([operation, ...said].join(" "));
    response.end(answer(operation, body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  aws = { region: "eu-west-1", endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});
afterEach(async () => {
  for (const name of Object.keys(NAMES)) delete process.env[name];
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function answer(operation: string | undefined, body: string): string {
  if (operation === "UpdateIPSet") inSet = (JSON.parse(body) as { Addresses: string[] }).Addresses;
  if (operation === "DescribeAutoScalingGroups") return "<DescribeAutoScalingGroupsResponse/>";
  const family = body.includes("spillway-v6") ? "IPV6" : "IPV4";
  const addresses = family === "IPV6" ? [] : inSet;
  return JSON.stringify({
    IPSet: { IPAddressVersion: family, Addresses: addresses },
    LockToken: "t",
    NextLockToken: "t",
  });
}

function firewall() {
  const sets = { ipv4Set: { name: "spillway-v4", id: "4" }, ipv6Set: { name: "spillway-v6", id: "6" } };
  return createWafFirewall({ config: { kind: "wafv2", scope: "REGIONAL", ...sets }, aws, log });
}

describe("a call to AWS", () => {
  it("names the proposal and the incident that it is made for, and of all for whom one is joined", async () => {
    const waf = firewall();
    const block = (id: string, incidentId: string | null) =>
      actingFor({ id, incidentId }, () => waf.block([`198.51.100.${id.length}`]));

    await Promise.all([block("p-1", "inc-1"), block("p-22", null)]);

    const updates = calls.filter((call) => call.startsWith("UpdateIPSet"));
    // One write for both.
    expect(updates).toEqual(["UpdateIPSet spillway/proposal#p-1 spillway/incident#inc-1 spillway/proposal#p-22"]);
  });

  it("that nobody asked for says that it is ours", async () => {
    await firewall().list();

    expect(calls).toEqual(["GetIPSet spillway", "GetIPSet spillway"]);
  });

  it("to a scaling group names them too", async () => {
    const config = { kind: "auto-scaling-group", name: "web", maxInstances: 8 } as const;
    const group = createAutoScalingGroup({ config, aws, log });

    await expect(actingFor({ id: "p-1", incidentId: null }, () => group.read())).rejects.toThrow("There is no");

    expect(calls).toEqual(["DescribeAutoScalingGroups spillway/proposal#p-1"]);
  });

  it("names them from the click to the undo", async () => {
    const context = withWeb(jobContext(), { firewall: firewall() });
    const { id } = await approved(context, { incidentId: "inc-7" });

    await apply(attempt<"apply">({ proposalId: id }), context);
    await undo(attempt<"undo">({ proposalId: id, userId: "U0SECOND" }), context);

    const updates = calls.filter((call) => call.startsWith("UpdateIPSet"));
    const one = `UpdateIPSet spillway/proposal#${id} spillway/incident#inc-7`;
    expect(updates).toEqual([one, one]);
    expect(calls.every((call) => call.endsWith("spillway/incident#inc-7"))).toBe(true);
  });
});
