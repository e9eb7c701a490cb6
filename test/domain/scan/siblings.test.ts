import { describe, expect, it } from "@jest/globals";
import { findSiblings } from "../../../src/domain/scan/siblings.ts";
import { sliceName } from "../../../src/domain/scan/slice-name.ts";

function slice(values: Record<string, string>, gain: number) {
  return { values, gain };
}

describe("findSiblings", () => {
  const shared = slice({ userAgent: "x" }, 100);

  it("gives the two that gain half as much again as the slice that has both", () => {
    const pair = [slice({ ip: "a" }, 90), slice({ ip: "b" }, 70)];

    expect(findSiblings([shared, ...pair, slice({ ip: "c" }, 60)])).toEqual(pair);
  });

  it.each([
    { name: "they gain less", gains: [90, 59] },
    { name: "the second is much the lesser", gains: [100, 49] },
    { name: "there is only one", gains: [99] },
  ])("gives none where $name", ({ gains }) => {
    expect(findSiblings([shared, ...gains.map((gain, at) => slice({ ip: `${at}` }, gain))])).toBeNull();
  });

  it("pairs no slices by different dimensions", () => {
    expect(findSiblings([shared, slice({ ip: "a" }, 90), slice({ path: "/" }, 90)])).toBeNull();
  });

  it("gives none where nothing gains", () => {
    expect(findSiblings([])).toBeNull();
    expect(findSiblings([slice({ ip: "a" }, -1), slice({ ip: "b" }, -1)])).toBeNull();
  });
});

describe("sliceName", () => {
  it("is the same in whatever order the dimensions come", () => {
    expect(sliceName({ path: "/login", ip: "203.0.113.9" })).toBe("ip=203.0.113.9&path=/login");
    expect(sliceName({ ip: "203.0.113.9", path: "/login" })).toBe("ip=203.0.113.9&path=/login");
  });
});
