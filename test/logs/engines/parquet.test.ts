import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { ReadProgress } from "../../../src/ports/log-reader.ts";
import type { LogSlice } from "../../../src/ports/log-slice.ts";
import { albLine } from "../../support/log-lines.ts";
import { createLogFolder, type LogFolder } from "../../support/read-logs.ts";
import { writeParquet } from "../../support/write-parquet.ts";

const NOON_MS = Date.UTC(2026, 9, 1, 12);

let folder: LogFolder;
beforeEach(() => {
  folder = createLogFolder();
});
afterEach(() => folder.remove());

/** CloudFront delivers texts only, under the names of its tables. */
const CLOUDFRONT = `SELECT '2026-10-01' AS date, strftime(TIMESTAMP '2026-10-01 12:00:00' + to_seconds(i), '%H:%M:%S') AS time,
  'FRA56-P2' AS "x-edge-location", '2048' AS "sc-bytes", '198.51.100.' || (i % 100) AS "c-ip", 'GET' AS "cs-method",
  'd111111abcdef8.cloudfront.net' AS "cs(Host)", '/a%2520b' AS "cs-uri-stem", '200' AS "sc-status",
  '-' AS "cs(Referer)", 'Mozilla/5.0%20(X11)' AS "cs(User-Agent)", '-' AS "cs-uri-query", 'Hit' AS "x-edge-result-type",
  'Shop.example' AS "x-host-header", 'https' AS "cs-protocol", '0.250' AS "time-taken", 'unused' AS "cs(Cookie)"
  FROM range(ROWS) rows(i)`;

const S3 = `SELECT 'media' AS bucket_name, TIMESTAMPTZ '2026-10-01 12:00:00+00' + to_seconds(i) AS request_time,
  '198.51.100.7' AS remote_ip, 'GET /media/a.jpg?x=1 HTTP/1.1' AS request_uri, 206 AS http_status,
  2048::BIGINT AS bytes_sent_size, 41::BIGINT AS total_duration, 12::BIGINT AS turn_around_duration,
  'aws-sdk' AS user_agent, NULL::VARCHAR AS referer FROM range(ROWS) rows(i)`;

const ALB = `SELECT 'https' AS type, strftime(TIMESTAMP '2026-10-01 12:00:01' + to_seconds(i), '%Y-%m-%dT%H:%M:%S.%fZ') AS time,
  'app/web/50dc' AS elb, '2001:db8::7:50718' AS client_port, '10.0.0.7:8080' AS target_port,
  0.001::DOUBLE AS request_processing_time, 0.098::DOUBLE AS target_processing_time,
  0::DOUBLE AS response_processing_time, '502' AS elb_status_code, 2048::BIGINT AS sent_bytes,
  'GET https://Shop.example:443/search?q=a HTTP/2.0' AS request_line, 'curl/8.5.0' AS user_agent,
  strftime(TIMESTAMP '2026-10-01 12:00:00' + to_seconds(i), '%Y-%m-%dT%H:%M:%S.%fZ') AS request_creation_time
  FROM range(ROWS) rows(i)`;

const WAF = `SELECT 1790856000000 + i AS timestamp, 'arn:aws:wafv2:eu-west-1:1:regional/webacl/shop-acl/4763' AS webaclId,
  'BLOCK' AS action, 403 AS responseCodeSent, {'clientIp': '198.51.100.9', 'httpMethod': 'POST', 'uri': '/login', 'args': '',
  'headers': [{'name': 'host', 'value': 'Shop.example'}, {'name': 'User-Agent', 'value': 'curl/8'}]} AS httpRequest
  FROM range(ROWS) rows(i)`;

function rows(select: string, count: number): string {
  return select.replace("ROWS", String(count));
}

function path(name: string): string {
  return join(folder.path, name);
}

