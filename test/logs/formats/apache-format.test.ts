import { describe, expect, it } from "@jest/globals";
import { createCustomFormat } from "../../../src/logs/formats/custom-format.ts";
import { compileApacheFormat } from "../../../src/logs/formats/described/apache-format.ts";
import { readLine } from "../../support/read-line.ts";

function readWith(apache: string, line: string) {
  return readLine(createCustomFormat({ apache }), line);
}

const TIME = "[01/Oct/2026:12:00:00 +0000]";

describe("a LogFormat of Apache", () => {
  it("becomes the line that it describes", () => {
    expect(compileApacheFormat('%h %t "%r" %>s')).toEqual({
      parts: [
        { kind: "field", is: "client" },
        { kind: "literal", text: " [" },
        { kind: "field", is: { time: "arrival", as: "clf" } },
        { kind: "literal", text: '] "' },
        { kind: "field", is: "request" },
        { kind: "literal", text: '" ' },
        { kind: "field", is: "status" },
        { kind: "may-end" },
        { kind: "literal", text: " " },
        { kind: "rest" },
      ],
      escaping: "apache",
      legs: "logged",
    });
  });

  it("may be the whole directive, or its string in quotes", () => {
    const expected = compileApacheFormat('%h %t "%r" %>s "%{Referer}i"');

    expect(compileApacheFormat('LogFormat "%h %t \\"%r\\" %>s \\"%{Referer}i\\"" short')).toEqual(expected);
    expect(compileApacheFormat('"%h %t \\"%r\\" %>s \\"%{Referer}i\\""')).toEqual(expected);
  });

  it.each([
    ["%h %t %m %U%q %H", `198.51.100.7 ${TIME} GET /a?b=c HTTP/1.1`, { method: "GET", path: "/a", query: "b=c" }],
    [
      '%h %t "%m %U%q %H" %>s',
      `198.51.100.7 ${TIME} "GET /a b?c HTTP/1.1" 200`,
      { method: "GET", path: "/a b", query: "c", status: 200 },
    ],
    [
      "%t %v:%p %h:%{remote}p",
      `${TIME} [2001:db8::1]:443 2001:db8::7:4711`,
      { host: "[2001:db8::1]", client: "2001:db8::7" },
    ],
    ['%h\\t%t\\t\\"%r\\"', `198.51.100.7\t${TIME}\t"GET /a HTTP/1.1"`, { path: "/a" }],
    ["%h %t %m %U %q", `198.51.100.7 ${TIME} GET /a ?b=c`, { path: "/a", query: "b=c" }],
    ["%h %t %m %U %q|", `198.51.100.7 ${TIME} GET /a |`, { path: "/a", query: null }],
    ["%h %a %t", `pool-7.isp.example 198.51.100.7 ${TIME}`, { client: "198.51.100.7" }],
    ["%{c}a %a %t", `10.0.0.1 198.51.100.7 ${TIME}`, { client: "198.51.100.7" }],
    ["%h %t %s %>s", `198.51.100.7 ${TIME} 302 200`, { status: 200 }],
    [
      "%h %t %T %D",
      `198.51.100.7 ${TIME} 1 1250000`,
      { totalSecs: 1.25, completedMs: Date.UTC(2026, 9, 1, 12, 0, 1, 250) },
    ],
    ["%h %t %{ms}T", `198.51.100.7 ${TIME} 1250`, { totalSecs: 1.25 }],
    ["%h %t %{us}T", `198.51.100.7 ${TIME} 1250`, { totalSecs: 0.00125 }],
    ["%h %{msec}t", "198.51.100.7 1790856000123", { arrivalMs: 1_790_856_000_123 }],
    ["%h %{usec}t", "198.51.100.7 1790856000123456", { arrivalMs: 1_790_856_000_123 }],
    [
      "%h [%{%d/%b/%Y %T}t.%{msec_frac}t %{%z}t]",
      "198.51.100.7 [01/Oct/2026 14:00:00.250 +0200]",
      { arrivalMs: Date.UTC(2026, 9, 1, 12, 0, 0, 250), completedMs: null },
    ],
    [
      "%h %{end:%F %T}t.%{end:usec_frac}t%{end:%z}t",
      "198.51.100.7 2026-10-01 14:00:00.250999+0200",
      { completedMs: Date.UTC(2026, 9, 1, 12, 0, 0, 250) },
    ],
    ["%h [%{%F %T %z}t]", "198.51.100.7 [2026-10-01 14:00:00 +0200]", { arrivalMs: Date.UTC(2026, 9, 1, 12) }],
    ["%h %{end:sec}t", "198.51.100.7 1790856000", { completedMs: 1_790_856_000_000 }],
    [
      "%h [%{%Y-%m-%dT%H:%M:%S%z}t]",
      "198.51.100.7 [2026-10-01T14:00:00+0200]",
      { arrivalMs: Date.UTC(2026, 9, 1, 12) },
    ],
    ["%h %t %V %p %B %I %O", `198.51.100.7 ${TIME} Shop.example 443 10 20 30`, { host: "shop.example", bytes: 10 }],
    ["%h %t %!200,304{User-agent}i %400,501{X}i", `198.51.100.7 ${TIME} curl -`, { userAgent: "curl" }],
    [
      '%h %t "%{X-Forwarded-For}i" %{Host}i %{SSL_PROTOCOL}x',
      `198.51.100.7 ${TIME} "10.0.0.1, 10.0.0.2" a.example:80 TLSv1.3`,
      { forwardedFor: "10.0.0.1, 10.0.0.2", host: "a.example", tls: "TLSv1.3" },
    ],
    ["%h %t 100%% %^FB %{constructor}i %L", `198.51.100.7 ${TIME} 100% - - -`, { client: "198.51.100.7" }],
  ])("%s reads %s", (format, line, expected) => {
    expect(readWith(format, line)).toMatchObject(expected);
  });

  it.each([
    ["%h%a %t", /%h and %a touch; a character that is in neither must stand between them/],
    ["%h %t %", /a % without a letter behind it is at character 7/],
    ["%h %>s", /it logs no time; it needs %t, %\{sec\}t or %\{msec\}t/],
    ["%t %b", /nothing of a request/],
    ["%h %{%d %H:%M}t", /%\{%d %H:%M\}t is a time whose zone or layout is not known here/],
    ["%h %{%F %T}t", /%\{%F %T\}t is a time .* allowed are %\{usec\}t, %\{msec\}t, %\{sec\}t/],
    ["%h %{%F %T}t.%{msec_frac}t", /%\{%F %T\}t is a time whose zone/],
    ["%h %{constructor}t", /%\{constructor\}t is a time whose zone/],
    ["%h %t %{constructor}T", /none of the units/],
    ["%h %t %{min}T", /%\{min\}T has none of the units s, ms and us/],
  ])("%s is refused with a reason", (format, reason) => {
    expect(() => compileApacheFormat(format)).toThrow(
      expect.objectContaining({ name: "UserError", code: "bad-log-format", message: expect.stringMatching(reason) }),
    );
  });
});
