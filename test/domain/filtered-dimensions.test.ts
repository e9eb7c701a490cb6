import { describe, expect, it } from "@jest/globals";
import { filteredDimensions } from "../../src/domain/filtered-dimensions.ts";

describe("filteredDimensions", () => {
  it("gives each dimension of a filter once", () => {
    expect(filteredDimensions({ only: { path: "/", ip: "198.51.100.7" }, not: { query: "q=1", path: "/a" } })).toEqual([
      "path",
      "ip",
      "query",
    ]);
  });

  it("gives none for no filter", () => {
    expect(filteredDimensions({})).toEqual([]);
  });
});