const SHAPES = [
  [
    "CloudFront",
    CLOUDFRONT,
    "cloudfront-json",
    { ip: "198.51.100.0", path: "/a%20b", host: "shop.example", status: "200", userAgent: "Mozilla/5.0 (X11)" },
    -250,
  ],
  [
    "S3",
    S3,
    "s3-access-json",
    { ip: "198.51.100.7", path: "/media/a.jpg", host: "unknown", status: "206", userAgent: "aws-sdk" },
    0,
  ],
  [
    "a load balancer",
    ALB,
    "alb-vended",
    { ip: "2001:db8::7", path: "/search", host: "shop.example", status: "502", userAgent: "curl/8.5.0" },
    0,
  ],
  [
    "WAF",
    WAF,
    "waf",
    { ip: "198.51.100.9", path: "/login", host: "shop.example", status: "403", userAgent: "curl/8" },
    0,
  ],
] as const;

/** The most frequent value of each dimension. */
async function firstValues(slice: LogSlice) {
  const dimensions = ["ip", "path", "host", "status", "userAgent"] as const;
  const spike = { startMs: 0, endMs: 4e12 };
  const { by } = await slice.breakdown({ dimensions, baseline: { startMs: 0, endMs: 0 }, spike, topN: 1 });
  return Object.fromEntries(dimensions.map((dimension) => [dimension, by[dimension]?.rows[0]?.value ?? "unknown"]));
}

async function requestsOf(slice: LogSlice) {
  const { requests } = await slice.series({ window: { startMs: 0, endMs: 4e12 }, stepMs: 4e12 });
  return requests[0];
}

