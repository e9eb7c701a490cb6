import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "@jest/globals";
import { cloudfront } from "../../../src/logs/formats/aws/cloudfront.ts";
import { waf } from "../../../src/logs/formats/aws/waf.ts";
import type { LogFormat } from "../../../src/logs/formats/format.ts";
import { OBJECT_FORMATS } from "../../../src/logs/formats/object-formats.ts";
import { OTHER_TEXT_FORMATS } from "../../../src/logs/formats/other-formats.ts";
import type { LogRecord } from "../../../src/logs/record.ts";
import { REAL_LOGS, realTraffic } from "../../support/real-traffic.ts";

/** A line, and where it is known what another parser makes of it. */
interface Case {
  readonly input: string;
  readonly expected?: { readonly parsed: Readonly<Record<string, string>> };
}

const FORMATS = [...OBJECT_FORMATS, ...OTHER_TEXT_FORMATS];

/** Lines of these are of one format each, but for lines that are no requests and are read all the same. */
const FILES: readonly (readonly [file: string, names: readonly string[]])[] = [
  ["cloudfront", ["cloudfront"]],
  ["crowdsec_caddy-logs", ["caddy"]],
  ["crowdsec_envoy-logs", ["envoy", "envoy-json"]],
  ["crowdsec_haproxy-logs", ["haproxy"]],
  ["crowdsec_traefik-logs", ["traefik-clf", "traefik-json"]],
];

(realTraffic.isThere ? describe : describe.skip)("lines that other parsers are tested with", () => {
  it.each(FILES)("of %s are recognised by one format and read", (file, names) => {
    for (const { input } of readCases(file)) {
      const recognising = FORMATS.filter((format) => format.recognises(input)).map((format) => format.name);

      expect(names).toEqual(expect.arrayContaining(recognising));
      expect(recognising.length).toBe(isFailedHandshake(input) ? 0 : 1);
      expect(readBy(names, input)).toMatchObject({ arrivalMs: expect.any(Number) });
    }
  });

  it.each(FILES)("of %s say what those parsers say", (file, names) => {
    for (const { input, expected } of readCases(file)) {
      if (expected === undefined) continue;
      const record = readBy(names, input);

      expect(ours(record, expected.parsed)).toEqual(theirs(file, expected.parsed));
    }
  });

  it("of CloudFront's old layout are all read, and their user agents decoded", () => {
    const lines = gunzipSync(readFileSync(`${REAL_LOGS}/logs/cloudfront-19col.log.gz`))
      .toString()
      .trim()
      .split("\n");
    const reader = cloudfront.open(lines.slice(0, 50));
    const records = lines.map((line) => reader.read(line) as LogRecord);

    expect(records.every((record) => record.client !== null && record.totalSecs !== null)).toBe(true);
    expect(records.some((record) => record.userAgent?.includes("%20"))).toBe(false);
  });

  it("of WAF are all read, with their sites and user agents", () => {
    const lines = gunzipSync(readFileSync(`${REAL_LOGS}/logs/waf-228.json.gz`))
      .toString()
      .trim()
      .split("\n");
    const reader = waf.open(lines.slice(0, 50));
    const records = lines.map((line) => reader.read(line) as LogRecord);

    expect(lines.every((line) => waf.recognises(line))).toBe(true);
    expect(records.every((record) => record.host !== null && record.method !== null && record.node !== null)).toBe(
      true,
    );
  });
});

function readCases(file: string): readonly Case[] {
  const lines = readFileSync(`${REAL_LOGS}/conformance/${file}.jsonl`, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}

function readBy(names: readonly string[], line: string): LogRecord {
  const candidates = FORMATS.filter((format) => names.includes(format.name));
  const format = candidates.find((one) => one.recognises(line)) ?? (candidates[0] as LogFormat);
  return format.open([line]).read(line) as LogRecord;
}

function isFailedHandshake(line: string): boolean {
  return line.includes("SSL handshake failure");
}

const CLIENT = (record: LogRecord) => record.client ?? firstOf(record.forwardedFor);
const TARGET = ({ path, query }: LogRecord) => (query === null ? path : `${path}?${query}`);

/** What those parsers call what they find, and where a record has it. */
const TOLD: Readonly<Record<string, (record: LogRecord) => unknown>> = {
  verb: (record) => record.method,
  request: TARGET,
  status: (record) => record.status,
  http_status_code: (record) => record.status,
  http_user_agent: (record) => record.userAgent,
  http_referer: (record) => record.referer,
  body_bytes_sent: (record) => record.bytes,
  bytes_read: (record) => record.bytes,
  bytes_sent: (record) => record.bytes,
  duration: (record) => inMs(record.totalSecs),
  time_duration: (record) => inMs(record.totalSecs),
  target_fqdn: (record) => record.host,
  request_addr: (record) => record.host,
  time: (record) => new Date(record.arrivalMs).toISOString(),
  remote_ip: CLIENT,
  client_ip: CLIENT,
  remote_addr: CLIENT,
};

/** Where records rightly say something else, and why. */
const DIFFERENCES: readonly (readonly [file: string, client: string, ours: string])[] = [
  // Traefik writes the X-Forwarded-For header for ClientHost. That parser takes its last entry for the client; here the
  // client is who connected, as ClientAddr says, and the header is kept whole for the reader to judge.
  ["crowdsec_traefik-logs", "10.0.0.50", "172.71.122.85"],
];

function ours(record: LogRecord, parsed: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  const names = Object.keys(parsed).filter((name) => name in TOLD);
  return Object.fromEntries(names.map((name) => [name, String(TOLD[name]?.(record))]));
}

function theirs(file: string, parsed: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  const told = Object.entries(parsed).filter(([name]) => name in TOLD);
  return Object.fromEntries(
    told.map(([name, value]) => {
      const other = DIFFERENCES.find((one) => one[0] === file && name === "remote_addr" && one[1] === value)?.[2];
      return [name, other ?? (value === "-" ? "null" : value)];
    }),
  );
}

/** Envoy's text log knows of the client but the X-Forwarded-For header, whose first entry that parser takes. */
function firstOf(forwardedFor: string | null): string | null {
  return forwardedFor?.split(",")[0]?.replace(/^\[|\]$/g, "") ?? null;
}

function inMs(secs: number | null): number | null {
  return secs === null ? null : Math.round(secs * 1000);
}
