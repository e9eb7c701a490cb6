import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { queryShape } from "../../src/domain/query-shape.ts";

describe("queryShape", () => {
  it.each([
    ["q=1", "q"],
    ["page=2&cb=1696154400123&page=3", "page&cb={random}"],
    ["q=red+shoes&sid=q9X2bT7fLk", "q&sid={random}"],
    ["b=1&a=1", "b&a"],
    ["flag&empty=&x=1", "flag&empty&x"],
    ["&&a=1&", "a"],
    ["1696154400123", "{random}"],
    ["_=0.8374650912", "_={random}"],
    ["year=2026&day=20261001", "year&day={random}"],
    ["n=123456", "n"],
    ["n=1234567", "n={random}"],
    ["etag=9f86d081", "etag={random}"],
    ["etag=9f86d08", "etag"],
    ["id=3f2504e0-4f89-11d3-9a0c-0305e82c3301", "id={random}"],
    ["state=dGhpcyBpcyBhIHRlc3Q%3D", "state={random}"],
    ["k3Jx9Qz2Lm=1", "{random}"],
    ["token=x1x1x1x1x1", "token"],
    ["q=category&sort=PriceAscending", "q&sort"],
    ["utm_source=newsletter&utm_campaign=autumn-sale-2026", "utm_source&utm_campaign"],
    ["view=productListPage&lang=en_US", "view&lang"],
    ["from=2026-10-01T12:00:00Z", "from"],
    ["ids=1,2,3,4,5,6,7,8", "ids"],
    ["filter%5Bcolour%5D=red", "filter%5Bcolour%5D"],
  ])("turns %s into %s", (query, shape) => {
    expect(queryShape(query)).toBe(shape);
  });

  it.each(["", "&", "=", "=1"])("knows no shape of %p", (query) => {
    expect(queryShape(query)).toBeNull();
  });

  it("takes most keys of 8 and nearly all of 16 characters for made up", () => {
    const shareOf = (length: number) => {
      const keys = fc.sample(
        fc.string({
          unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz0123456789"),
          minLength: length,
          maxLength: length,
        }),
        {
          numRuns: 1_000,
          seed: 7,
        },
      );
      return keys.filter((key) => queryShape(`k=${key}`) === "k={random}").length / keys.length;
    };

    expect(shareOf(8)).toBeGreaterThan(0.75);
    expect(shareOf(16)).toBeGreaterThan(0.85);
  });

  it("looks at no more than the first 40 parameters", () => {
    const query = Array.from({ length: 1_000 }, (_, index) => `p${index}=1`).join("&");

    expect(queryShape(query)?.split("&")).toHaveLength(40);
  });
});