describe("Parquet", () => {
  it.each(SHAPES)("of %s is read with all that its rows tell", async (_whose, select, format, values, firstMs) => {
    await writeParquet(path("a.parquet"), rows(select, 300));

    const slice = await folder.read();

    expect(slice.intake).toMatchObject({ files: 1, lines: 300, parsed: 300, recovered: 0, unparsed: 0, skipped: [] });
    expect(slice.intake.detected).toEqual([
      { format, file: path("a.parquet"), because: expect.stringContaining("its columns are those of") },
    ]);
    expect(slice.intake.firstMs).toBe(NOON_MS + firstMs);
    expect(await firstValues(slice)).toEqual(values);
  });

  it.each([
    ["seconds", "1790856000 + i"],
    ["microseconds", "1790856000000000 + 1000000 * i"],
    ["seconds as texts", "CAST(1790856000 + i AS VARCHAR)"],
  ])("whose times are counted in %s is read within a window, too", async (_, timestamp) => {
    await writeParquet(path("a.parquet"), rows(WAF.replace("1790856000000 + i", timestamp), 100));
    const window = { startMs: NOON_MS + 10_000, endMs: NOON_MS + 20_000 };

    const slice = await folder.read({ window });

    expect(await requestsOf(slice)).toBe(10);
  });

  it.each(SHAPES)(
    "of %s is read within a window, and accounted for beyond it",
    async (_whose, select, _format, _values, shiftMs) => {
      await writeParquet(
        path("a.parquet"),
        rows(select.replace("1790856000000 + i", "1790856000000 + 1000 * i"), 3_000),
      );
      const window = { startMs: NOON_MS + 60_000, endMs: NOON_MS + 120_000 };

      const slice = await folder.read({ window });

      expect(slice.intake).toMatchObject({ lines: 3_000, parsed: 3_000, unparsed: 0 });
      expect(await requestsOf(slice)).toBe(60);
      expect(slice.intake.firstMs).toBe(window.startMs + (shiftMs === 0 ? 0 : 1_000 + shiftMs));
    },
  );

  it.each([
    ["TIMESTAMP", "TIMESTAMP '2026-10-01 12:00:00' + to_seconds(i)"],
    ["TIMESTAMP_NS", "(TIMESTAMP '2026-10-01 12:00:00' + to_seconds(i))::TIMESTAMP_NS"],
    ["text without a zone", "strftime(TIMESTAMP '2026-10-01 12:00:00' + to_seconds(i), '%Y-%m-%d %H:%M:%S')"],
    ["text with an offset", "strftime(TIMESTAMP '2026-10-01 14:00:00' + to_seconds(i), '%Y-%m-%dT%H:%M:%S+02:00')"],
    ["number of microseconds", "(1790856000 + i) * 1000000"],
  ])("may have its times as %s", async (_type, time) => {
    const zoned = "TIMESTAMPTZ '2026-10-01 12:00:00+00' + to_seconds(i)";
    await writeParquet(path("a.parquet"), rows(S3.replace(zoned, time), 100));

    const slice = await folder.read({ window: { startMs: NOON_MS + 10_000, endMs: NOON_MS + 20_000 } });

    expect(slice.intake).toMatchObject({ lines: 100, parsed: 100, firstMs: NOON_MS + 10_000 });
    expect(await requestsOf(slice)).toBe(10);
  });

  it("is read beside text logs, whatever it is called, and packed in any usual way", async () => {
    await writeParquet(path("a[1]*.parquet"), rows(ALB, 20), ", COMPRESSION zstd");
    await writeParquet(path("no-ending"), rows(CLOUDFRONT, 30), ", COMPRESSION gzip");
    folder.write("b.log", `${albLine()}\n`.repeat(10));

    const { intake } = await folder.read();

    expect(intake).toMatchObject({ files: 3, lines: 60, parsed: 60, skipped: [] });
    expect(intake.formats).toEqual({ alb: 1, "alb-vended": 1, "cloudfront-json": 1 });
  });

  it("shows the rows that tell nothing of a request", async () => {
    const odd = "CASE WHEN i % 2 = 0 THEN NULL ELSE TIMESTAMPTZ '2026-10-01 12:00:00+00' END AS request_time";
    await writeParquet(path("a.parquet"), rows(S3.replace(/TIMESTAMPTZ .* AS request_time/, odd), 10));

    const { intake } = await folder.read();

    expect(intake).toMatchObject({ lines: 10, parsed: 5, unparsed: 5 });
    expect(JSON.parse(intake.unparsedSamples[0]?.line ?? "")).toMatchObject({
      request_time: null,
      bytes_sent_size: 2048,
    });
  });

  it("may hold numbers that are none", async () => {
    await writeParquet(path("a.parquet"), rows(ALB.replace("0.001::DOUBLE", "'NaN'::DOUBLE"), 5));

    expect((await folder.read()).intake).toMatchObject({ lines: 5, parsed: 5, firstMs: NOON_MS });
  });

  it("is left out with the reason where it is no log, or cut, and others are read", async () => {
    await writeParquet(path("good.parquet"), rows(S3, 10));
    await writeParquet(path("other.parquet"), "SELECT 1 AS a, 2 AS b, 3 AS c, 4 AS d, 5 AS e, 6 AS f, 7 AS g");
    await writeParquet(path("none.parquet"), rows(S3, 0));
    const bytes = readFileSync(path("good.parquet"));
    writeFileSync(path("cut.parquet"), bytes.subarray(0, bytes.length / 2));
    writeFileSync(path("tiny.parquet"), "PAR1");
    writeFileSync(
      path("encrypted.parquet"),
      Buffer.concat([Buffer.from("PARE"), bytes.subarray(4, -4), Buffer.from("PARE")]),
    );

    const { intake } = await folder.read();

    expect(intake).toMatchObject({ files: 1, lines: 10 });
    expect(intake.skipped.map(({ file, reason }) => [file.slice(folder.path.length + 1), reason])).toEqual([
      ["cut.parquet", "is Parquet that is cut or damaged: its end, which says what is in it, is missing"],
      ["encrypted.parquet", "is Parquet that is encrypted, which is not read here"],
      ["none.parquet", "holds the names of its columns alone"],
      ["other.parquet", "is Parquet with columns that are of no log known here: a, b, c, d, e and 2 more"],
      ["tiny.parquet", "is Parquet that is cut or damaged: its end, which says what is in it, is missing"],
    ]);
  });

  it("may be damaged anywhere, and others are read", async () => {
    await writeParquet(path("z.parquet"), rows(CLOUDFRONT, 5_000), ", ROW_GROUP_SIZE 2048");
    const bytes = readFileSync(path("z.parquet"));
    for (let file = 0; file < 40; file += 1) {
      const damaged = Buffer.from(bytes);
      for (let at = (file * 7_919) % 997; at < damaged.length - 8; at += 997 + 31 * file)
        damaged[at] = (at * 31 + file) % 256;
      writeFileSync(path(`a${file}.parquet`), damaged);
    }

    const { intake } = await folder.read();

    expect(intake.lines).toBe(intake.parsed + intake.unparsed);
    expect(intake.formats["cloudfront-json"]).toBeGreaterThan(0);
    expect(intake.lines).toBeGreaterThanOrEqual(5_000);
    expect(intake.skipped.some(({ file }) => file === path("z.parquet"))).toBe(false);
  });

  it("of connections is set aside beside requests, and read where there is nothing else", async () => {
    const select = `SELECT '2026-10-01T12:00:00Z' AS time, '198.51.100.1' AS client_ip, 51234 AS client_port,
      443 AS listener_port, 'TLSv1.3' AS tls_protocol, 'TID_1' AS conn_trace_id`;
    await writeParquet(path("connections.parquet"), select);
    const requests = path("requests.parquet");
    await writeParquet(requests, rows(ALB, 5));

    const both = await folder.read();
    const alone = await folder.read({ paths: [path("connections.parquet")] });

    expect(both.intake).toMatchObject({ files: 1, lines: 5 });
    expect(both.intake.skipped).toEqual([
      { file: path("connections.parquet"), reason: expect.stringContaining("others here tell of the requests") },
    ]);
    expect(alone.intake).toMatchObject({ files: 1, lines: 1, formats: { "alb-connection-vended": 1 } });
  });

  it("is read as the format that the configuration names, where that can be Parquet", async () => {
    await writeParquet(path("a.parquet"), rows(S3, 5));

    expect((await folder.read({ format: "s3-access-json" })).intake).toMatchObject({ lines: 5, parsed: 5 });
    await expect(folder.read({ format: "alb" })).rejects.toMatchObject({
      message: expect.stringContaining("is Parquet, and no log in the format alb is"),
    });
    await expect(folder.read({ format: "waf" })).rejects.toMatchObject({
      message: expect.stringContaining("columns that are not of AWS WAF log: bucket_name"),
    });
  });

  it("of 100,000 rows is read in a few seconds", async () => {
    await writeParquet(path("a.parquet"), rows(CLOUDFRONT, 100_000));
    const startMs = performance.now();

    const { intake } = await folder.read();

    expect(intake).toMatchObject({ lines: 100_000, parsed: 100_000 });
    expect(performance.now() - startMs).toBeLessThan(10_000);
  }, 60_000);

  it("stops within a second when told to, and leaves nothing behind", async () => {
    await writeParquet(path("a.parquet"), rows(CLOUDFRONT, 300_000));
    const spill = join(folder.path, "..", "spill");
    const stop = new AbortController();
    let stoppedMs = Number.POSITIVE_INFINITY;
    const onProgress = ({ linesRead }: ReadProgress) => {
      if (linesRead === 0 || stop.signal.aborted) return;
      stoppedMs = performance.now();
      stop.abort(new Error("enough"));
    };

    await expect(folder.read({ signal: stop.signal, onProgress })).rejects.toThrow("enough");

    expect(performance.now() - stoppedMs).toBeLessThan(1_000);
    expect(readdirSync(spill)).toEqual([]);
  });
});
