import { describe, expect, it } from "@jest/globals";
import { ingressNginx, nginxCombined, nginxCombinedXff, nginxTiming } from "../../../src/logs/formats/servers/nginx.ts";
import { emptyRecord } from "../../../src/logs/record.ts";
import { combinedLine } from "../../support/log-lines.ts";
import { readLine } from "../../support/read-line.ts";

const read = (line: string) => readLine(nginxCombined, line);

describe("nginx lines in the combined format", () => {
  it("are read with every field", () => {
    expect(read(combinedLine())).toEqual({
      ...emptyRecord(Date.UTC(2026, 9, 1, 12)),
      completedMs: Date.UTC(2026, 9, 1, 12),
      client: "198.51.100.14",
      method: "GET",
      path: "/products/7",
      query: "ref=a",
      status: 200,
      bytes: 2048,
      userAgent: "curl/8.5.0",
      referer: "https://news.example/today",
    });
  });

  it.each([
    ["26/Jan/2019:19:45:25 +0330", "2019-01-26T16:15:25Z"],
    ["31/Dec/2026:23:30:00 -0100", "2027-01-01T00:30:00Z"],
    ["01/Oct/2026:12:00:00 +0000", "2026-10-01T12:00:00Z"],
  ])("have the time %s", (time, iso) => {
    expect(read(combinedLine({ time }))?.arrivalMs).toBe(Date.parse(iso));
  });

  it.each([
    ["", null, null],
    ["-", null, null],
    ["\\x16\\x03\\x01\\x02", null, null],
    ["]&\\xDF\\xBDV\\xE7\\xBB<\\x10;", null, null],
    ["batman", null, null],
    ["lv|'|'|Win XP|'|'|", null, null],
    ["GET /", "GET", "/"],
    ["GET /a b?c d HTTP/1.1", "GET", "/a b"],
    ['GET /q="x" HTTP/1.1', "GET", '/q="x"'],
    ["GET /\\x22 HTTP/1.1", "GET", '/"'],
    ["GET /\\xD0\\x9F HTTP/1.1", "GET", "/П"],
    ["GET /\\xFF HTTP/1.1", "GET", "/\uFFFD"],
    ["PROPPATCH /dav HTTP/1.1", "PROPPATCH", "/dav"],
    ["OPTIONS * HTTP/1.0", "OPTIONS", "*"],
  ])("have the request %s", (request, method, path) => {
    expect(read(combinedLine({ request }))).toMatchObject({ method, path, status: 200, bytes: 2048 });
  });

  it("are read with quotes that nobody escaped", () => {
    expect(read(combinedLine({ userAgent: 'a "b" c' }))).toMatchObject({ userAgent: 'a "b" c' });
    expect(read(combinedLine({ referer: 'a "b' }))).toMatchObject({ referer: 'a "b', userAgent: "curl/8.5.0" });
  });

  it("are read up to where they are cut, without the half that is left of a field", () => {
    const line = combinedLine();

    expect(read(line.slice(0, line.indexOf('"https')))).toMatchObject({ status: 200, bytes: 2048, userAgent: null });
    expect(read(line.slice(0, line.indexOf("48 ")))).toMatchObject({ status: 200, bytes: null });
    expect(read(line.slice(0, line.indexOf("HTTP/1.1")))).toMatchObject({ client: "198.51.100.14", path: null });
    expect(read(line.slice(0, 20))).toBeNull();
  });

  it("are read with more at the end than is known", () => {
    expect(read(`${combinedLine()} 0.123 "shop.example" x="y"`)).toMatchObject({ userAgent: "curl/8.5.0" });
  });

  it("say 499 and 000 as nginx means them", () => {
    expect(read(combinedLine({ status: "499" }))?.status).toBe(499);
    expect(read(combinedLine({ status: "000" }))?.status).toBeNull();
  });

  it("are one each, whatever they hold", () => {
    expect(read(`${combinedLine({ userAgent: 'a"' })}\r`)).toMatchObject({ userAgent: 'a"' });
  });
});

describe("longer nginx lines", () => {
  it("have X-Forwarded-For as it was sent", () => {
    const line = `${combinedLine()} "203.0.113.9, 10.0.0.1"`;

    expect(readLine(nginxCombinedXff, line)).toMatchObject({
      client: "198.51.100.14",
      forwardedFor: "203.0.113.9, 10.0.0.1",
    });
  });

  it.each([
    ['rt=0.300 uct="0.004" uht="0.104" urt="0.204"', [0.3, 0.204, 0.004, 0.1, 0.1, 0.096]],
    ['rt=0.300 uct="-" uht="-" urt="-"', [0.3, null, null, null, null, null]],
    [
      'rt=0.010 uct="0.000, 0.001" uht="0.001, 0.003" urt="0.001, 0.003 : 0.002"',
      [0.01, 0.006, 0.001, 0.003, 0.002, 0.004],
    ],
    ['rt=0.001 uct="-, 0.000" uht="-, 0.003" urt="-, 0.002"', [0.001, 0.002, 0, 0.003, 0, 0]],
  ])("have the legs of %s", (times, legs) => {
    const line = `${combinedLine()} ${times}`;

    const record = readLine(nginxTiming, line);

    expect([
      record?.totalSecs,
      record?.backendSecs,
      record?.connectSecs,
      record?.firstByteSecs,
      record?.bodySecs,
      record?.clientSecs,
    ]).toEqual(legs);
  });

  it("arrived before they were logged, by the time that they took", () => {
    const line = `${combinedLine()} rt=1.250 uct="-" uht="-" urt="-"`;

    expect(readLine(nginxTiming, line)).toMatchObject({
      arrivalMs: Date.UTC(2026, 9, 1, 11, 59, 58, 750),
      completedMs: Date.UTC(2026, 9, 1, 12),
    });
  });

  it("may have X-Forwarded-For before their times", () => {
    const line = `${combinedLine()} "203.0.113.9" rt=0.300 uct="0.004" uht="0.104" urt="0.204"`;

    expect(nginxTiming.recognises(line)).toBe(true);
    expect(readLine(nginxTiming, line)).toMatchObject({ forwardedFor: "203.0.113.9", totalSecs: 0.3 });
  });

  it.each([
    ["10.0.0.1:80 120 0.004 200", "10.0.0.1:80", 0.004],
    ["10.0.0.1:80, 10.0.0.2:80 0, 120 0.001, 0.004 502, 200", "10.0.0.2:80", 0.005],
    ["10.0.0.1:80 : 10.0.0.2:80 0 : 120 0.001 : 0.004 404 : 200", "10.0.0.2:80", 0.005],
    ["- - - -", null, null],
  ])("of ingress-nginx have the servers %s", (upstream, target, backendSecs) => {
    const line = `${combinedLine()} 512 0.010 [shop-web-80] [] ${upstream} 0123456789abcdef`;

    expect(ingressNginx.recognises(line) || upstream.includes(" : ") || upstream.includes(",")).toBe(true);
    expect(readLine(ingressNginx, line)).toMatchObject({ totalSecs: 0.01, target, backendSecs, status: 200 });
  });
});
