import { describe, expect, it } from "@jest/globals";
import { envoy } from "../../../src/logs/formats/servers/envoy.ts";
import { emptyRecord } from "../../../src/logs/record.ts";
import { matchTemplate } from "../../support/match-template.ts";

const NOON_MS = Date.UTC(2026, 9, 1, 12);

const LINE =
  '[2026-10-01T12:00:00.000Z] "GET /a?b=c HTTP/1.1" 200 - 154 2048 226 100 "203.0.113.9, 10.0.0.1" "curl/8.5.0" "cc21d9b0" "Shop.example:8443" "tcp://10.0.0.7:80"';

const OF_ISTIO =
  '[2026-10-01T12:00:00.000Z] "GET /a?b=c HTTP/1.1" 200 - via_upstream - "-" 154 2048 226 100 "203.0.113.9, 10.0.0.1" "curl/8.5.0" "cc21d9b0" "Shop.example:8443" "tcp://10.0.0.7:80" outbound|80||shop 10.0.0.2:41 10.0.0.3:80 198.51.100.14:51234 - default';

const EXPECTED = {
  ...emptyRecord(NOON_MS),
  completedMs: NOON_MS + 226,
  forwardedFor: "203.0.113.9, 10.0.0.1",
  method: "GET",
  host: "shop.example",
  path: "/a",
  query: "b=c",
  status: 200,
  bytes: 2048,
  totalSecs: 0.226,
  backendSecs: 0.1,
  userAgent: "curl/8.5.0",
  target: "tcp://10.0.0.7:80",
};

function read(line: string) {
  return envoy.open([line]).read(line);
}

describe("Envoy's text log", () => {
  it("reads every field of the default format, and of Istio's, which knows the client", () => {
    expect(read(LINE)).toEqual(EXPECTED);
    expect(read(OF_ISTIO)).toEqual({ ...EXPECTED, client: "198.51.100.14" });
  });

  it.each([
    ['" 200 -', '" 0 DC', { status: null, method: "GET", bytes: 2048 }],
    [" 226 100 ", " 226 - ", { totalSecs: 0.226, backendSecs: null }],
    ["GET /a?b=c HTTP/1.1", "- - HTTP/1.1", { method: null, status: 200 }],
    ["GET /a?b=c", 'GET /"a b" x', { path: '/"a b" x' }],
    ["curl/8.5.0", 'say "hi" "there" you', { userAgent: 'say "hi" "there" you', host: "shop.example" }],
    ["curl/8.5.0", "-", { userAgent: null }],
    ["tcp://10.0.0.7:80", "-", { target: null }],
  ])("reads %s written as %s", (usual, odd, expected) => {
    expect(read(LINE.replace(usual, odd))).toMatchObject(expected);
    expect(read(OF_ISTIO.replace(usual, odd))).toMatchObject({ ...expected, client: "198.51.100.14" });
  });

  it.each([LINE, OF_ISTIO])("keeps what is before the place where a line is cut", (line) => {
    for (let end = 0; end < line.length; end += 1) {
      const record = read(line.slice(0, end));
      if (end > line.indexOf(" 200 - ") + 6)
        expect(record).toMatchObject({ arrivalMs: NOON_MS, status: 200, path: "/a" });
      if (end > line.indexOf(" 226 100 ") + 9) expect(record).toMatchObject({ totalSecs: 0.226, bytes: 2048 });
      if (end > line.indexOf("curl/8.5.0") + 10) expect(record).toMatchObject({ userAgent: "curl/8.5.0" });
    }
    expect(read(line.slice(0, 20))).toBeNull();
  });

  it.each([LINE, OF_ISTIO])("has a template whose fields are those of the line", (line) => {
    const { template } = envoy.open([line]);
    const fields = (template && matchTemplate(template, line)) ?? [];

    expect(fields.filter(([is]) => is !== "ignored").map(([, text]) => text)).toEqual([
      "2026-10-01T12:00:00.000Z",
      "GET /a?b=c HTTP/1.1",
      "200",
      "2048",
      "226",
      "100",
      "203.0.113.9, 10.0.0.1",
      "curl/8.5.0",
      "Shop.example:8443",
      "tcp://10.0.0.7:80",
      ...(line === OF_ISTIO ? ["198.51.100.14:51234"] : []),
    ]);
  });

  it("is recognised by its times", () => {
    expect([LINE, OF_ISTIO].every((line) => envoy.recognises(line))).toBe(true);
    expect(envoy.recognises('[2026-10-01T12:00:00.000Z] "GET / HTTP/1.1" 200 OK')).toBe(false);
  });
});
