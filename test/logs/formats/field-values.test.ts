import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { decodePercent, unescapeText } from "../../../src/logs/formats/escapes.ts";
import { bytesOf, secsOf, statusOf, targetOf } from "../../../src/logs/formats/field-values.ts";
import { parseClock, parseTime } from "../../../src/logs/formats/logged-time.ts";
import { followLegs, requestTimes } from "../../../src/logs/formats/request-times.ts";
import { parseHost, parseUrl } from "../../../src/logs/formats/url.ts";

describe("times", () => {
  it.each([
    ["2026-10-01T12:00:00.123999Z", "iso", "2026-10-01T12:00:00.123Z"],
    ["2026-10-01T12:00:00Z", "iso", "2026-10-01T12:00:00Z"],
    ["2026-10-01T12:00:00", "iso", "2026-10-01T12:00:00Z"],
    ["2026-10-01T15:30:00+03:30", "iso", "2026-10-01T12:00:00Z"],
    ["2026-10-01T15:30:00+0330", "iso", "2026-10-01T12:00:00Z"],
    ["2016-12-31T23:59:60Z", "iso", "2017-01-01T00:00:00Z"],
    ["26/Jan/2019:19:45:25 +0330", "clf", "2019-01-26T16:15:25Z"],
    ["29/Feb/2024:00:00:00 -0100", "clf", "2024-02-29T01:00:00Z"],
    ["1790856000.5", "epoch-secs", "2026-10-01T12:00:00.500Z"],
    ["1790856000", "epoch-secs", "2026-10-01T12:00:00Z"],
    ["1790856000123", "epoch-ms", "2026-10-01T12:00:00.123Z"],
    ["1790856000123", "epoch-secs", "2026-10-01T12:00:00.123Z"],
    ["1790856000", "epoch-ms", "2026-10-01T12:00:00Z"],
    ["1790856000123456", "epoch-ms", "2026-10-01T12:00:00.123Z"],
    ["1790856000123456789", "epoch-secs", "2026-10-01T12:00:00.123Z"],
    ["1790856000977000000", "epoch-secs", "2026-10-01T12:00:00.977Z"],
    ["2026-10-01 15:30:00.5 +0330", "iso", "2026-10-01T12:00:00.500Z"],
    ["26/Jan/2019 19:45:25.123456 +0330", "clf", "2019-01-26T16:15:25.123Z"],
  ] as const)("%s as %s is %s", (text, as, iso) => {
    expect(parseTime(text, as)).toBe(Date.parse(iso));
  });

  it.each([
    ["2026-02-30T12:00:00Z", "iso"],
    ["2026-13-01T12:00:00Z", "iso"],
    ["2026-10-01T24:00:00Z", "iso"],
    ["2026-10-01T12:00:00+2500", "iso"],
    ["9026-10-01T12:00:00Z", "iso"],
    ["1980-10-01T12:00:00Z", "iso"],
    ["2026-10-01", "iso"],
    ["31/Nov/2026:12:00:00 +0000", "clf"],
    ["01/Okt/2026:12:00:00 +0000", "clf"],
    ["01/Oct/2026:12:00:00", "clf"],
    ["-1", "epoch-secs"],
    ["179085600012345", "epoch-ms"],
    ["", "clf"],
  ] as const)("%s as %s is none", (text, as) => {
    expect(parseTime(text, as)).toBeNull();
  });

  it("are those of Date for every time that can be written", () => {
    const times = fc.date({ min: new Date("1991-01-01"), max: new Date("2099-12-31"), noInvalidDate: true });

    fc.assert(fc.property(times, (at) => parseTime(at.toISOString(), "iso") === at.getTime()));
  });

  it("of day have fractions or none", () => {
    expect(parseClock("12:00:01.25")).toBe(43_201_250);
    expect(parseClock("12:60:00")).toBeNull();
  });
});

describe("numbers", () => {
  it.each([
    ["200", 200],
    ["999", 999],
    ["000", null],
    ["099", null],
    ["0", null],
    ["-", null],
    ["2000", null],
    ["", null],
  ])("the status %s is %s", (text, status) => {
    expect(statusOf(text)).toBe(status);
  });

  it.each([
    ["0", 0],
    ["123456789012345", 123_456_789_012_345],
    ["1234567890123456", null],
    ["-1", null],
    ["-", null],
    ["1.5", null],
  ])("the bytes %s are %s", (text, bytes) => {
    expect(bytesOf(text)).toBe(bytes);
  });

  it.each([
    ["0.041", 1, 0.041],
    ["0.1, 0.2", 1, 0.3],
    ["0.001, - : 0.002", 1, 0.003],
    ["-1, 2", 1, 2],
    ["41", 0.001, 0.041],
    ["1250", 0.000001, 0.00125],
    ["1.5414835421835185", 1, 1.541484],
    ["-1", 1, null],
    ["-", 1, null],
    ["", 1, null],
    ["1e3", 1, null],
  ])("the seconds of %s, each %d, are %s", (text, unitSecs, secs) => {
    expect(secsOf(text, unitSecs)).toBe(secs);
  });

  it.each([
    ["10.0.0.1:80", "10.0.0.1:80"],
    ["10.0.0.1:80, 10.0.0.2:80 : -", "10.0.0.2:80"],
    ["-", null],
  ])("the server behind of %s is %s", (text, target) => {
    expect(targetOf(text)).toBe(target);
  });
});

