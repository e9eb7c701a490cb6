import { describe, expect, it } from "@jest/globals";
import { createClientResolver } from "../../src/logs/client-address.ts";
import { cloudfront } from "../../src/logs/formats/aws/cloudfront.ts";
import * as code from "../../src/logs/kernel/codes.ts";
import type { LogRecord } from "../../src/logs/record.ts";
import { textReader } from "../../src/logs/text-values.ts";

const NAMES = [
  "date",
  "time",
  "c-ip",
  "x-edge-location",
  "cs-uri-stem",
  "cs-uri-query",
  "cs(User-Agent)",
  "cs(Referer)",
];
const RAW = [
  "a%2520b",
  "a%20b",
  "%22q%22",
  "caf%C3%A9%FF",
  "%",
  "%%32",
  "%zz",
  "-",
  "Mozilla/5.0%2520(X11;%2520Linux)",
];

describe("texts of the fast way", () => {
  it.each(RAW)("%s is read as the patient way reads it", (raw) => {
    const row = ["2026-10-01", "12:00:00", "192.0.2.1", "FRA56-P2", raw, raw, raw, raw].join("\t");
    const record = cloudfront.open([`#Fields: ${NAMES.join(" ")}`]).read(row) as LogRecord;
    const read = (column: number) => textReader(column, "percent", createClientResolver([]))(raw);

    expect(read(code.TEXT_PATH)).toBe(record.path);
    expect(read(code.TEXT_QUERY)).toBe(record.query);
    expect(read(code.TEXT_USER_AGENT)).toBe(record.userAgent);
    expect(read(code.TEXT_REFERER)).toBe(record.referer);
  });

  it("finds the client in forwarded addresses that CloudFront has encoded", () => {
    const read = textReader(code.TEXT_CLIENT, "percent", createClientResolver(["10.0.0.0/8"]));

    expect(read("10.0.0.1\x00203.0.113.9,%2010.0.0.2")).toBe("203.0.113.9");
  });
});
