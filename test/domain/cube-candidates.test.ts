import { describe, expect, it } from "@jest/globals";
import { cubeCandidates } from "../../src/domain/cube-candidates.ts";
import { buildBreakdown, counts, row, rows } from "../support/build-scene.ts";

describe("cubeCandidates", () => {
  it("takes what carries a hundredth of the excess or of the requests, the largest first", () => {
    const by = { ip: rows(row("101.64.0.7", 60, 60), row("198.51.100.14", 0, 9_000), row("203.0.113.9", 0, 500)) };

    expect(cubeCandidates(buildBreakdown({ by }), 1)).toEqual({ ip: ["198.51.100.14", "203.0.113.9"] });
  });

  it("takes what is little by count and much by cost", () => {
    const dear = { ...row("/preview/{id}", 0, 90), spike: counts(90, { backendSecs: 900 }) };
    const breakdown = buildBreakdown({
      baseline: counts(6_000, { backendSecs: 300 }),
      spike: counts(6_100, { backendSecs: 1_300 }),
      by: { pathTemplate: rows({ ...row("/", 6_000, 6_010), spike: counts(6_010, { backendSecs: 301 }) }, dear) },
    });

    expect(cubeCandidates(breakdown, 1).pathTemplate).toContain("/preview/{id}");
  });

  it("takes twelve of a dimension at most, and leaves out dimensions without any", () => {
    const many = Array.from({ length: 60 }, (_, i) => row(`/page/${i}`, 0, 300));

    const candidates = cubeCandidates(buildBreakdown({ by: { pathTemplate: rows(...many), host: rows() } }), 1);

    expect(candidates.pathTemplate).toHaveLength(12);
    expect(candidates).not.toHaveProperty("host");
  });
});
