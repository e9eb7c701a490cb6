import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { block } from "../commands/block.ts";
import { contains, overlaps } from "../src/domain/address.ts";
import { aggregateNetworks } from "../src/domain/aggregate.ts";
import { guardBlock } from "../src/domain/guard.ts";
import { SHIPPED_LISTS } from "../src/domain/published-ranges.ts";
import { checkCrawlers, crawlersAmong, rangesFor, refusedFor } from "../src/guarding.ts";
import { SECOND, THIRD } from "./support/build-proposal.ts";
import { blockOf, CRAWLER } from "./support/changes.ts";
import { testContext, typed } from "./support/command-context.ts";
import { createFakeResolver } from "./support/fake-resolver.ts";
import { applied, applyOnce, approved, jobContext } from "./support/job-context.ts";

const GUARDS = `
guards:
  own: [198.51.100.0/28]
  monitoring: [198.51.100.16/28]
  healthCheckers: [198.51.100.32/28]
  slack: [198.51.100.48/28]
  ingress: [198.51.100.64]
  approvers: { U0BEN: [198.51.100.80, "2001:db8:ca11::/64"] }
`;

describe("what may not be blocked", () => {
  it.each([
    ["198.51.100.3", "own", "`guards.own`"],
    ["198.51.100.17", "monitoring", "the site seems down"],
    ["198.51.100.33", "health-checker", "traffic is sent elsewhere"],
    ["198.51.100.49", "slack", "no button works"],
    ["198.51.100.64", "ingress", "Spillway itself"],
    ["198.51.100.80", "approver", "Slack user U0BEN"],
    ["2001:db8:ca11::9", "approver", "Slack user U0BEN"],
    ["203.0.113.5", "never-block", "never-block list"],
    ["13.224.9.9", "cdn", "CloudFront (list of 2025)"],
    ["2600:9000:2000::1", "cdn", "CloudFront"],
    ["104.16.132.229", "cdn", "Cloudflare (list of 2025)"],
    ["2606:4700::6810:84e5", "cdn", "Cloudflare"],
    ["151.101.1.69", "cdn", "Fastly (list of 2025)"],
    ["2a04:4e42::1", "cdn", "Fastly"],
    ["54.183.255.130", "health-checker", "Route 53 health checks"],
    ["10.1.2.3", "private", "private network"],
    ["100.64.1.1", "shared-nat", "carrier-grade NAT"],
    ["169.254.169.254", "link-local", "link-local"],
    ["127.0.0.1", "loopback", "loopback"],
    ["0.0.0.0/0", "everything", "every address there is"],
    ["198.18.0.0/15", "reserved", "benchmarking"],
    ["8.8.0.0/16", "too-wide", "wider than /24"],
    ["2a00:1450::/32", "too-wide", "wider than /48"],
    // From around, too.
    ["198.51.100.0/24", "approver", "overlaps"],
    ["104.16.132.0/24", "cdn", "Cloudflare"],
  ])("%s is refused as %s, when it is proposed and when it is applied", async (address, rule, says) => {
    const context = testContext({ yaml: GUARDS });
    const job = { ...jobContext(), config: context.config };
    const proposal = await approved(job, { change: blockOf([address]) });

    expect(refusedFor("web", [address], context)).toMatchObject([{ rule, reason: expect.stringContaining(says) }]);
    await expect(block.run(typed(`${address} because it floods`), context)).rejects.toThrow("Not proposed.");
    await expect(applyOnce(proposal, job)).rejects.toMatchObject({ code: "guard-refused" });
    expect(await context.store.openProposals()).toEqual([]);
    expect(job.firewall.asked).toEqual([]);
  });

  it("is a proxy that the logs trust, and it is told how to block behind it", () => {
    const { config, publishedLists } = testContext();
    const logs = { kind: "files" as const, paths: ["logs"], format: "auto" as const, trustedProxies: ["192.0.2.0/24"] };
    const behind = { ...config, services: { web: { ...config.services["web"], logs } } } as typeof config;

    const [refusal] = refusedFor("web", ["192.0.2.7"], { config: behind, publishedLists });

    expect(refusal).toMatchObject({ rule: "proxy" });
    expect(refusal?.reason).toMatch(/`trustedProxies`.*X-Forwarded-For.*`FORWARDED_IP`/);
  });

  it("leaves everybody else to be blocked", () => {
    const addresses = ["198.51.100.200", "8.8.8.8", "2001:db8::7", "203.0.113.99"];

    expect(refusedFor("web", addresses, testContext({ yaml: GUARDS }))).toEqual([]);
  });

  it("changes with what was fetched meanwhile, between the proposal and the approval", async () => {
    const context = jobContext();
    const proposal = await approved(context, { change: blockOf([CRAWLER]) });
    const address = CRAWLER;
    const lists = [{ ...SHIPPED_LISTS[0], cidrs: [address] }] as typeof SHIPPED_LISTS;

    const late = applyOnce(proposal, { ...context, publishedLists: () => lists });

    await expect(late).rejects.toMatchObject({ code: "guard-refused", message: expect.stringContaining("CloudFront") });
    expect(context.firewall.blocked.size).toBe(0);
  });
});

