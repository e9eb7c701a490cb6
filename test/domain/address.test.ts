import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  compareNetworks,
  contains,
  formatNetworks,
  overlaps,
  parseNetwork,
  sortNetworks,
} from "../../src/domain/address.ts";

it("names networks for people: a single address without its length", () => {
  const named = ["198.51.100.7/32", "203.0.113.0/24", "2001:db8::1/128", "2001:db8::/32", "::/0"];

  expect(formatNetworks(named)).toBe("198.51.100.7, 203.0.113.0/24, 2001:db8::1, 2001:db8::/32, ::/0");
});

describe("parseNetwork", () => {
  it.each([
    ["198.51.100.7", "198.51.100.7/32", 4, 32],
    [" 198.51.100.7\n", "198.51.100.7/32", 4, 32],
    ["198.51.100.7/24", "198.51.100.0/24", 4, 24],
    ["0.0.0.0/0", "0.0.0.0/0", 4, 0],
    ["::ffff:198.51.100.7", "198.51.100.7/32", 4, 32],
    ["::ffff:198.51.100.7/120", "198.51.100.0/24", 4, 24],
    ["2001:DB8:0:0:0:0:0:1", "2001:db8::1/128", 6, 128],
    ["2001:db8::dead:beef/48", "2001:db8::/48", 6, 48],
    ["::/0", "::/0", 6, 0],
  ])("reads %j as %s", (text, cidr, family, prefix) => {
    expect(parseNetwork(text)).toEqual({ ok: true, cidr, family, prefix });
  });

  it.each([
    ["", "an address is missing"],
    ["example.com", '"example.com" is not an address'],
    ["10.1", '"10.1" is not an address'],
    ["0127.0.0.1", '"0127.0.0.1" is not an address'],
    ["198.51.100.256", '"198.51.100.256" is not an address'],
    ["198.51.100.7:443", '"198.51.100.7:443" is not an address'],
    ["198.51.100.0/24/8", '"198.51.100.0/24/8" is not an address'],
    ["fe80::1%eth0", '"fe80::1%eth0" is not an address'],
    ["198.51.100.7/33", "has the prefix /33; IPv4 allows /0 to /32"],
    ["2001:db8::/129", "has the prefix /129; IPv6 allows /0 to /128"],
    ["198.51.100.7/-1", "has the prefix /-1"],
    ["198.51.100.7/", "has the prefix /"],
  ])("refuses %j in words", (text, reason) => {
    expect(parseNetwork(text)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });

  it("never throws, and its own spelling reads back as the same", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV4Extended(), fc.ipV6(), anyNetwork), (text) => {
        const parsed = parseNetwork(text);
        if (parsed.ok) expect(parseNetwork(parsed.cidr)).toEqual(parsed);
      }),
    );
  });
});

describe("contains and overlaps", () => {
  it.each([
    ["198.51.100.0/24", "198.51.100.7", true, true],
    ["198.51.100.7", "198.51.100.0/24", false, true],
    ["198.51.100.0/25", "198.51.100.128/25", false, false],
    ["198.51.100.0/23", "198.51.101.1", true, true],
    ["0.0.0.0/0", "203.0.113.9", true, true],
    ["::/0", "203.0.113.9", false, false],
    ["2001:db8::/47", "2001:db8:1::1", true, true],
    ["2001:db8::/48", "2001:db8:1::1", false, false],
    ["nonsense", "203.0.113.9", false, false],
  ])("%s and %s", (outer, inner, isInside, hasCommon) => {
    expect(contains(outer, inner)).toBe(isInside);
    expect(overlaps(outer, inner)).toBe(hasCommon);
  });

  it("overlap is symmetric, and of two networks that overlap one contains the other", () => {
    fc.assert(
      fc.property(anyNetwork, anyNetwork, (a, b) => {
        expect(overlaps(a, b)).toBe(overlaps(b, a));
        expect(overlaps(a, b)).toBe(contains(a, b) || contains(b, a));
      }),
    );
  });
});

describe("sortNetworks", () => {
  it("puts IPv4 first, orders by number and not by letter, and drops duplicates", () => {
    const sorted = sortNetworks(["2001:db8::/48", "203.0.113.9/32", "9.9.9.9/32", "203.0.113.0/24", "9.9.9.9/32"]);

    expect(sorted).toEqual(["9.9.9.9/32", "203.0.113.0/24", "203.0.113.9/32", "2001:db8::/48"]);
  });

  it("does not depend on the order given", () => {
    fc.assert(
      fc.property(fc.array(anyNetwork), (texts) => {
        const cidrs = texts.flatMap((text) => {
          const parsed = parseNetwork(text);
          return parsed.ok ? [parsed.cidr] : [];
        });
        expect(sortNetworks([...cidrs].reverse())).toEqual(sortNetworks(cidrs));
        expect([...cidrs].sort(compareNetworks)).toEqual([...cidrs].sort(compareNetworks).sort(compareNetworks));
      }),
    );
  });
});

const anyNetwork = fc.oneof(
  fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([ip, prefix]) => `${ip}/${prefix}`),
  fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })).map(([ip, prefix]) => `${ip}/${prefix}`),
);
