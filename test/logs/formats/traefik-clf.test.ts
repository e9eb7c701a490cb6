import { describe, expect, it } from "@jest/globals";
import { traefikClf } from "../../../src/logs/formats/servers/traefik-clf.ts";
import { emptyRecord } from "../../../src/logs/record.ts";
import { matchTemplate } from "../../support/match-template.ts";

const NOON_MS = Date.UTC(2026, 9, 1, 12);

const LINE =
  '198.51.100.14 - jane doe [01/Oct/2026:14:00:00 +0200] "GET /a?b=c HTTP/1.1" 200 2048 "https://news.example/" "say \\"hi\\"" 502 "shop@docker" "http://10.0.0.7:80" 25ms';

function read(line: string) {
  return traefikClf.open([line]).read(line);
}

describe("Traefik's text log", () => {
  it("reads every field of an ordinary line", () => {
    expect(read(LINE)).toEqual({
      ...emptyRecord(NOON_MS),
      completedMs: NOON_MS + 25,
      client: "198.51.100.14",
      method: "GET",
      path: "/a",
      query: "b=c",
      status: 200,
      bytes: 2048,
      totalSecs: 0.025,
      userAgent: 'say "hi"',
      referer: "https://news.example/",
      target: "http://10.0.0.7:80",
    });
  });

  it.each([
    [" 200 2048 ", " - - ", { status: null, bytes: null, userAgent: 'say "hi"' }],
    [" 200 2048 ", " 0 0 ", { status: null, bytes: 0 }],
    ["GET /a?b=c", 'GET /"x" y" 5 z', { method: "GET", path: '/"x" y" 5 z' }],
    ['"http://10.0.0.7:80"', '"-"', { target: null, totalSecs: 0.025 }],
    ["198.51.100.14 ", "203.0.113.9, 10.0.0.1 ", { client: "10.0.0.1", forwardedFor: "203.0.113.9, 10.0.0.1" }],
    ["198.51.100.14 ", "2001:db8::7 ", { client: "2001:db8::7" }],
  ])("reads %s written as %s", (usual, odd, expected) => {
    expect(read(LINE.replace(usual, odd))).toMatchObject(expected);
  });

  it("keeps what is before the place where a line is cut", () => {
    for (let end = 0; end < LINE.length; end += 1) {
      const record = read(LINE.slice(0, end));
      const hasTime = end > LINE.indexOf("]");
      if (hasTime) expect(record).toMatchObject({ arrivalMs: NOON_MS, client: "198.51.100.14" });
      else expect(record).toBeNull();
      if (end > LINE.indexOf(" 2048 ") + 5) expect(record).toMatchObject({ status: 200, bytes: 2048, path: "/a" });
    }
  });

  it("has a template whose fields are those of the line", () => {
    const { template } = traefikClf.open([LINE]);

    expect(template && matchTemplate(template, LINE.replaceAll('\\"', "'"))).toEqual([
      ["client", "198.51.100.14"],
      ["ignored", "jane doe"],
      ['{"time":"arrival","as":"clf"}', "01/Oct/2026:14:00:00 +0200"],
      ["request", "GET /a?b=c HTTP/1.1"],
      ["status", "200"],
      ["bytes", "2048"],
      ["referer", "https://news.example/"],
      ["user-agent", "say 'hi'"],
      ["ignored", "502"],
      ["ignored", "shop@docker"],
      ["target", "http://10.0.0.7:80"],
      ['{"secs":"total","unitSecs":0.001}', "25"],
    ]);
  });

  it("is told from the combined format by what follows", () => {
    expect(traefikClf.recognises(LINE)).toBe(true);
    expect(traefikClf.recognises(LINE.slice(0, LINE.indexOf(" 502")))).toBe(false);
  });
});
