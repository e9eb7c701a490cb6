import { describe, expect, it } from "@jest/globals";
import { networksOf } from "../../../src/domain/scan/networks.ts";

describe("networksOf", () => {
  it.each([
    { address: "198.51.100.7", gives: ["198.51.100.7/32", "198.51.100.0/24", "198.51.0.0/16"] },
    { address: "::ffff:198.51.100.7", gives: ["198.51.100.7/32", "198.51.100.0/24", "198.51.0.0/16"] },
    { address: "2001:DB8:1:2:a:b:c:d", gives: ["2001:db8:1:2::/64", "2001:db8:1::/48", "2001:db8::/32"] },
    { address: "198.51.100.0/24", gives: [] },
    { address: "198.51.100.7.", gives: [] },
    { address: "198.51.100.256", gives: [] },
    { address: "crawl-7.example.com", gives: [] },
    { address: "", gives: [] },
  ])("$address is in $gives", ({ address, gives }) => {
    expect(networksOf(address).map(({ network }) => network)).toEqual(gives);
  });

  it("says how long each prefix is", () => {
    expect(networksOf("203.0.113.9").map(({ level }) => level)).toEqual([32, 24, 16]);
    expect(networksOf("2001:db8::1").map(({ level }) => level)).toEqual([64, 48, 32]);
  });
});
