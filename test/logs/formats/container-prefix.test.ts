import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  type ContainerPrefix,
  findContainerPrefix,
  stripContainerPrefix,
} from "../../../src/logs/formats/container-prefix.ts";

const LINE = '198.51.100.14 - - [01/Oct/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 2048 "-" "curl/8.5.0"';

const PREFIXED: readonly (readonly [ContainerPrefix, string])[] = [
  ["cri", `2026-10-01T12:00:00.49+01:00 stdout F ${LINE}`],
  ["cri", `2026-10-01T12:00:00.490123456Z stderr P ${LINE}`],
  ["compose", `caddy  | ${LINE}`],
  ["compose", `shop_web-1 | ${LINE}`],
  ["kubectl", `[pod/web-7d9f/nginx] ${LINE}`],
  ["timestamp", `2026-10-01T12:00:00.490123456Z ${LINE}`],
  ["timestamp", `2026-10-01T12:00:00.490Z ${LINE}`],
  ["docker", `{"stream": "stdout", "log": ${JSON.stringify(`${LINE}\n`)}}`],
  ["message", JSON.stringify({ "@timestamp": "2026-10-01T12:00:00.1Z", message: LINE })],
  ["journald", JSON.stringify({ _HOSTNAME: "web-1", MESSAGE: LINE })],
  ["docker", JSON.stringify({ log: `${LINE}\n`, stream: "stdout", time: "2026-10-01T12:00:00.1Z" })],
  ["docker", JSON.stringify({ log: `${LINE}\r\n`, stream: "stdout" })],
  ["syslog", `Oct  1 12:00:00 lb-1 haproxy[4711]: ${LINE}`],
  ["syslog", `<134>Oct 12 12:00:00 lb-1 nginx: ${LINE}`],
  ["syslog", `2026-10-01T12:00:00.123456+02:00 lb-1 nginx[7]: ${LINE}`],
  ["syslog", `<134>1 2026-10-01T12:00:00Z lb-1 nginx 7 access - ${LINE}`],
  ["syslog", `<134>1 2026-10-01T12:00:00Z lb-1 nginx - - [a@1 b="c"][d@2 e="f"] \uFEFF${LINE}`],
];

describe("what containers and systems put before lines", () => {
  it.each(PREFIXED)("takes %s off: %s", (kind, line) => {
    expect(stripContainerPrefix(line)).toBe(LINE);
    expect(findContainerPrefix([line, "", line])).toBe(kind);
  });

  it("takes off one within another", () => {
    expect(stripContainerPrefix(`2026-10-01T12:00:00Z stdout F Oct  1 12:00:00 lb-1 haproxy[1]: ${LINE}`)).toBe(LINE);
  });

  it.each([
    LINE,
    "",
    '{"log":"cut',
    '{"log":7}',
    '{"level":"info","ts":1}',
    "2026-10-01\t12:00:00\tFRA6\t1",
    "2026-10-01T12:00:00.000Z 198.51.100.14 64326 443 TLSv1.2",
    "https 2026-10-01T12:00:00.000000Z app/shop/50dc6c495c0c9188 198.51.100.14:1 - -1 -1 -1 460 - 0 0",
    "2001:db8::7 - - [01/Oct/2026:12:00:00 +0000]",
    "[2026-10-01T12:00:00.000Z] x",
    "2026-10-01T12:00:00.123456Z web 198.51.100.14:4711 - -1 -1 -1 503 0 0 0",
    '{"ts":1,"msg":"handled request","log":{"level":"info"}}',
    '{"MESSAGE":[1,2]}',
    '{"ts":1,"message":"handled request"}',
  ])("leaves lines of servers as they are: %s", (line) => {
    expect(stripContainerPrefix(line)).toBe(line);
    expect(findContainerPrefix([line])).toBeNull();
  });

  it("goes by most of a file's lines", () => {
    const prefixed = `web | ${LINE}`;

    expect(findContainerPrefix([prefixed, prefixed, LINE])).toBe("compose");
    expect(findContainerPrefix([prefixed, LINE, LINE])).toBeNull();
    expect(findContainerPrefix([])).toBeNull();
  });

  it("gives the end of any line", () => {
    fc.assert(
      fc.property(fc.string(), (line) => {
        expect(line.endsWith(stripContainerPrefix(line))).toBe(true);
      }),
    );
  });
});
