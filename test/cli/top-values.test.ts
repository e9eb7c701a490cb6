import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { findTopValues } from "../../src/cli/top-values.ts";
import { fakeLogReader } from "../support/fake-log-reader.ts";
import type { FakeRequest } from "../support/fake-request.ts";

const requests: fc.Arbitrary<FakeRequest[]> = fc.array(
  fc.record({
    atMs: fc.nat(999),
    ip: fc.constantFrom("198.51.100.1", "198.51.100.2", "198.51.100.3", "198.51.100.4", "198.51.100.5"),
    path: fc.constantFrom("/a", "/b", "/c", "/d", "/e", "/f"),
    status: fc.constantFrom(200, 503),
    bytes: fc.nat(100),
  }),
  { maxLength: 60 },
);
const moment = fc.nat(1_000);

describe("the largest values of a span", () => {
  it("are the same whether counted anew or added up from what is known", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ requests, split: moment, hasBaseline: fc.boolean(), knownRows: fc.integer({ min: 1, max: 6 }) }),
        async ({ requests, split, hasBaseline, knownRows }) => {
          const slice = await fakeLogReader(requests).read({ window: null });
          const span = { startMs: 0, endMs: 1_000 };
          const before = { startMs: 0, endMs: split };
          const known = await slice.breakdown({
            baseline: before,
            spike: { startMs: split, endMs: 1_000 },
            dimensions: ["ip"],
            topN: knownRows,
          });
          const baseline = hasBaseline ? before : { startMs: 0, endMs: 0 };
          const whole = await slice.breakdown({ baseline, spike: span, dimensions: ["ip", "path"], topN: 100 });

          const top = await findTopValues(slice, { span, baseline, dimensions: ["ip", "path"], topN: 2, known });

          expect(top).toMatchObject({ requests: requests.length, clients: whole.spike.clients });
          for (const dimension of ["ip", "path"] as const) {
            const expected = whole.by[dimension]?.rows.slice(0, 2) ?? [];
            expect(
              top.by[dimension]?.rows.map(({ value, requests, bytes, errors }) => [value, requests, bytes, errors]),
            ).toEqual(expected.map(({ value, spike }) => [value, spike.requests, spike.bytes, spike.errors]));
          }
        },
      ),
    );
  });
});
