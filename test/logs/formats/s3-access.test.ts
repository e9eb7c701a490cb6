import { describe, expect, it } from "@jest/globals";
import { s3Access } from "../../../src/logs/formats/aws/s3-access.ts";
import { emptyRecord } from "../../../src/logs/record.ts";
import { s3Line } from "../../support/log-lines.ts";
import { readLine } from "../../support/read-line.ts";

const read = (line: string) => readLine(s3Access, line);

describe("S3 lines", () => {
  it("are read with every field", () => {
    expect(read(s3Line())).toEqual({
      ...emptyRecord(Date.UTC(2026, 9, 1, 12)),
      completedMs: Date.UTC(2026, 9, 1, 12, 0, 0, 38),
      client: "198.51.100.14",
      method: "GET",
      host: "pictures.s3.eu-west-1.amazonaws.com",
      path: "/pictures/cats/1.jpg",
      query: "x=1",
      status: 200,
      bytes: 2048,
      totalSecs: 0.038,
      backendSecs: 0.021,
      userAgent: "curl/8.5.0",
      referer: "https://news.example/today",
      tls: "TLSv1.2",
      node: "pictures",
    });
  });

  it.each([
    ["18 fields", "-"],
    ["24 fields", "- id= SigV2 - - pictures.s3.amazonaws.com TLSv1.1"],
    ["26 fields", "- id= SigV2 - - pictures.s3.amazonaws.com TLSv1.1 - Yes"],
    ["27 fields", "- id= SigV2 - - pictures.s3.amazonaws.com TLSv1.1 - Yes eu-west-1"],
  ])("are clean with %s", (_count, tail) => {
    expect(s3Access.recognises(s3Line({ tail }))).toBe(true);
    expect(read(s3Line({ tail }))).toMatchObject({ status: 200, userAgent: "curl/8.5.0" });
  });

  it.each(['Safari/604.1"', '"', 'a "b" c', 'a" b', "a\\"])(
    "have the whole user agent %s, of which S3 escapes nothing",
    (userAgent) => {
      expect(read(s3Line({ userAgent }))).toMatchObject({
        userAgent,
        host: "pictures.s3.eu-west-1.amazonaws.com",
        tls: "TLSv1.2",
      });
    },
  );

  it("have - for what is not known, with quotes or without", () => {
    const line = s3Line({ client: "-", userAgent: "-" }).replace('"GET /pictures/cats/1.jpg?x=1 HTTP/1.1"', "-");

    expect(read(line)).toMatchObject({ client: null, method: null, path: null, status: 200, userAgent: null });
  });
});
