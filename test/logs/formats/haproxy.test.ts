import { describe, expect, it } from "@jest/globals";
import { haproxy } from "../../../src/logs/formats/servers/haproxy.ts";
import { emptyRecord } from "../../../src/logs/record.ts";

const NOON_MS = Date.UTC(2026, 9, 1, 12);

const LINE =
  '198.51.100.14:51234 [01/Oct/2026:12:00:00.000] https-in~ shop/web-7 20/5/10/150/200 200 2048 - - ---- 1/1/1/1/0 0/0 {shop.example|curl} "GET /a?b=c HTTP/1.1"';

function read(line: string) {
  return haproxy.open([line]).read(line);
}

describe("HAProxy's HTTP log", () => {
  it("reads every field of an ordinary line", () => {
    expect(read(LINE)).toEqual({
      ...emptyRecord(NOON_MS),
      completedMs: NOON_MS + 200,
      client: "198.51.100.14",
      method: "GET",
      scheme: "https",
      path: "/a",
      query: "b=c",
      status: 200,
      bytes: 2048,
      totalSecs: 0.2,
      backendSecs: 0.15,
      connectSecs: 0.015,
      firstByteSecs: 0.15,
      bodySecs: 0.015,
      clientSecs: 0.02,
      node: "https-in",
      target: "shop/web-7",
    });
  });

  it.each([
    ["syslog's prefix", `Oct  1 14:00:00 lb-1 haproxy[4711]: ${LINE}`, {}],
    ["no captured headers", LINE.replace("{shop.example|curl} ", ""), {}],
    ["captured headers of both sides", LINE.replace("} ", "} {nginx} "), {}],
    ["a time with its zone", LINE.replace("00.000]", "00.000 +0000]"), {}],
  ])("reads a line with %s as well", (_, line, expected) => {
    expect(read(line)).toMatchObject({ client: "198.51.100.14", status: 200, path: "/a", ...expected });
  });

  it.each([
    ["20/5/10/150/200", "20/-1/-1/-1/200", { totalSecs: 0.2, connectSecs: null, backendSecs: null, bodySecs: null }],
    ["20/5/10/150/200", "-1/-1/-1/-1/0", { totalSecs: 0, clientSecs: null }],
    ["20/5/10/150/200 200 2048", "20/5/10/150/+200 200 +2048", { totalSecs: null, bytes: null, backendSecs: 0.15 }],
    [" 200 2048", " -1 0", { status: null, bytes: 0 }],
    ["shop/web-7", "shop/<NOSRV>", { target: null }],
    ["https-in~", "http-in", { node: "http-in", scheme: null }],
    ["GET /a?b=c HTTP/1.1", "<BADREQ>", { method: null, path: null, status: 200 }],
    ["GET /a?b=c HTTP/1.1", "GET https://Shop.example/x HTTP/2.0", { host: "shop.example", path: "/x" }],
    ["/a?b=c", "/#22a#23", { path: '/"a#' }],
    ["198.51.100.14:51234", "2001:db8::7:51234", { client: "2001:db8::7" }],
    ["198.51.100.14:51234", "unix:1", { client: "unix" }],
  ])("reads %s written as %s", (usual, odd, expected) => {
    expect(read(LINE.replace(usual, odd))).toMatchObject(expected);
  });

  it("reads what failed handshakes and connections tell", () => {
    const failed = "192.0.2.4:50033 [01/Oct/2026:12:00:00.123] https-in/1: SSL handshake failure";
    const tcp = "192.0.2.4:50033 [01/Oct/2026:12:00:00.123] tcp-in shop/db-1 0/0/5007 212 -- 0/0/0/0/3 0/0";

    expect(read(failed)).toEqual({ ...emptyRecord(NOON_MS + 123), client: "192.0.2.4", node: "https-in" });
    expect(read(tcp)).toEqual({
      ...emptyRecord(NOON_MS + 123),
      client: "192.0.2.4",
      node: "tcp-in",
      target: "shop/db-1",
    });
    expect(haproxy.recognises(failed)).toBe(false);
  });

  it("keeps what is before the place where a line is cut", () => {
    for (let end = 0; end < LINE.length; end += 1) {
      const record = read(LINE.slice(0, end));
      const hasTime = end > LINE.indexOf("] ") + 1;
      if (hasTime) expect(record).toMatchObject({ arrivalMs: NOON_MS, client: "198.51.100.14" });
      else expect(record).toBeNull();
    }
  });

  it("is recognised by its times and counts", () => {
    expect(haproxy.recognises(LINE)).toBe(true);
    expect(haproxy.recognises(`Oct  1 14:00:00 lb-1 haproxy[4711]: ${LINE}`)).toBe(true);
    expect(haproxy.recognises('198.51.100.14 - - [01/Oct/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 2 "-" "-"')).toBe(
      false,
    );
  });
});
