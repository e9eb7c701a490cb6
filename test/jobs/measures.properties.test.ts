import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { contains, formatNetwork } from "../../src/domain/address.ts";
import { applyOnce, approved } from "../support/job-context.ts";
import { measuredContext, measuredYaml, measureOf } from "../support/measured-context.ts";

const GUARDED = ["10.0.0.0/8", "203.0.113.0/28", "198.51.100.64/26", "192.0.2.10/32", "2001:db8:40::/48"];
const yaml = measuredYaml({
  rest: "guards: { own: [198.51.100.64/26, 2001:db8:40::/48], monitoring: [192.0.2.10/32] }",
});

const byte = fc.integer({ min: 0, max: 255 });
/** Mostly near what is guarded, at prefixes that reach into it and around it. */
const network = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("10.1.2", "203.0.113", "198.51.100", "192.0.2", "93.184.216"),
      byte,
      fc.integer({ min: 22, max: 32 }),
    )
    .map(([net, last, prefix]) => `${net}.${last}/${prefix}`),
  fc
    .tuple(fc.constantFrom("2001:db8:40", "2001:db8:41"), byte)
    .map(([net, last]) => `${net}::${last.toString(16)}/128`),
);

describe("whatever was approved, and by whatever measure", () => {
  it("no address that a guard names reaches any set", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("rate-limit", "challenge", "block"),
        fc.uniqueArray(network, { minLength: 1, maxLength: 4 }),
        async (measure, networks) => {
          const context = measuredContext({}, yaml);
          const { measure: _limit, rateLimit: _rule, ...plain } = measureOf("rate-limit", networks);
          const change = measure === "block" ? plain : measureOf(measure, networks);
          const { id } = await approved(context, { change });

          await applyOnce({ id }, context).catch(() => undefined);

          for (const [name, { blocked }] of Object.entries(context.of)) {
            if (name !== measure) expect([...blocked]).toEqual([]);
            for (const held of blocked) {
              const reached = GUARDED.filter(
                (guarded) => contains(held, guarded) || contains(guarded, formatNetwork(held)),
              );
              expect(reached).toEqual([]);
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
