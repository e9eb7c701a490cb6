import { describe, expect, it } from "@jest/globals";
import type { SliceRow, TrafficCounts } from "../../../src/domain/traffic.ts";
import { excessTable } from "../../../src/slack/views/excess-table.ts";
import { buildBreakdown } from "../../support/build-finding.ts";

function counts(requests: number): TrafficCounts {
  return { requests, bytes: 0, errors: 0, clients: 1, backendSecs: null, cacheMisses: null };
}

function part(...rows: readonly (readonly [value: string, before: number, during: number])[]) {
  return {
    rows: rows.map(
      ([value, before, during]): SliceRow => ({
        value,
        baseline: counts(before),
        spike: counts(during),
        firstSeenMs: 0,
      }),
    ),
    distinct: rows.length,
    unknown: { baselineRequests: 0, spikeRequests: 0 },
  };
}

/** Thirty minutes each; 30,000 requests before and 130,000 during. */
function cellsOf(by: Parameters<typeof buildBreakdown>[0]): readonly (readonly string[])[] | undefined {
  const rows = excessTable(buildBreakdown(by))?.rows;
  return rows?.slice(1).map((row) => row.map((cell) => ("text" in cell ? String(cell.text) : "")));
}

describe("the table of what explains the excess", () => {
  it("names the value of each dimension with the largest share, largest first", () => {
    const by = {
      pathTemplate: part(["/feed", 3_000, 63_000], ["/", 9_000, 12_000]),
      ip: part(["203.0.113.9", 600, 1_200], ["198.51.100.14", 0, 85_000]),
    };

    expect(cellsOf({ by })).toEqual([
      ["address", "198.51.100.14", "0 → 2,833", "85 %"],
      ["route", "/feed", "100 → 2,100", "60 %"],
    ]);
  });

  it("leaves out what nearly everything has at any time, and what explains less than a tenth", () => {
    const by = { host: part(["www.example.org", 29_000, 129_000]), ip: part(["203.0.113.9", 0, 9_000]) };

    expect(cellsOf({ by })).toBeUndefined();
  });

  it("leaves out what holds nothing but the narrower value", () => {
    const by = {
      ip: part(["198.51.100.14", 0, 85_000]),
      net: part(["198.51.100.0/24", 0, 85_000]),
      referer: part(["https://tv.example/a", 0, 30_000]),
      refererHost: part(["tv.example", 0, 60_000]),
    };

    expect(cellsOf({ by })?.map(([what]) => what)).toEqual(["address", "referring site", "referer"]);
  });

  it("says that a value carries all of it, where everybody else sent less than before", () => {
    expect(cellsOf({ by: { ip: part(["198.51.100.14", 0, 110_000]) } })?.[0]?.at(-1)).toBe("all of it");
  });

  it("is none without an excess or without a time to compare with", () => {
    expect(excessTable(buildBreakdown({ spike: counts(30_000) }))).toBeNull();
    expect(excessTable(buildBreakdown({ baselineWindow: { startMs: 0, endMs: 0 } }))).toBeNull();
  });
});
