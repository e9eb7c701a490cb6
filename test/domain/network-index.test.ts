import { expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Network, overlaps, parseNetwork } from "../../src/domain/address.ts";
import { indexNetworks } from "../../src/domain/network-index.ts";

const near = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 255 }), fc.integer({ min: 14, max: 32 }))
  .map(([third, last, prefix]) => (parseNetwork(`10.0.${third}.${last}/${prefix}`) as Network).cidr);
const near6 = fc
  .tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 28, max: 128 }))
  .map(([part, prefix]) => (parseNetwork(`2001:db8:${part.toString(16)}::1/${prefix}`) as Network).cidr);
const network = fc.oneof(near, near6);

it("finds an overlap exactly where there is one", () => {
  fc.assert(
    fc.property(fc.array(network, { maxLength: 12 }), network, (cidrs, asked) => {
      const found = indexNetworks(cidrs.map((cidr) => ({ cidr }))).overlapping(parseNetwork(asked) as Network);

      expect(found !== null).toBe(cidrs.some((cidr) => overlaps(cidr, asked)));
      if (found !== null) expect(overlaps(found.cidr, asked)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
