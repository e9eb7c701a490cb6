import { describe, expect, it } from "@jest/globals";
import { stripContainerPrefix } from "../../../src/logs/formats/container-prefix.ts";
import { detectFormat } from "../../../src/logs/formats/detect.ts";
import { allFormatFacts, formatFacts, knownFields } from "../../../src/logs/formats/format-facts.ts";
import { FORMATS, formatNamed } from "../../../src/logs/formats/index.ts";

const FACTS = allFormatFacts().map((facts) => [facts.name, facts] as const);

describe("the facts of a format", () => {
  it.each(FACTS)("%s has an example that is told and read as it", (name, facts) => {
    const { format } = detectFormat(facts.example.map(stripContainerPrefix), FORMATS);

    expect(format?.name).toBe(name);
    expect(facts.record).not.toBeNull();
  });

  it.each(FACTS)("%s has an example with nearly all that it can tell", (_name, facts) => {
    const known = facts.record === null ? [] : knownFields(facts.record);

    // The seconds of its origin are in CloudFront's real-time logs alone.
    expect(facts.tells.filter((field) => !known.includes(field) && field !== "backendSecs")).toEqual([]);
  });

  it.each([
    ["alb", "arrival", ["referer"]],
    ["nginx-timing", "answered, less the time taken", ["host"]],
    ["nginx-combined", "answered", ["host", "totalSecs", "backendSecs"]],
    ["waf", "arrival", ["bytes", "totalSecs", "backendSecs"]],
    ["haproxy", "arrival", ["userAgent", "referer"]],
    ["cloudfront", "answered, less the time taken", []],
  ] as const)("%s: its time is %s, and it lacks %j", (name, clock, lacks) => {
    expect(formatFacts(formatNamed(name))).toMatchObject({ clock, lacks });
  });
});
