import { describe, expect, it } from "@jest/globals";
import { readEnvironment } from "../src/config/environment.ts";
import { parseConfig } from "../src/config.ts";
import { createLog } from "../src/log.ts";
import { createServices } from "../src/service-adapters.ts";

const ENV = readEnvironment({ SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xapp-1" });

/** The service `web`, whose logs lie in S3 and may be asked about in Athena. */
function servicesOf(logs: Readonly<Record<string, unknown>>) {
  const usual = { kind: "s3", bucket: "logs", region: "eu-west-1", athena: { database: "spillway" } };
  const config = parseConfig(JSON.stringify({ services: { web: { logs: { ...usual, ...logs } } } }), "test.yaml");
  return createServices(config, ENV, createLog("silent"));
}

describe("services, as they are set up at start,", () => {
  it.each([
    ["nlb", { layout: "nlb", accountId: "123456789012", loadBalancer: "net/a/50dc" }],
    ["cloudfront", { layout: "cloudfront", distribution: "E2ABC" }],
    ["path", { layout: "path", path: "{yyyy}/{MM}/{dd}", format: "nginx-combined" }],
  ])("may ask Athena about logs of layout %s", (_layout, logs) => {
    expect(servicesOf(logs)["web"]?.logs).not.toBeNull();
  });

  it("are refused where Athena could never be asked as they say", () => {
    expect(() => servicesOf({ layout: "path", path: "{yyyy}/{MM}/{dd}" })).toThrow(
      "services.web.logs: layout path in format auto cannot be asked about in Athena. Set `format` to one of alb, clb, nlb, cloudfront, s3-access, waf, nginx-combined, apache-combined, or take `athena` out.",
    );
  });

  it("need no such format where Athena is not to be asked", () => {
    expect(servicesOf({ layout: "path", path: "{yyyy}/{MM}/{dd}", athena: undefined })["web"]?.logs).not.toBeNull();
  });
});

describe("owners of networks", () => {
  it("are refused at start where there is no such file", () => {
    const config = parseConfig("services: { web: {} }\nnetworkOwners: /nowhere/asn.mmdb", "test.yaml");

    expect(() => createServices(config, ENV, createLog("silent"))).toThrow(
      "No owners of networks can be read from /nowhere/asn.mmdb",
    );
  });
});
