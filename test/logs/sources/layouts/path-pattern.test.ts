import { describe, expect, it } from "@jest/globals";
import { readPathPattern } from "../../../../src/logs/sources/layouts/path-pattern.ts";

const at = Date.parse("2026-10-01T23:41:00Z");

describe("a path that names the time", () => {
  it.each([
    ["web/{yyyy}/{MM}/{dd}/{HH}", "web/2026/10/01/23/", "web/"],
    ["web/{yyyy}/{MM}/{dd}/{HH}/", "web/2026/10/01/23/", "web/"],
    ["web/{yyyy}/{MM}/{dd}/{HH}/{mm}", "web/2026/10/01/23/", "web/"],
    ["{yyyy}{MM}{dd}", "20261001/", ""],
    ["year={yyyy}/month={MM}/day={dd}/site", "year=2026/month=10/day=01/site/", "year="],
    ["{dd}.{MM}.{yyyy}/a+b", "01.10.2026/a+b/", ""],
  ])("%s is looked into at %s", (path, prefix, fixedStart) => {
    const pattern = readPathPattern(path);

    expect(pattern.prefixAt(at)).toBe(prefix);
    expect(pattern.fixedStart).toBe(fixedStart);
  });

  it.each([
    ["web/{yyyy}/{MM}/{dd}/{HH}", "web/2026/10/01/23/a.log", "2026-10-01T23:00Z", "a.log"],
    ["web/{yyyy}/{MM}/{dd}/{HH}/{mm}", "web/2026/10/01/23/40/a.log", "2026-10-01T23:40Z", "a.log"],
    [
      "year={yyyy}/month={MM}/day={dd}",
      "year=2026/month=10/day=01/hour=23/a.log",
      "2026-10-01T00:00Z",
      "hour=23/a.log",
    ],
    ["{yyyy}/{yyyy}-{MM}-{dd}", "2026/2026-10-01/a.log", "2026-10-01T00:00Z", "a.log"],
  ])("%s holds %s", (path, key, folder, rest) => {
    expect(readPathPattern(path).read(key)).toEqual({ folderMs: Date.parse(folder), rest });
  });

  it.each([
    ["web/{yyyy}/{MM}/{dd}", "web-2/2026/10/01/a.log"],
    ["web/{yyyy}/{MM}/{dd}", "web/2026/10/1/a.log"],
    ["web/{yyyy}/{MM}/{dd}", "web/2026/13/01/a.log"],
    ["web/{yyyy}/{MM}/{dd}", "web/2026/02/30/a.log"],
    ["{yyyy}/{yyyy}-{MM}-{dd}", "2026/2025-10-01/a.log"],
    ["a.b/{yyyy}/{MM}/{dd}", "axb/2026/10/01/a.log"],
  ])("%s does not hold %s", (path, key) => {
    expect(readPathPattern(path).read(key)).toBeNull();
  });

  it("is filled with what else stands in it", () => {
    const pattern = readPathPattern("AWSLogs/{accountId}/{yyyy}/{MM}/{dd}", { accountId: "1234" });

    expect(pattern.prefixAt(at)).toBe("AWSLogs/1234/2026/10/01/");
    expect(pattern.read("AWSLogs/1234/2026/10/01/a")).toMatchObject({ rest: "a" });
    expect(pattern.read("AWSLogs/4321/2026/10/01/a")).toBeNull();
  });
});
