import { describe, expect, it } from "@jest/globals";
import { detectFormat } from "../../../src/logs/formats/detect.ts";
import type { LogFormat } from "../../../src/logs/formats/format.ts";
import { FORMATS } from "../../../src/logs/formats/index.ts";
import { ingressNginx } from "../../../src/logs/formats/servers/nginx.ts";
import { TEXT_FORMATS } from "../../../src/logs/formats/text-formats.ts";
import { albLine, combinedLine, s3Line } from "../../support/log-lines.ts";
import { readLine } from "../../support/read-line.ts";

const COMMON = combinedLine().split(' "https')[0] ?? "";

function nameOf(lines: readonly string[]): string | null {
  return detectFormat(lines, TEXT_FORMATS).format?.name ?? null;
}

describe("telling formats apart", () => {
  it.each([
    ["alb", [albLine(), albLine({ client: "2001:db8::7:80" })]],
    ["s3-access", [s3Line()]],
    ["nginx-combined", [combinedLine(), combinedLine({ status: "404", client: "2001:db8::7" })]],
    ["nginx-combined", [`${combinedLine()} 0.123`]],
    ["nginx-combined-xff", [`${combinedLine()} "-"`, `${combinedLine()} "203.0.113.9, 10.0.0.1"`]],
    ["nginx-timing", [`${combinedLine()} rt=0.300 uct="-" uht="-" urt="-"`]],
    ["nginx-timing", [`${combinedLine()} "-" rt=0.3 uct=0.001, 0.002 uht=0.001 : 0.003 urt=0.016, 0.002`]],
    ["ingress-nginx", [`${combinedLine()} 512 0.010 [a-80] [] 10.0.0.1:80 120 0.004 200 0123`]],
    ["apache-combined", [combinedLine(), combinedLine({ bytes: "-" })]],
    ["apache-combined", [`${combinedLine()} 12`, `${combinedLine({ bytes: "-" })} 300 400`]],
    ["nginx-combined", [`${combinedLine()} "0.100" "0.090"`]],
    ["apache-combined", [combinedLine({ client: "pool-7.isp.example" })]],
    ["apache-vhost-combined", [`shop.example:443 ${combinedLine()}`]],
    ["apache-vhost-combined", ["[2001:db8::1]:443", "shop.example:443"].map((site) => `${site} ${combinedLine()}`)],
    ["apache-common", [COMMON]],
    ["apache-common", [`${COMMON} 12`, `${COMMON} - 0.012`]],
    [null, ["", "hello", '{"ts":1}']],
    [null, []],
  ])("says %s", (name, lines) => {
    expect(nameOf(lines)).toBe(name);
  });

  it.each([
    ["cloudfront", "#Fields: timestamp(ms) c-ip sc-status cs-uri-stem", "1790856000123\t198.51.100.7\t200\t/a"],
    ["cloudfront", "#Fields: date time c-ip sc-status x-edge-location", ""],
    ["alb-vended", "#Fields: time client_port elb_status_code", "2026-10-01T12:00:00Z 198.51.100.7:4711 200"],
    [
      "nlb-vended",
      "#Fields: time client_port tls_connection_creation_time",
      "2026-10-01T12:00:00Z 198.51.100.7:4711 -",
    ],
    [
      null,
      "#Fields: date time s-ip cs-method cs-uri-stem c-ip sc-status time-taken",
      "2026-10-01 12:00:00 10.0.0.1 GET / x",
    ],
  ])("says %s by the line that names the columns: %s", (name, header, row) => {
    expect(detectFormat(["#Version: 1.0", header, row], FORMATS).format?.name ?? null).toBe(name);
  });

  it("says how many lines are of the format, without those that are empty or comments", () => {
    const lines = ["#Software: x", "", combinedLine(), combinedLine(), "garbage", combinedLine()];

    expect(detectFormat(lines, TEXT_FORMATS)).toMatchObject({
      because: "3 of 4 lines are nginx access log in the combined format",
      share: 0.75,
    });
    expect(detectFormat([albLine()], TEXT_FORMATS).because).toBe("1 of 1 line is Application Load Balancer access log");
  });

  it("takes a file of which no line is as it should be for what most of its lines can be read as", () => {
    const damaged = Array.from({ length: 5 }, () => albLine({ userAgent: 'Mozilla/5.0 (Win"dows)' }));

    expect(detectFormat([...damaged, "garbage"], TEXT_FORMATS)).toMatchObject({
      format: { name: "alb" },
      because: "none of its lines is as it should be, and 5 of 6 can be read as Application Load Balancer access log",
    });
    expect(nameOf([...damaged, ...Array.from({ length: 6 }, () => "garbage")])).toBe(null);
  });

  it("tells a format by its ends, although those of some lines are odd", () => {
    const forwarded = ["203.0.113.9", "-", "localhost:8080"].map((end) => `${combinedLine()} "${end}"`);
    const timed = `${combinedLine()} rt=0.300 uct="-" uht="-" urt="-"`;

    expect(nameOf(forwarded)).toBe("nginx-combined-xff");
    expect(nameOf([timed, timed, combinedLine()])).toBe("nginx-timing");
    expect(nameOf([timed, combinedLine(), combinedLine()])).toBe("nginx-combined");
  });

  it("tells ingress-nginx where every request was sent to several servers", () => {
    const lists = "10.0.0.1:80, 10.0.0.2:80 0, 190 0.004, 0.100 502, 200";
    const lines = [lists, lists.replaceAll(", ", " : ")].map(
      (list) => `${combinedLine()} 512 0.2 [a-80] [] ${list} 0123`,
    );

    expect(nameOf(lines)).toBe("ingress-nginx");
    expect(readLine(ingressNginx, lines[0] as string)).toMatchObject({
      totalSecs: 0.2,
      backendSecs: 0.104,
      target: "10.0.0.2:80",
    });
  });

  it.each(["shop.example:443", "[pod/web-1/nginx]", "2026-10-01T12:00:00Z"])(
    "takes no %s before a line's client for the client",
    (before) => {
      expect([null, "apache-vhost-combined"]).toContain(nameOf([`${before} ${combinedLine({ bytes: "-" })}`]));
    },
  );

  it.each([
    ["nginx-combined", "203.0.113.9, 10.0.0.1", "0"],
    ["nginx-combined", "-", "0"],
    ["apache-combined", "203.0.113.9,198.51.100.7, 10.0.0.1", "-"],
  ])("tells %s where a header stands in the client's place: %s", (name, client, bytes) => {
    const line = combinedLine({ client, bytes });
    const { format } = detectFormat([line], TEXT_FORMATS);

    expect(format?.name).toBe(name);
    expect(readLine(format as LogFormat, line)).toMatchObject({
      client: client === "-" ? null : "10.0.0.1",
      forwardedFor: client === "-" ? null : client,
      userAgent: "curl/8.5.0",
    });
  });

  it("takes the earlier known format where two fit as well, in whatever order they come", () => {
    const line = `${combinedLine()} "-"`;

    expect(detectFormat([line], [...TEXT_FORMATS].reverse()).format?.name).toBe("nginx-combined-xff");
  });

  it.each([
    [
      ["Enable AccessLog for ELB: my-alb at 2026-09-30T10:00:00.000Z"],
      "is the test file that a load balancer writes when logging is switched on",
    ],
    [
      ['2026/10/01 12:00:00 [error] 31#31: *46 open() "/a" failed'],
      "is an error log of nginx, which holds no requests",
    ],
    [
      ["[Thu Oct 01 12:24:49.880562 2026] [auth_basic:error] [pid 10] AH01618: user x not found"],
      "is an error log of Apache, which holds no requests",
    ],
    [['<?xml version="1.0"?>'], "is a web page or XML, as servers send to say that something is wrong"],
    [["\0\u0001"], "holds bytes that are no text"],
    [['{"a":1}'], "holds JSON that is no access log known here"],
    [["", "# nothing"], "holds nothing"],
    [
      ["#Software: Microsoft Internet Information Services 10.0", "#Fields: date time", "2026-10-01 12:00:00"],
      "is a log of Microsoft's IIS, which is not read here",
    ],
    [["hello"], `fits none of the ${TEXT_FORMATS.length} known formats with its only line`],
    [["hello", "world"], `fits none of the ${TEXT_FORMATS.length} known formats with any of 2 lines`],
  ])("says of %j why it is none", (lines, because) => {
    expect(detectFormat(lines, TEXT_FORMATS)).toEqual({ format: null, because, share: 0 });
  });
});
