import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { contains } from "../../src/domain/address.ts";
import { guardBlock } from "../../src/domain/guard.ts";

describe("guardBlock", () => {
  it.each([
    ["10.0.0.1", "private"],
    ["172.16.0.0/24", "private"],
    ["192.168.1.9", "private"],
    ["::ffff:192.168.1.9", "private"],
    ["fd00::1", "private"],
    ["127.0.0.1", "loopback"],
    ["::1", "loopback"],
    ["169.254.169.254", "link-local"],
    ["fe80::1", "link-local"],
    ["100.64.0.1", "shared-nat"],
    ["0.0.0.0", "unspecified"],
    ["::", "unspecified"],
    ["224.0.0.1", "multicast"],
    ["ff02::1", "multicast"],
    ["255.255.255.255", "reserved"],
    ["64:ff9b::1", "reserved"],
    ["::ffff:0:0/90", "reserved"],
    ["0.0.0.0/0", "everything"],
    ["::/0", "everything"],
    ["8.0.0.0/6", "private"],
    ["fc00::/6", "reserved"],
    ["128.0.0.0/3", "too-wide"],
    ["203.0.112.0/23", "too-wide"],
    ["2001:db8::/47", "too-wide"],
    ["example.com", "invalid"],
  ])("refuses %s as %s, in one sentence", (address, rule) => {
    const { allowed, refused } = guardBlock({ addresses: [address], neverBlock: [] });

    expect(allowed).toEqual([]);
    expect(refused).toEqual([{ address, rule, reason: expect.stringMatching(/^.+\.$/) }]);
  });

  it.each([
    ["198.51.100.14", "198.51.100.14/32"],
    ["203.0.113.0/24", "203.0.113.0/24"],
    ["192.0.2.255", "192.0.2.255/32"],
    ["2001:db8:1::/48", "2001:db8:1::/48"],
    ["::ffff:8.8.8.8", "8.8.8.8/32"],
    ["100.128.0.1", "100.128.0.1/32"],
    ["172.32.0.1", "172.32.0.1/32"],
  ])("lets %s pass as %s", (address, cidr) => {
    expect(guardBlock({ addresses: [address], neverBlock: ["192.0.2.1"] })).toEqual({ allowed: [cidr], refused: [] });
  });

  it("says which never-block entry is hit, from inside and from around", () => {
    const { refused } = guardBlock({
      addresses: ["203.0.113.9", "198.51.100.0/24"],
      neverBlock: ["203.0.113.0/28", "198.51.100.77"],
    });

    expect(refused).toEqual([
      {
        address: "203.0.113.9",
        rule: "never-block",
        reason: "203.0.113.9 overlaps 203.0.113.0/28, which is on the service's never-block list.",
      },
      {
        address: "198.51.100.0/24",
        rule: "never-block",
        reason: "198.51.100.0/24 overlaps 198.51.100.77, which is on the service's never-block list.",
      },
    ]);
  });

  it("refuses everything while a never-block entry cannot be read", () => {
    const { allowed, refused } = guardBlock({ addresses: ["198.51.100.14"], neverBlock: ["our office"] });

    expect(allowed).toEqual([]);
    expect(refused[0]?.rule).toBe("never-block-unreadable");
  });

  it("gives what passes sorted and without duplicates, beside what does not", () => {
    const { allowed, refused } = guardBlock({
      addresses: ["203.0.113.9", "10.0.0.1", "::ffff:203.0.113.9", "198.51.100.14"],
      neverBlock: [],
    });

    expect(allowed).toEqual(["198.51.100.14/32", "203.0.113.9/32"]);
    expect(refused.map((refusal) => refusal.address)).toEqual(["10.0.0.1"]);
  });

  it("never lets a guarded address pass, neither by itself nor inside a network", () => {
    const guarded = [
      "10.0.0.0/8",
      "127.0.0.0/8",
      "169.254.0.0/16",
      "100.64.0.0/10",
      "fc00::/7",
      "::1/128",
      "224.0.0.0/4",
    ];
    const own = "203.0.113.64/26";

    fc.assert(
      fc.property(fc.array(aroundTheGuarded, { maxLength: 8 }), (addresses) => {
        const { allowed } = guardBlock({ addresses, neverBlock: [own] });
        for (const cidr of allowed) {
          for (const range of [...guarded, own]) {
            expect(contains(range, cidr) || contains(cidr, range)).toBe(false);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** Networks of any width at and around guarded addresses, and anywhere else. */
const aroundTheGuarded = fc
  .tuple(
    fc.oneof(
      fc.constantFrom("10.0.0.1", "9.255.255.255", "127.0.0.1", "169.254.1.1", "100.64.0.0", "100.127.255.255"),
      fc.constantFrom("203.0.113.63", "203.0.113.64", "203.0.113.128", "223.255.255.255", "224.0.0.0"),
      fc.constantFrom("::1", "fc00::", "fbff:ffff::1", "::ffff:10.0.0.1", "2001:db8::1"),
      fc.ipV4(),
      fc.ipV6(),
    ),
    fc.option(fc.integer({ min: 0, max: 128 })),
  )
  .map(([address, prefix]) => (prefix === null ? address : `${address}/${prefix}`));
