import { describe, expect, it } from "@jest/globals";
import { fetchedText, missingText, objectsText, tooEarlyText } from "../../src/domain/coverage-text.ts";
import { buildCoverage } from "../support/build-coverage.ts";

const AT = (hours: number, minutes: number) => Date.UTC(2026, 10, 21, hours, minutes);
const WINDOW = { startMs: AT(13, 32), endMs: AT(14, 2) };

describe("how complete a log is, in words", () => {
  it.each([
    [{}, "231 of 231 objects"],
    [{ objectsExpected: null }, "231 objects"],
    [{ objectsExpected: 1, objectsFound: 0 }, "0 of 1 object"],
    [{ objectsExpected: null, objectsFound: 1 }, "1 object"],
    [
      { objectsExpected: 1_234, objectsFound: 1_230, objectsNotFetched: 2 },
      "1,230 of 1,234 objects, 2 of them not fetched",
    ],
  ])("%j are %s", (given, text) => {
    expect(objectsText(buildCoverage(given))).toBe(text);
  });

  it("names the spans that no object covers, with the day where it is another", () => {
    const yesterday = AT(0, 0) - 5 * 60_000;

    expect(missingText(buildCoverage(), WINDOW)).toBeNull();
    expect(missingText(buildCoverage({ missing: { spans: 1, firstStartsMs: [AT(13, 40)] } }), WINDOW)).toBe(
      "No object for the span from 13:40 UTC: late, lost, or without a request.",
    );
    expect(missingText(buildCoverage({ missing: { spans: 9, firstStartsMs: [yesterday, AT(13, 40)] } }), WINDOW)).toBe(
      "No object for the spans from 2026-11-20 23:55 UTC, 13:40 UTC and 7 more: late, lost, or without a request.",
    );
  });

  it("says what was spent, and how new the newest object is", () => {
    expect(fetchedText(buildCoverage(), WINDOW)).toBe(
      "41.2 MB, 180 from the cache; 9.1 MB downloaded by 51 GET and 2 LIST. The newest object covers up to 14:05 UTC and was written at 14:06 UTC.",
    );
    expect(fetchedText(buildCoverage({ objectsFromCache: 0, newestEndMs: null }), WINDOW)).toBe(
      "41.2 MB; 9.1 MB downloaded by 51 GET and 2 LIST. The newest object was written at 14:06 UTC.",
    );
    expect(fetchedText(buildCoverage({ newestEndMs: null, newestWrittenMs: null }), WINDOW)).not.toContain("newest");
  });

  it.each([
    [AT(14, 6), "These logs come about 5 min late; ask again at 14:07 UTC."],
    [AT(14, 7), null],
  ])("says when to ask again as long as the window's end may be on its way", (listedMs, text) => {
    expect(tooEarlyText(buildCoverage({ listedMs }), WINDOW)).toBe(text);
  });
});
