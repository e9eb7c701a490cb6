import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { createCustomFormat } from "../../../src/logs/formats/custom-format.ts";
import { detectFormat } from "../../../src/logs/formats/detect.ts";
import type { LogFormat } from "../../../src/logs/formats/format.ts";
import { parseTime } from "../../../src/logs/formats/logged-time.ts";
import { TEXT_FORMATS } from "../../../src/logs/formats/text-formats.ts";
import type { LogRecord } from "../../../src/logs/record.ts";
import { readLine } from "../../support/read-line.ts";
import { REAL_LOGS, realTraffic } from "../../support/real-traffic.ts";

/** A line that another project tests its parser with, and what that makes of it, where it says so. */
interface Case {
  readonly source: string;
  readonly input: string;
  readonly expected?: {
    readonly parsed: Readonly<Record<string, string>>;
    readonly meta: Readonly<Record<string, string>>;
  };
}

const FOLDER = join(REAL_LOGS, "conformance");
const isThere = realTraffic.isThere && existsSync(FOLDER);

/** The lines, and the formats that tell them; servers in these tests log in formats of their own, too. */
const FILES: readonly (readonly [file: string, name: string])[] = [
  ["alb", "alb"],
  ["alb_conn", "alb-connection"],
  ["clb", "clb"],
  ["nlb", "nlb"],
  ["s3", "s3-access"],
];
const OWN_FORMATS: readonly LogFormat[] = [
  '$remote_addr - [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"',
  '[$time_local] $host $remote_addr $request_time "$request" $status $body_bytes_sent $bytes_sent "$http_referer" "$http_user_agent"',
].map((nginx) => createCustomFormat({ nginx }));

/** What the other parsers call our values. */
const VALUES: Readonly<Record<string, (record: LogRecord) => string | number | null>> = {
  remote_addr: ({ client }) => client,
  clientip: ({ client }) => client,
  time: ({ completedMs }) => completedMs,
  request_creation_time: ({ arrivalMs }) => arrivalMs,
  time_local: ({ completedMs }) => completedMs,
  timestamp: ({ arrivalMs }) => arrivalMs,
  verb: ({ method }) => method,
  http_method: ({ method }) => method,
  protocol: ({ scheme }) => scheme,
  host: ({ host }) => host,
  target_fqdn: ({ host }) => host,
  request: ({ path, query }) => (query === null ? path : `${path}?${query}`),
  elb_status_code: ({ status }) => status,
  status: ({ status }) => status,
  response: ({ status }) => status,
  sent_bytes: ({ bytes }) => bytes,
  body_bytes_sent: ({ bytes }) => bytes,
  bytes: ({ bytes }) => bytes,
  http_user_agent: ({ userAgent }) => userAgent,
  http_referer: ({ referer }) => referer,
  referrer: ({ referer }) => referer,
  request_processing_time: ({ connectSecs }) => connectSecs,
  target_processing_time: ({ firstByteSecs }) => firstByteSecs,
  response_processing_time: ({ bodySecs }) => bodySecs,
  request_time: ({ totalSecs }) => totalSecs,
  ssl_protocol: ({ tls }) => tls,
  elb: ({ node }) => node,
  target_addr: ({ target }) => target?.replace(/:\d+$/, "") ?? null,
  target_port: ({ target }) => target?.replace(/^.*:/, "") ?? null,
};
const TIMES = new Set(["time", "request_creation_time", "time_local", "timestamp"]);

/** Where we mean to differ. */
const DIFFERENCES: readonly (readonly [why: string, isIt: (key: string, { input, expected }: Case) => boolean])[] = [
  [
    "what is no request line has neither method nor URL; the other parser gives its bytes for a URL",
    (key, { expected }) =>
      key === "request" && expected?.parsed["verb"] === undefined && expected?.parsed["http_method"] === undefined,
  ],
];

function casesOf(file: string): readonly Case[] {
  if (!isThere) return [];
  const lines = readFileSync(join(FOLDER, `${file}.jsonl`), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => JSON.parse(line) as Case);
}

/** What the other parser says, in our units; null for what stands for nothing. */
function meant(key: string, text: string): string | number | null {
  if (TIMES.has(key)) return parseTime(text, "iso") ?? parseTime(text, "clf");
  if (text === "-" || text === "-1") return null;
  return /^\d+(\.\d+)?$/.test(text) && key !== "target_port" ? Number(text) : text;
}

/** The values in which a record is not what the other parser says, as `key: theirs / ours`. */
function differing(one: Case, record: LogRecord | null): readonly string[] {
  return Object.entries(one.expected?.parsed ?? {}).flatMap(([key, text]) => {
    const value = VALUES[key];
    if (value === undefined || DIFFERENCES.some(([, isIt]) => isIt(key, one))) return [];
    const ours = record === null ? "unread" : value(record);
    return ours === meant(key, text) ? [] : [`${key}: ${text} / ${ours}`];
  });
}

(isThere ? describe : describe.skip)(`lines that other projects test with${realTraffic.note}`, () => {
  it.each(FILES)("of %s are told and read, and give the same values", (file, name) => {
    const cases = casesOf(file);
    const format = detectFormat(
      cases.map(({ input }) => input),
      TEXT_FORMATS,
    ).format as LogFormat;

    const records = cases.map((one) => ({ one, record: readLine(format, one.input) }));

    expect(format.name).toBe(name);
    expect(records.flatMap(({ one, record }) => differing(one, record))).toEqual([]);
    // One project tests with a line that ends behind its time: nothing of a request is left.
    expect(records.filter(({ one, record }) => record === null && !one.input.endsWith("]"))).toEqual([]);
  });

  it.each(["crowdsec_nginx-logs", "crowdsec_apache2-logs"])("of %s give the same values", (file) => {
    // Error logs are no access logs: what they tell of requests is in those, too.
    const cases = casesOf(file).filter(({ expected }) => expected?.meta["log_type"] !== "http_error-log");

    const wrong = cases.map((one) => {
      const format =
        detectFormat([one.input], TEXT_FORMATS).format ??
        OWN_FORMATS.find(({ recognises }) => recognises(one.input)) ??
        OWN_FORMATS[1];
      return [one.source, differing(one, readLine(format as LogFormat, one.input))];
    });

    expect(wrong.filter(([, values]) => values?.length !== 0)).toEqual([]);
    expect(wrong.length).toBeGreaterThan(5);
  });

  it("of error logs are not taken for requests", () => {
    const lines = ["crowdsec_nginx-logs", "crowdsec_apache2-logs"]
      .flatMap(casesOf)
      .filter(({ expected }) => expected?.meta["log_type"] === "http_error-log")
      .map(({ input }) => input);

    expect(lines.length).toBeGreaterThan(0);
    for (const format of TEXT_FORMATS)
      expect(lines.map((line) => readLine(format, line)).filter((record) => record !== null)).toEqual([]);
  });
});