describe("URLs", () => {
  it.each([
    ["/a?b=c?d", [null, null, "/a", "b=c?d"]],
    ["/a?", [null, null, "/a", null]],
    ["/a?-", [null, null, "/a", null]],
    ["-", [null, null, null, null]],
    ["*", [null, null, "*", null]],
    ["//example.com/", [null, null, "//example.com/", null]],
    ["HTTPS://user:pass@Shop.Example:443/A?B", ["https", "shop.example", "/A", "B"]],
    ["http://internal.example:80-/", ["http", "internal.example", "/", null]],
    ["https://shop.example:443*", ["https", "shop.example", "*", null]],
    ["http://shop.example", ["http", "shop.example", "/", null]],
    ["http://shop.example?a", ["http", "shop.example", "/", "a"]],
    ["http://[2001:db8::7]:80/", ["http", "[2001:db8::7]", "/", null]],
    ["http:///a", ["http", null, "/a", null]],
    ["/to?http://a.example/", [null, null, "/to", "http://a.example/"]],
  ])("%s is taken apart", (text, [scheme, host, path, query]) => {
    expect(parseUrl(text)).toEqual({ scheme, host, path, query });
  });

  it.each([
    ["Shop.example:8080", "shop.example"],
    ["shop.example", "shop.example"],
    ["2001:db8::7", "2001:db8::7"],
    ["[::1]:80", "[::1]"],
    ["-", null],
    ["", null],
  ])("the site %s is %s", (text, host) => {
    expect(parseHost(text)).toBe(host);
  });
});

describe("escapes", () => {
  it.each([
    ["a\\x22b\\x5C", "hex", 'a"b\\'],
    ["\\xD0\\x9F\\xff", "hex", "П\uFFFD"],
    ['say \\"hi\\" \\\\x41', "hex", 'say "hi" \\x41'],
    ["a\\nb \\xZZ", "hex", "a\\nb \\xZZ"],
    ["a\\nb\\tc\\\\n", "apache", "a\nb\tc\\n"],
    ['\\u00fc\\/\\"\\n\\ud83d\\ude00', "json", 'ü/"\n😀'],
    ['a\\"b', "none", 'a\\"b'],
    ["%2520", "percent", "%2520"],
  ] as const)("%s as %s is %s", (text, escaping, expected) => {
    expect(unescapeText(text, escaping)).toBe(expected);
  });

  it.each([
    ["%2520", "%20"],
    ["%%32", "%2"],
    ["%C3%BC%FF%", "ü%FF%"],
  ])("%s is decoded to %s, once", (text, expected) => {
    expect(decodePercent(text)).toBe(expected);
  });
});

describe("times and legs of a request", () => {
  const none = { total: null, backend: null, connect: null, header: null, firstByte: null, body: null, client: null };

  it("follow from what is logged, and never overrule it", () => {
    expect(followLegs({ ...none, connect: 0.1, firstByte: 0.2, body: 0 }, "sum")).toMatchObject({
      totalSecs: 0.3,
      backendSecs: 0.2,
    });
    expect(followLegs({ ...none, connect: 0.1, firstByte: null, body: 0 }, "sum")).toMatchObject({
      totalSecs: null,
      backendSecs: null,
    });
    expect(followLegs({ ...none, total: 1, connect: 0.1, header: 0.3, backend: 0.7 }, "nginx")).toMatchObject({
      firstByteSecs: 0.2,
      bodySecs: 0.4,
      clientSecs: 0.3,
    });
    expect(followLegs({ ...none, total: 0.5, backend: 0.7 }, "nginx")).toMatchObject({
      firstByteSecs: null,
      clientSecs: 0,
    });
    expect(followLegs({ ...none, total: 1, backend: 0.7 }, "logged")).toMatchObject({ clientSecs: null });
  });

  const at = Date.UTC(2026, 9, 1);

  it.each([
    [
      { arrivalMs: at, completedMs: at + 9, totalSecs: 1 },
      { arrivalMs: at, completedMs: at + 9 },
    ],
    [
      { arrivalMs: at, completedMs: null, totalSecs: 1 },
      { arrivalMs: at, completedMs: at + 1_000 },
    ],
    [
      { arrivalMs: at, completedMs: null, totalSecs: null },
      { arrivalMs: at, completedMs: null },
    ],
    [
      { arrivalMs: null, completedMs: at, totalSecs: 1 },
      { arrivalMs: at - 1_000, completedMs: at },
    ],
    [
      { arrivalMs: null, completedMs: at, totalSecs: null },
      { arrivalMs: at, completedMs: at },
    ],
    [
      { arrivalMs: null, completedMs: at, totalSecs: 1e12 },
      { arrivalMs: at, completedMs: at },
    ],
    [{ arrivalMs: null, completedMs: null, totalSecs: 1 }, null],
  ])("%j are %j", (logged, times) => {
    expect(requestTimes(logged)).toEqual(times);
  });
});
