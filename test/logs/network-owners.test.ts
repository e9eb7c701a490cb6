import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { openNetworkOwners } from "../../src/logs/network-owners.ts";
import { writeMmdb } from "../support/write-mmdb.ts";

const folder = mkdtempSync(join(tmpdir(), "spillway-test-"));
const path = join(folder, "asn.mmdb");
beforeAll(() => {
  writeMmdb(path, "GeoLite2-ASN", {
    "198.51.100.0/24": { autonomous_system_number: 64_496, autonomous_system_organization: "EXAMPLE-HOSTING" },
    "203.0.113.0/25": { autonomous_system_number: 64_497 },
    "2001:db8::/32": { autonomous_system_number: 64_498, autonomous_system_organization: "Example Telecom" },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("owners of networks", () => {
  it.each([
    ["198.51.100.7", "AS64496 EXAMPLE-HOSTING"],
    ["203.0.113.9", "AS64497"],
    ["203.0.113.200", null],
    ["2001:db8::1", "AS64498 Example Telecom"],
    ["192.0.2.1", null],
    ["host.example", null],
    ["", null],
  ])("knows of %s that it is %s", async (client, owner) => {
    const ownerOf = await openNetworkOwners(path);

    expect(ownerOf(client)).toBe(owner);
  });

  it("says where there is no database, or one of something else", async () => {
    const cities = join(folder, "city.mmdb");
    const text = join(folder, "text.mmdb");
    writeMmdb(cities, "GeoLite2-City", { "198.51.100.0/24": { city: "Example" } });
    writeFileSync(text, "no database");

    for (const wrong of [cities, text, join(folder, "none.mmdb")]) {
      await expect(openNetworkOwners(wrong)).rejects.toMatchObject({
        code: "network-owners-unreadable",
        message: expect.stringContaining(wrong),
      });
    }
  });
});
