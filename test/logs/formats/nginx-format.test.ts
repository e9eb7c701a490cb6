import { describe, expect, it } from "@jest/globals";
import { createCustomFormat } from "../../../src/logs/formats/custom-format.ts";
import { compileNginxFormat } from "../../../src/logs/formats/described/nginx-format.ts";
import { readLine } from "../../support/read-line.ts";

function readWith(nginx: string, line: string) {
  return readLine(createCustomFormat({ nginx }), line);
}

describe("a log_format of nginx", () => {
  it("becomes the line that it describes", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: nginx writes it so
    expect(compileNginxFormat('$remote_addr [$time_local] "$request" ${status}')).toEqual({
      parts: [
        { kind: "field", is: "client" },
        { kind: "literal", text: " [" },
        { kind: "field", is: { time: "completed", as: "clf" } },
        { kind: "literal", text: '] "' },
        { kind: "field", is: "request" },
        { kind: "literal", text: '" ' },
        { kind: "field", is: "status" },
        { kind: "may-end" },
        { kind: "literal", text: " " },
        { kind: "rest" },
      ],
      escaping: "hex",
      legs: "nginx",
    });
  });

  it("may be the whole directive, with its pieces and its escaping", () => {
    const directive = `
      log_format timed escape=json '{"at":"$time_iso8601",'
                                   '"ip":"$remote_addr", "agent":"$http_user_agent",'
                                   "\\"url\\":\\"$request_uri\\",\\"took\\":$request_time}";`;

    const line =
      '{"at":"2026-10-01T14:00:00+02:00","ip":"198.51.100.7", "agent":"a \\"b\\" \\u00fc","url":"/a?b","took":0.250}';

    expect(compileNginxFormat(directive).escaping).toBe("json");
    expect(readWith(directive, line)).toMatchObject({
      arrivalMs: Date.UTC(2026, 9, 1, 11, 59, 59, 750),
      client: "198.51.100.7",
      userAgent: 'a "b" ü',
      path: "/a",
      query: "b",
    });
  });

  it("may be its pieces only", () => {
    expect(compileNginxFormat("'$remote_addr ' '$msec'")).toEqual(compileNginxFormat("$remote_addr $msec"));
  });

  it.each([
    [
      "$msec $remote_addr $scheme://$host$request_uri",
      "1790856000.123 198.51.100.7 https://Shop.example/a?b",
      { host: "shop.example", path: "/a", query: "b" },
    ],
    [
      "$remote_addr $msec $request_method $uri$is_args$args",
      "198.51.100.7 1790856000.123 GET /a?b=c",
      { method: "GET", path: "/a", query: "b=c" },
    ],
    [
      '$remote_addr $msec "$request_method $request_uri $server_protocol" $status',
      '198.51.100.7 1790856000.123 "GET /a b?c HTTP/1.1" 200',
      { method: "GET", path: "/a b", query: "c", status: 200 },
    ],
    [
      "$remote_addr $msec $request_method $request_uri $server_protocol $status",
      "198.51.100.7 1790856000.123 GET /a?b HTTP/1.1 200",
      { method: "GET", path: "/a", query: "b", status: 200 },
    ],
    [
      "$remote_addr:$remote_port $msec $host:$server_port",
      "2001:db8::7:4711 1790856000.123 [2001:db8::1]:8443",
      { client: "2001:db8::7", host: "[2001:db8::1]" },
    ],
    [
      "$msec $realip_remote_addr:$realip_remote_port $remote_addr",
      "1790856000.123 10.0.0.1:80 198.51.100.7",
      { client: "198.51.100.7" },
    ],
    ['$msec\\t$remote_addr\\t\\"$request\\"', '1790856000.123\t198.51.100.7\t"GET /a HTTP/1.1"', { path: "/a" }],
    [
      "$msec $remote_addr $request_time $upstream_response_time $pipe",
      "1790856000.123 198.51.100.7 0.100 0.010, 0.020 : 0.030 .",
      { totalSecs: 0.1, backendSecs: 0.06 },
    ],
    ["$remote_addr $msec $uri $args", "198.51.100.7 1790856000.123 /a b=c", { path: "/a", query: "b=c" }],
    [
      "$remote_addr|$msec|$request_method|$http_host|$request_uri",
      "198.51.100.7|1790856000.123|GET|a.example:8080|/a b",
      { host: "a.example", path: "/a b" },
    ],
    [
      "$remote_addr $time_local $msec",
      "198.51.100.7 01/Oct/2026:12:00:00 +0000 1790856000.123",
      { arrivalMs: 1_790_856_000_123 },
    ],
    [
      "$time_iso8601 $realip_remote_addr $remote_addr",
      "2026-10-01T12:00:00+00:00 10.0.0.1 198.51.100.7",
      { client: "198.51.100.7" },
    ],
    ["$msec $remote_addr $body_bytes_sent/$bytes_sent", "1790856000.123 198.51.100.7 0/282", { bytes: 0 }],
    [
      "$msec $remote_addr $hostname $upstream_cache_status $ssl_protocol",
      "1790856000.123 198.51.100.7 web-1 HIT TLSv1.3",
      { node: "web-1", cache: "HIT", tls: "TLSv1.3" },
    ],
  ])("%s reads %s", (format, line, expected) => {
    expect(readWith(format, line)).toMatchObject(expected);
  });

  it.each([
    [
      "$remote_addr$status $msec",
      /\$remote_addr and \$status touch; a character that is in neither must stand between/,
    ],
    ["$remote_addr $ $msec", /a \$ without a name behind it is at character 14/],
    ["$remote_addr $status", /it logs no time; it needs \$time_local, \$time_iso8601 or \$msec/],
    ["$msec $bytes_sent", /nothing of a request; it needs the client, the status or the request/],
    ["log_format x escape=xml '$remote_addr $msec';", /escape=xml is none of default, json and none/],
    ["", /it logs no time/],
  ])("%s is refused with a reason", (format, reason) => {
    expect(() => compileNginxFormat(format)).toThrow(
      expect.objectContaining({ name: "UserError", code: "bad-log-format", message: expect.stringMatching(reason) }),
    );
  });

  it("lets be what says nothing of the request, and what has a prototype's name", () => {
    const { parts } = compileNginxFormat("$msec $remote_addr $constructor $my_own_variable");

    expect(
      parts
        .filter((part) => part.kind === "field")
        .map(({ is }) => is)
        .slice(2),
    ).toEqual(["ignored", "ignored"]);
  });
});
