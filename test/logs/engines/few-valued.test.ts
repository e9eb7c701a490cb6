import { expect, it } from "@jest/globals";
import type { Dimension } from "../../../src/domain/traffic.ts";
import { fewValued } from "../../../src/logs/engines/duckdb/few-valued.ts";
import type { Dictionaries } from "../../../src/logs/questions/dictionaries.ts";

const ALL: readonly Dimension[] = ["path", "method", "host", "status"];

it("takes dimensions together as long as their values have few combinations", () => {
  const few = fewValued(ALL, withCounts({ path: 50_000, method: 5, host: 3 }));

  expect(few).toEqual(["host", "method", "status"]);
});

it("leaves out what would make the combinations many", () => {
  const few = fewValued(ALL, withCounts({ path: 50_000, method: 9, host: 200 }));

  expect(few).toEqual(["method", "status"]);
});

it("takes a dimension that no request tells of", () => {
  expect(fewValued(["cache"], withCounts({}))).toEqual(["cache"]);
});

function withCounts(counts: Readonly<Partial<Record<Dimension, number>>>): Dictionaries {
  return { countOf: (dimension) => counts[dimension] ?? 0, valuesOf: async () => [], idsOf: async () => [] };
}
