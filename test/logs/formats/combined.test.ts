import { describe, expect, it } from "@jest/globals";
import { apacheCombined } from "../../../src/logs/formats/apache.ts";
import { detectFormat } from "../../../src/logs/formats/index.ts";
import { nginxCombined } from "../../../src/logs/formats/nginx.ts";
import { combinedLine } from "../../support/log-lines.ts";

describe("the patient reader of combined lines", () => {
  it("reads every field of an ordinary line", () => {
    expect(nginxCombined.read(combinedLine())).toEqual({
      arrivalMs: Date.UTC(2026, 9, 1, 12),
      ip: "198.51.100.14",
      method: "GET",
      target: "/products/7",
      host: null,
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
  ])("reads the time %s", (time, iso) => {
    expect(nginxCombined.read(combinedLine({ time }))?.arrivalMs).toBe(Date.parse(iso));
  });

  it.each([
    ["", null, null],
    ["-", null, null],
    ["\\x16\\x03\\x01\\x02", null, null],
    ["batman", null, null],
    ["GET /", "GET", "/"],
    ["GET /a b?c d HTTP/1.1", "GET", "/a b"],
    ['GET /q="x" HTTP/1.1', "GET", '/q="x"'],
    ["GET /\\x22 HTTP/1.1", "GET", "/\\x22"],
    ["PROPPATCH /dav HTTP/1.1", "PROPPATCH", "/dav"],
    ["OPTIONS * HTTP/1.0", "OPTIONS", "*"],
  ])("reads the request %s", (request, method, target) => {
    expect(nginxCombined.read(combinedLine({ request }))).toMatchObject({ method, target, status: 200, bytes: 2048 });
  });

  it("reads users with blanks, host names, and what Apache writes for nothing", () => {
    const line = combinedLine({
      client: "crawl-7.search.example",
      user: "jane doe",
      bytes: "-",
      userAgent: 'a \\"b\\" c',
    });

    expect(apacheCombined.read(line)).toMatchObject({
      ip: "crawl-7.search.example",
      bytes: null,
      userAgent: 'a \\"b\\" c',
    });
  });

  it("takes a virtual host before the client for the host", () => {
    expect(apacheCombined.read(`shop.example:443 ${combinedLine()}`)).toMatchObject({
      ip: "198.51.100.14",
      host: "shop.example",
    });
  });

  it("reads referers and user agents that hold quotes nobody escaped", () => {
    expect(nginxCombined.read(combinedLine({ userAgent: 'a "b" c' }))).toMatchObject({ userAgent: 'a "b" c' });
    expect(nginxCombined.read(combinedLine({ referer: 'a "b' }))).toMatchObject({ userAgent: "curl/8.5.0" });
  });

  it("reads what is there of a line that is cut", () => {
    const line = combinedLine();

    expect(nginxCombined.read(line.slice(0, line.indexOf('"https')))).toMatchObject({ status: 200, userAgent: null });
    expect(nginxCombined.read(line.slice(0, line.indexOf("HTTP/1.1")))).toBeNull();
    expect(nginxCombined.read(line.slice(0, 20))).toBeNull();
  });
});

describe("telling formats apart", () => {
  it.each([
    ["nginx-combined", [combinedLine(), combinedLine({ status: "404" })]],
    ["nginx-combined-xff", [`${combinedLine()} "-"`, `${combinedLine()} "203.0.113.9, 10.0.0.1"`]],
    ["apache-combined", [combinedLine(), combinedLine({ bytes: "-" })]],
    ["apache-combined", [combinedLine({ client: "pool-7.isp.example" })]],
    [null, ["", "hello", '{"ts":1}']],
    [null, []],
  ])("says %s", (name, lines) => {
    expect(detectFormat(lines)).toBe(name);
  });
});
