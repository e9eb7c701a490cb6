import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { isRandomLooking, isRandomQuery, queryTemplate } from "../../../src/domain/scan/query.ts";

describe("isRandomLooking", () => {
  it.each([
    "8341205",
    "834120579912",
    "1706700000",
    "a81bc81bdeadbeef9f02",
    "7E3AD709A3CFDC4D",
    "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    "X7f9Qa2LkP0z",
    "9xQ2mLr7TbVw3kNcZ5yA==",
    "k3j9x0q2m7p",
  ])("%s looks random", (value) => {
    expect(isRandomLooking(value)).toBe(true);
  });

  it.each([
    "",
    "2",
    "341205",
    "1706700000123",
    "20240131",
    "2024-01-31T10:00:00Z",
    "summer-collection",
    "iphone-15-pro-max-256gb",
    "SKU-1234-AB-5678",
    "newsletter_2024_05_12",
    "SearchResultsPage",
    "camelCaseWordHere",
    "facebookmarket",
    "deadbeefcafe",
    "000000000000000a",
    "198.51.100.7",
    "v1.2.3",
    "ABCDEFGHIJKLMNOP",
  ])("%s does not", (value) => {
    expect(isRandomLooking(value)).toBe(false);
  });

  it("knows nearly all hexadecimal hashes", () => {
    const digits = fc.array(fc.constantFrom(..."0123456789abcdef"), { minLength: 32, maxLength: 32 });

    const hashes = fc.sample(digits, { numRuns: 500, seed: 7 }).map((hash) => hash.join(""));

    expect(hashes.filter(isRandomLooking).length).toBeGreaterThan(490);
  });
});

describe("queryTemplate", () => {
  it.each([
    { query: "", gives: "" },
    { query: "?", gives: "" },
    { query: "sort=asc&page=2&page=3", gives: "page&sort" },
    { query: "?page=2&sort=asc", gives: "page&sort" },
    { query: "83412057", gives: "{random}" },
    { query: "83412057=1&v=2", gives: "v&{random}" },
    { query: "q=a=b#part", gives: "q" },
    { query: "=x&&debug", gives: "debug" },
    { query: `${"key".repeat(50)}=1`, gives: "key".repeat(50).slice(0, 40) },
  ])("$query is $gives", ({ query, gives }) => {
    expect(queryTemplate(query)).toBe(gives);
  });
});

describe("isRandomQuery", () => {
  it.each([
    { query: "83412057", is: true },
    { query: "?page=2&_=83412057", is: true },
    { query: "83412057=", is: true },
    { query: "page=2&sort=asc", is: false },
    { query: "", is: false },
  ])("$query: $is", ({ query, is }) => {
    expect(isRandomQuery(query)).toBe(is);
  });
});
