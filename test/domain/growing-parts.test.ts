import { describe, expect, it } from "@jest/globals";
import { growingParts } from "../../src/domain/growing-parts.ts";
import type { Breakdown } from "../../src/domain/traffic.ts";
import { buildBreakdown, counts, row, rows } from "../support/build-scene.ts";

function halves(by: Breakdown["by"]): Breakdown {
  return buildBreakdown({ spike: counts(7_200), by });
}

describe("growingParts", () => {
  it("names the requests of a new client once, by the name that people can do most about", () => {
    const by = {
      userAgent: rows(row("Indexer/1", 0, 1_200), row("Browser/1", 6_000, 6_000)),
      ip: rows(row("198.51.100.14", 0, 1_195), row("101.64.0.7", 50, 50)),
      net: rows(row("198.51.100.0/24", 0, 1_200)),
    };

    expect(growingParts(halves(by))).toEqual([{ dimension: "ip", value: "198.51.100.14", weight: 1 }]);
  });

  it("names parts of other requests beside each other, the largest first", () => {
    const by = { ip: rows(row("198.51.100.14", 0, 700), row("203.0.113.9", 0, 1_100)) };

    expect(growingParts(halves(by)).map(({ value }) => value)).toEqual(["203.0.113.9", "198.51.100.14"]);
  });

  it("leaves out what grew with everybody, is little, or had most of it before", () => {
    const by = {
      ip: rows(row("198.51.100.14", 0, 300)),
      userAgent: rows(row("Browser/1", 3_000, 3_600), row("Browser/2", 2_000, 3_000)),
    };

    expect(growingParts(halves(by))).toEqual([]);
  });

  it("takes who comes in at a place for as many requests as a visitor usually asks for", () => {
    const by = { refererHost: rows(row("news.example", 0, 250)) };
    const visited = { ...halves(by), baseline: counts(6_000, { clients: 500 }) };

    expect(growingParts(visited)).toEqual([{ dimension: "refererHost", value: "news.example", weight: 12 }]);
    expect(growingParts(halves(by))[0]?.weight).toBeGreaterThanOrEqual(4);
  });

  it("names few", () => {
    const many = Array.from({ length: 9 }, (_, i) => row(`203.0.113.${i}`, 0, 600 + 90 * i));

    expect(growingParts(halves({ ip: rows(...many) })).length).toBeLessThanOrEqual(4);
  });
});