describe("guarded addresses", () => {
  const { config, publishedLists } = testContext({ yaml: GUARDS });
  const ranges = rangesFor("web", { config, publishedLists });

  it("never get into what is blocked, neither by themselves nor inside a network or an aggregate", () => {
    const edges = fc.constantFrom(...ranges.map(({ cidr }) => cidr.split("/")[0] as string));
    const address = fc.oneof(edges, fc.ipV4(), fc.ipV6());
    const asked = fc.tuple(address, fc.integer({ min: 20, max: 32 })).map(([ip, prefix]) => `${ip}/${prefix}`);
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 12 }), (addresses) => {
        const { allowed } = guardBlock({ addresses, neverBlock: ["203.0.113.0/28"], ranges });

        for (const network of aggregateNetworks(allowed)) {
          expect(ranges.filter(({ cidr }) => overlaps(cidr, network))).toEqual([]);
          expect(contains("203.0.113.0/28", network)).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("never reach the firewall, whatever people ask for and approve", async () => {
    const edges = fc.constantFrom(
      ...ranges.map(({ cidr }) => cidr.split("/")[0] as string),
      ...["10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.1.1", "fe80::1", "203.0.113.15"],
    );
    const address = fc.oneof(edges, fc.ipV4(), fc.constantFrom("198.51.100.200", "198.51.100.201", "2001:db8::7"));
    const word = fc
      .tuple(address, fc.option(fc.integer({ min: 22, max: 32 })))
      .map(([ip, prefix]) => (prefix === null || ip.includes(":") ? ip : `${ip}/${prefix}`));
    let blocked = 0;
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(word, { minLength: 1, maxLength: 4 }), async (words) => {
        const world = { ...jobContext(), config };
        await block.run(typed(`${words.join(" ")} because it floods`), world).catch(() => undefined);
        for (const { id, digest, approversNeeded: needed } of await world.store.openProposals()) {
          for (const by of [SECOND, THIRD].slice(0, needed)) {
            await world.store.approveProposal({ id, digest, by, atMs: 1, needed, reason: null });
          }
          await applyOnce({ id }, world);
        }

        blocked += world.firewall.blocked.size;
        for (const network of world.firewall.blocked) {
          expect(ranges.filter(({ cidr }) => overlaps(cidr, network))).toEqual([]);
          expect(guardBlock({ addresses: [network], neverBlock: ["203.0.113.0/28"] }).refused).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
    expect(blocked).toBeGreaterThan(50);
  });

  it("are found among thousands in well under a second", () => {
    const addresses = Array.from({ length: 10_000 }, (_, i) => `45.${i >> 8}.${i & 255}.7`);

    const startedMs = performance.now();
    const { allowed } = guardBlock({ addresses, neverBlock: [], ranges });

    expect(allowed).toHaveLength(10_000);
    expect(performance.now() - startedMs).toBeLessThan(3_000);
  });
});

describe("search engines' crawlers", () => {
  const NAME = "crawl-66-249-66-1.googlebot.com";
  const dns = () => createFakeResolver({ names: { "66.249.66.1": [NAME] }, addresses: { [NAME]: ["66.249.66.1"] } });

  it("are told by their names, which lead back to them", async () => {
    const context = { ...testContext(), resolver: dns() };

    const asked = block.run(typed("66.249.66.1 because it reads every page"), context);

    await expect(asked).rejects.toThrow("66.249.66.1 is Googlebot, as DNS confirms");
  });

  it("are refused when the block is applied, too", async () => {
    const context = { ...jobContext(), resolver: dns() };
    const proposal = await approved(context, { change: blockOf(["66.249.66.1/32"]) });

    await expect(applyOnce(proposal, context)).rejects.toMatchObject({ code: "guard-refused" });
  });

  it.each([
    ["whose name leads elsewhere", { names: { "45.0.2.7": [NAME] }, addresses: { [NAME]: ["66.249.66.1"] } }],
    [
      "whose name only looks like it",
      { names: { "45.0.2.7": ["x.evilgooglebot.com"] }, addresses: { "x.evilgooglebot.com": ["45.0.2.7"] } },
    ],
    ["without a name", {}],
  ])("are not those %s", async (_, given) => {
    const ports = { ...testContext(), resolver: createFakeResolver(given) };

    expect(await crawlersAmong(["45.0.2.7/32"], ports)).toEqual([]);
  });

  it("are not looked for among addresses that are nobody's", async () => {
    const resolver = createFakeResolver({ names: { "198.51.100.7": [NAME] }, addresses: { [NAME]: ["198.51.100.7"] } });

    expect(await crawlersAmong(["198.51.100.7/32"], { ...testContext(), resolver })).toEqual([]);
  });

  it("keep nobody from blocking while DNS is down, and networks are not asked about", async () => {
    const context = jobContext();
    context.resolver.isDown = true;

    expect(await crawlersAmong(["66.249.66.0/24"], context)).toEqual([]);
    expect((await applied(context, { change: blockOf(["45.0.2.7/32"]) })).state).toBe("done");
  });

  it.each([
    ["verified where the name leads back", "66.249.66.1", "Googlebot", { check: "verified", toldBy: "dns" }],
    ["verified though it does not say so", "66.249.66.1", null, { check: "verified", toldBy: "dns" }],
    ["forged where DNS knows it by no such name", "45.0.2.7", "Googlebot", { check: "forged", toldBy: "dns" }],
    ["not told where its owner gives no names", "45.0.2.7", "DuckDuckBot", { check: "cannot-tell", toldBy: null }],
    ["not told where the address is nobody's", "198.51.100.7", "Googlebot", { check: "cannot-tell", toldBy: null }],
  ])("among a spike's clients are %s", async (_, address, claims, expected) => {
    const ports = { ...testContext(), resolver: dns(), ranges: [] };

    const [crawler] = await checkCrawlers([{ address, claims }], ports);

    expect(crawler).toEqual({ address, name: claims ?? "Googlebot", ...expected });
  });

  it("among a spike's clients are told by published lists without asking DNS, and others not at all", async () => {
    const resolver = dns();
    resolver.isDown = true;
    const ranges = [{ cidr: "66.249.64.0/19", rule: "crawler", whose: "Googlebot (list of 2026-11-26)" } as const];
    const clients = ["66.249.66.1", "45.0.2.7"].map((address) => ({ address, claims: null }));

    expect(await checkCrawlers(clients, { ...testContext(), resolver, ranges })).toEqual([
      { address: "66.249.66.1", name: "Googlebot (list of 2026-11-26)", check: "verified", toldBy: "published" },
    ]);
  });
});
