import { describe, expect, it } from "@jest/globals";
import { apacheCombined, apacheCommon, apacheVhostCombined } from "../../../src/logs/formats/servers/apache.ts";
import { combinedLine } from "../../support/log-lines.ts";
import { readLine } from "../../support/read-line.ts";

const read = (line: string) => readLine(apacheCombined, line);

describe("Apache lines", () => {
  it("have users with blanks, host names, and what stands for nothing", () => {
    const line = combinedLine({
      client: "crawl-7.search.example",
      user: "jane doe",
      bytes: "-",
      userAgent: 'a \\"b\\" c',
    });

    expect(read(line)).toMatchObject({ client: "crawl-7.search.example", bytes: null, userAgent: 'a "b" c' });
  });

  it("have - without quotes for referer and user agent", () => {
    const line = combinedLine().replace('"https://news.example/today" "curl/8.5.0"', "- -");

    expect(read(line)).toMatchObject({ status: 200, bytes: 2048, referer: null, userAgent: null });
  });

  it("tell when a request arrived, not when it was answered", () => {
    expect(read(combinedLine())).toMatchObject({ arrivalMs: Date.UTC(2026, 9, 1, 12), completedMs: null });
  });

  it.each([
    ["\\x16\\x03\\x01\\x07", null],
    ["GET /a\\tb HTTP/1.1", "/a\tb"],
    ["GET /a\\\\nb HTTP/1.1", "/a\\nb"],
  ])("have the request %s", (request, path) => {
    expect(read(combinedLine({ request }))).toMatchObject({ path, status: 200 });
  });

  it("end after the bytes in the common format", () => {
    const line = combinedLine().split(' "https')[0] ?? "";

    expect(apacheCommon.recognises(line)).toBe(true);
    expect(apacheCommon.recognises(combinedLine())).toBe(false);
    expect(readLine(apacheCommon, line)).toMatchObject({ status: 200, bytes: 2048, path: "/products/7" });
  });

  it.each(["shop.example:443", "SHOP.example", "10.0.0.1:80"])("may begin with the site, as %s", (site) => {
    const line = `${site} ${combinedLine()}`;

    expect(apacheVhostCombined.recognises(line)).toBe(true);
    expect(readLine(apacheVhostCombined, line)).toMatchObject({
      host: site.toLowerCase().split(":")[0],
      client: "198.51.100.14",
      userAgent: "curl/8.5.0",
    });
  });

  it("do not begin with a site where the client is one", () => {
    expect(apacheVhostCombined.recognises(combinedLine())).toBe(false);
    expect(apacheVhostCombined.recognises(combinedLine({ client: "pool-7.isp.example" }))).toBe(false);
  });
});
