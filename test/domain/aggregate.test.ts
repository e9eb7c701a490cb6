import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { boundsOf, contains, parseNetwork } from "../../src/domain/address.ts";
import { aggregateNetworks } from "../../src/domain/aggregate.ts";
import { guardBlock } from "../../src/domain/guard.ts";

describe("aggregateNetworks", () => {
  it.each([
    ["two halves become their whole", ["198.51.100.0/25", "198.51.100.128/25"], ["198.51.100.0/24"]],
    ["what lies in another goes", ["198.51.100.7", "198.51.100.0/24"], ["198.51.100.0/24"]],
    ["neighbours that are no halves stay", ["198.51.100.1", "198.51.100.2"], ["198.51.100.1/32", "198.51.100.2/32"]],
    ["four quarters become one", [0, 64, 128, 192].map((i) => `203.0.113.${i}/26`), ["203.0.113.0/24"]],
    ["nothing becomes wider than a block may be", ["198.51.100.0/24", "198.51.101.0/24"], null],
    ["nothing becomes wider in IPv6 either", ["2001:db8:0::/48", "2001:db8:1::/48"], null],
    ["IPv6 halves become their whole", ["2001:db8::/49", "2001:db8:0:8000::/49"], ["2001:db8::/48"]],
    ["families stay apart", ["::ffff:198.51.100.0", "2001:db8::1"], ["198.51.100.0/32", "2001:db8::1/128"]],
    ["nothing gives nothing", [], []],
  ])("%s", (_, given, expected) => {
    const cidrs = given.map((text) => (parseNetwork(text) as { cidr: string }).cidr);

    expect(aggregateNetworks(given)).toEqual(expected ?? cidrs);
  });

  it("holds exactly the same addresses as before, in no more networks", () => {
    fc.assert(
      fc.property(fc.array(crowded, { maxLength: 40 }), (given) => {
        const joined = aggregateNetworks(given);

        for (const network of given) expect(joined.some((whole) => contains(whole, network))).toBe(true);
        expect(sizeOf(joined)).toBe(sizeOfUnion(given));
        expect(joined.length).toBeLessThanOrEqual(given.length);
        expect(aggregateNetworks(joined)).toEqual(joined);
      }),
      { numRuns: 300 },
    );
  });

  it("never takes in an address that is guarded", () => {
    const own = "198.51.100.64/27";
    fc.assert(
      fc.property(fc.array(crowded, { maxLength: 60 }), (given) => {
        const { allowed } = guardBlock({ addresses: given, neverBlock: [own] });

        const joined = aggregateNetworks(allowed);

        expect(joined.filter((network) => contains(network, own) || contains(own, network))).toEqual([]);
        expect(guardBlock({ addresses: joined, neverBlock: [own] }).refused).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

/** Networks so near each other that many of them meet. */
const crowded = fc
  .tuple(
    fc.integer({ min: 0, max: 255 }),
    fc.integer({ min: 25, max: 32 }),
    fc.constantFrom("198.51.100", "198.51.101"),
  )
  .map(([last, prefix, start]) => (parseNetwork(`${start}.${last}/${prefix}`) as { cidr: string }).cidr);

function sizeOf(networks: readonly string[]): bigint {
  return networks.reduce((total, text) => {
    const { first, last } = boundsOf(parseNetwork(text) as never);
    return total + last - first + 1n;
  }, 0n);
}

function sizeOfUnion(networks: readonly string[]): bigint {
  const addresses = new Set<bigint>();
  for (const text of networks) {
    const { first, last } = boundsOf(parseNetwork(text) as never);
    for (let address = first; address <= last; address += 1n) addresses.add(address);
  }
  return BigInt(addresses.size);
}
