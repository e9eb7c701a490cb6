import { describe, expect, it } from "@jest/globals";
import { noAnomalyCause } from "../../../src/domain/causes/no-anomaly.ts";
import { unknownCause } from "../../../src/domain/causes/unknown.ts";
import { compareWindows } from "../../../src/domain/slices.ts";
import { buildBreakdown, buildScene, counts, row, rows } from "../../support/build-scene.ts";

describe("no anomaly", () => {
  it("is likely where both windows are alike and nothing began", () => {
    const breakdown = buildBreakdown({ spike: counts(6_100) });

    expect(
      noAnomalyCause(breakdown, compareWindows(breakdown), { hasOnset: false, risesEveryDay: false }),
    ).toMatchObject({
      slice: {},
      excessShare: 0,
      evidence: [{ code: "no-onset" }, { code: "windows-alike", direction: "for" }],
    });
  });

  it("has against it that the windows differ, and names who sends most of both", () => {
    const breakdown = buildBreakdown({ by: { ip: rows(row("203.0.113.9", 4_000, 12_000), row("101.64.0.7", 9, 9)) } });

    const cause = noAnomalyCause(breakdown, compareWindows(breakdown), { hasOnset: false, risesEveryDay: false });

    expect(cause.score).toBeLessThan(0.6);
    expect(cause.evidence.filter(({ direction }) => direction === "against").map(({ code }) => code)).toEqual(
      expect.arrayContaining(["windows-alike", "constant-giant"]),
    );
  });

  it("is decided by a longer window", () => {
    const breakdown = buildBreakdown({ spike: counts(6_100) });

    expect(
      noAnomalyCause(breakdown, compareWindows(breakdown), { hasOnset: false, risesEveryDay: false }).rivals[0]
        ?.decidedBy,
    ).toBe("a longer window before, at the same time of day");
  });
});

describe("an unknown cause", () => {
  it("is said where everything grew in proportion and nothing else fits", () => {
    expect(unknownCause(buildScene(), [])).toMatchObject({
      slice: {},
      score: 0.8,
      evidence: [{ code: "in-proportion" }, {}],
    });
  });

  it("names the value that carries the excess from many clients", () => {
    const by = { userAgent: rows(row("Odd/1", 0, 11_000), row("Browser/1", 6_000, 7_000)) };

    const cause = unknownCause(buildScene({ breakdown: buildBreakdown({ by }) }), []);

    expect(cause?.slice).toEqual({ userAgent: "Odd/1" });
    expect(cause?.score).toBe(0.5);
  });

  it("is not said where another cause explains it, or little is left", () => {
    const other = { kind: "flash-crowd", slice: {}, excessShare: 1, score: 0.9, evidence: [], rivals: [] } as const;
    const heavy = { ...other, kind: "heavy-client" } as const;
    const rest = { ratio: 1, excess: 100, excessShare: 0.1, clientsRatio: 1 };

    expect(unknownCause(buildScene(), [other])).toBeNull();
    expect(unknownCause(buildScene({ rest }), [heavy])).toBeNull();
  });
});
