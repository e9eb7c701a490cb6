import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { runRanges } from "../../src/cli/ranges.ts";
import { parseNetwork } from "../../src/domain/address.ts";
import { SHIPPED_LISTS } from "../../src/domain/published-ranges.ts";
import { keptLists, LISTS_FILE } from "../../src/firewall/kept-lists.ts";
import { createLog } from "../../src/log.ts";

const NOW_MS = Date.UTC(2026, 10, 26);

const AWS = JSON.stringify({
  syncToken: "1795269600",
  prefixes: [
    { ip_prefix: "192.0.2.0/25", region: "GLOBAL", service: "CLOUDFRONT" },
    { ip_prefix: "192.0.2.128/26", region: "us-west-1", service: "ROUTE53_HEALTHCHECKS" },
    { ip_prefix: "198.18.0.0/15", region: "eu-west-1", service: "EC2" },
  ],
  ipv6_prefixes: [{ ipv6_prefix: "2001:db8:f::/48", region: "GLOBAL", service: "CLOUDFRONT" }],
});
const GOOD: Record<string, string> = {
  "/aws": AWS,
  "/v4": "198.51.100.0/25\n198.51.100.128/26\n",
  "/v6": "2001:db8:c::/48",
  "/fastly": JSON.stringify({ addresses: ["203.0.113.0/26"], ipv6_addresses: [] }),
  "/googlebot": JSON.stringify({ creationTime: "x", prefixes: [{ ipv6Prefix: "2001:db8:9::/64" }] }),
  "/bingbot": JSON.stringify({ creationTime: "x", prefixes: [{ ipv4Prefix: "203.0.113.64/28" }] }),
};

let home: string;
let server: Server;
let pages: Record<string, string>;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "ranges-"));
  pages = { ...GOOD };
  server = createServer((request, response) => {
    const page = pages[request.url ?? ""];
    response.writeHead(page === undefined ? 503 : 200).end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(home, { recursive: true });
});

async function ranges(...argv: string[]) {
  const at = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const sources = {
    cloudfront: [at("/aws")],
    cloudflare: [at("/v4"), at("/v6")],
    fastly: [at("/fastly")],
    "route53-health-checks": [at("/aws")],
    googlebot: [at("/googlebot")],
    bingbot: [at("/bingbot")],
  };
  const [out, err]: [string[], string[]] = [[], []];
  const write = (to: string[]) => ({ write: (text: string) => to.push(text) });
  const status = await runRanges(argv, { stdout: write(out), stderr: write(err) }, { home, nowMs: NOW_MS, sources });
  return { status, out: out.join(""), err: err.join("") };
}

const known = () => keptLists(join(home, LISTS_FILE), createLog("silent"));
const cidrsOf = (name: string) => known()().find((list) => list.name === name);

it("are those that came with the program, with their date, until they are fetched", async () => {
  const { status, out } = await ranges();

  expect(status).toBe(0);
  expect(out).toMatch(/cloudflare +cdn +2025 +22\n/);
  expect(known()()).toBe(SHIPPED_LISTS);
});

it("hold networks alone", () => {
  for (const { cidrs } of SHIPPED_LISTS) {
    for (const cidr of cidrs) expect(parseNetwork(cidr)).toMatchObject({ ok: true, cidr });
  }
});

it("are fetched from their publishers, each of AWS's services by itself, and win from then on", async () => {
  const running = known();
  running();

  const { status, out } = await ranges("refresh");

  expect(status).toBe(0);
  expect(out).toMatch(/cloudfront +cdn +2026-11-26 +2\n/);
  expect(running().find(({ name }) => name === "cloudfront")?.cidrs).toEqual(["192.0.2.0/25", "2001:db8:f::/48"]);
  expect(cidrsOf("route53-health-checks")?.cidrs).toEqual(["192.0.2.128/26"]);
  expect(cidrsOf("cloudflare")?.cidrs).toEqual(["198.51.100.0/25", "198.51.100.128/26", "2001:db8:c::/48"]);
  expect(cidrsOf("fastly")).toMatchObject({ cidrs: ["203.0.113.0/26"], rule: "cdn", asOf: "2026-11-26" });
  expect(cidrsOf("googlebot")).toMatchObject({ cidrs: ["2001:db8:9::/64"], rule: "crawler" });
});

it.each([
  ["does not answer", undefined, "answered 503"],
  ["lists nothing", '{"addresses":[],"ipv6_addresses":[]}', "lists nothing"],
  ["lists what is no network", '{"addresses":["fastly"],"ipv6_addresses":[]}', "no network"],
  ["lists everybody", '{"addresses":["0.0.0.0/0"],"ipv6_addresses":[]}', "which nobody owns"],
  ["answers something else", "<html>", "not valid JSON"],
])("stay as they were where a publisher %s, and the others are new", async (_, page, why) => {
  if (page === undefined) delete pages["/fastly"];
  else pages["/fastly"] = page;

  const { status, err } = await ranges("refresh");

  expect(status).toBe(1);
  expect(err).toMatch(new RegExp(`^spillway: fastly not fetched, what was known stays: .*${why}`));
  expect(cidrsOf("fastly")).toEqual(SHIPPED_LISTS.find(({ name }) => name === "fastly"));
  expect(cidrsOf("bingbot")?.cidrs).toEqual(["203.0.113.64/28"]);
});

it("stay as they were where the file on this machine is damaged", async () => {
  writeFileSync(join(home, LISTS_FILE), "[{");

  expect(known()()).toBe(SHIPPED_LISTS);
});

it("know no other word", async () => {
  await expect(ranges("refreshh")).rejects.toMatchObject({ code: "bad-option" });
});
