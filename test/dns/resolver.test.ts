import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createResolver } from "../../src/dns/resolver.ts";
import { reverseName } from "../../src/dns/reverse-name.ts";
import { isForwardConfirmed } from "../../src/domain/crawlers.ts";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import { type DnsServer, startDnsServer } from "../support/dns-server.ts";
import { createFakeResolver } from "../support/fake-resolver.ts";

const NAME = "crawl-192-0-2-1.googlebot.com";

describe("names and addresses by DNS", () => {
  let server: DnsServer;
  let nowMs = 0;
  const resolve = () => createResolver({ servers: [server.address], timeoutMs: 100, clock: { now: () => nowMs } });

  beforeEach(async () => {
    server = await startDnsServer({
      "PTR 1.2.0.192.in-addr.arpa": [NAME],
      [`A ${NAME}`]: ["192.0.2.1", "192.0.2.2"],
      [`AAAA ${NAME}`]: ["2001:db8:0:0:0:0:0:1"],
      "A old.example": ["192.0.2.9"],
    });
  });

  afterEach(() => server.close());

  it("are found both ways, in both families", async () => {
    const resolver = resolve();

    const names = await resolver.reverse("192.0.2.1");
    const addresses = await resolver.forward(NAME);

    expect(names).toEqual([NAME]);
    expect(addresses).toEqual(["192.0.2.1", "192.0.2.2", "2001:db8::1"]);
    expect(
      isForwardConfirmed({
        address: "192.0.2.1",
        names,
        addressesOfNames: { [NAME]: addresses },
        domains: ["googlebot.com"],
      }),
    ).toBe(true);
  });

  it("are none where DNS knows of none", async () => {
    const resolver = resolve();

    expect(await resolver.reverse("192.0.2.77")).toEqual([]);
    expect(await resolver.forward("nobody.example")).toEqual([]);
    expect(await resolver.forward("old.example")).toEqual(["192.0.2.9"]);
  });

  it("are none for what is no address and no name, without asking", async () => {
    const resolver = resolve();

    expect(await resolver.reverse("nonsense")).toEqual([]);
    expect(await resolver.forward("a..b")).toEqual([]);
    expect(server.asked).toEqual([]);
  });

  it("are asked for once, at a time and in half an hour", async () => {
    const resolver = resolve();

    await Promise.all([resolver.reverse("192.0.2.1"), resolver.reverse("192.0.2.1")]);
    await resolver.reverse("192.0.2.1");
    expect(server.asked).toHaveLength(1);

    nowMs += 31 * MINUTE_MS;
    await resolver.reverse("192.0.2.1");
    expect(server.asked).toHaveLength(2);
  });

  it.each([
    ["the server cannot tell", 2],
    ["no server answers", "silent" as const],
  ])("are not said to be none where %s, and are asked for again", async (_, trouble) => {
    const resolver = resolve();
    server.trouble = trouble;

    await expect(resolver.reverse("192.0.2.1")).rejects.toMatchObject({ code: "dns-failed", retryable: true });
    server.trouble = null;
    expect(await resolver.reverse("192.0.2.1")).toEqual([NAME]);
  });
});

describe("the name that an address is kept under", () => {
  it.each([
    ["192.0.2.1", "1.2.0.192.in-addr.arpa"],
    ["2001:db8::1", `1.${"0.".repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`],
    ["10.1", null],
    ["fe80::1%eth0", null],
    ["nonsense", null],
  ])("for %s is %s", (address, name) => {
    expect(reverseName(address)).toBe(name);
  });
});

describe("the stand-in for DNS", () => {
  it("answers as a server does", async () => {
    const fake = createFakeResolver({ names: { "192.0.2.1": [NAME] }, addresses: { [NAME]: ["192.0.2.1"] } });

    expect(await fake.reverse("192.0.2.1")).toEqual([NAME]);
    expect(await fake.forward(NAME.toUpperCase())).toEqual(["192.0.2.1"]);
    expect(await fake.forward("nobody.example")).toEqual([]);

    fake.isDown = true;
    await expect(fake.forward(NAME)).rejects.toMatchObject({ code: "dns-failed" });
  });
});
