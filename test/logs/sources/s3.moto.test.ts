import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, it, jest } from "@jest/globals";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../src/domain/time-window.ts";
import { createLog } from "../../../src/log.ts";
import { createS3Source } from "../../../src/logs/sources/s3.ts";
import { fetchAll } from "../../support/fetch-all.ts";
import { describeWithMoto, type Moto } from "../../support/moto.ts";
import { createRecordingProxy, type RecordingProxy } from "../../support/recording-proxy.ts";
import { s3Config } from "../../support/s3-config.ts";

const ACCOUNT = "123456789012";
const BUCKET = "access-logs";
const SLICE_MS = 5 * MINUTE_MS;
const BEGIN = Date.parse("2026-10-01T20:00:00Z");
/** So long that a hundred slices can hold its requests, the last two of them only those that took minutes. */
const WINDOW = { startMs: BEGIN, endMs: BEGIN + 99 * SLICE_MS };
const NODES = ["10.0.0.1", "10.0.1.1"];

const iso = (ms: number) => new Date(ms).toISOString();
const day = (ms: number) => iso(ms).slice(0, 10).replaceAll("-", "/");
const stamp = (ms: number) => `${iso(ms).slice(0, 16).replaceAll(/[-:]/g, "")}Z`;
const range = (count: number, from: number, stepMs: number) =>
  Array.from({ length: count }, (_, i) => from + i * stepMs);

// To fill a bucket with 450 objects takes moto some seconds.
jest.setTimeout(60_000);

let cacheDir: string;
let proxy: RecordingProxy;
beforeEach(() => {
  cacheDir = mkdtempSync(join(tmpdir(), "s3-moto-"));
});
afterEach(async () => {
  rmSync(cacheDir, { recursive: true, force: true });
  await proxy.close();
});

/** Files are delivered six minutes after their span. */
function albKey(balancer: string, endMs: number, node: string, before = ""): string {
  const name = `${before}${ACCOUNT}_elasticloadbalancing_eu-west-1_app.${balancer}_${stamp(endMs)}_${node}_4hxk.log.gz`;
  return `AWSLogs/${ACCOUNT}/elasticloadbalancing/eu-west-1/${day(endMs + 6 * MINUTE_MS)}/${name}`;
}

/** Fills the bucket, and gives a source that reaches it through the proxy. Each object holds its own key. */
async function createSource(moto: Moto, keys: readonly string[], logs: Readonly<Record<string, unknown>>) {
  const client = new S3Client({ ...moto.aws, forcePathStyle: true });
  const eu = { CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } } as const;
  await client.send(new CreateBucketCommand({ Bucket: BUCKET, ...eu }));
  const put = (key: string) => client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: gzipSync(key) }));
  await Promise.all(keys.map(put));
  return connect(moto, logs);
}

async function connect(moto: Moto, logs: Readonly<Record<string, unknown>>) {
  proxy = await createRecordingProxy(moto.aws.endpoint ?? "");
  const config = s3Config({ bucket: BUCKET, ...logs });
  return createS3Source({ config, aws: { ...moto.aws, endpoint: proxy.endpoint }, cacheDir, log: createLog("silent") });
}

/** Keys that were asked for, in the order of names; and how many listings were made. */
function asked() {
  const paths = proxy.requests.map((line) => decodeURIComponent(line.replace(/^GET \//, "")));
  const isList = (path: string) => path.includes("list-type=2");
  const keys = paths.filter((path) => !isList(path)).map((path) => path.slice(BUCKET.length + 1).replace(/\?.*$/, ""));
  return { keys: keys.sort(), lists: paths.filter(isList).length };
}

describeWithMoto("200 slices of my-alb among those of others, of other logs and of other days", (moto) => {
  const logs = { loadBalancer: "app/my-alb/50dc" };
  const ends = range(100, BEGIN + SLICE_MS, SLICE_MS);
  const right = ends.flatMap((endMs) => NODES.map((node) => albKey("my-alb.50dc", endMs, node))).sort();
  const wrong = [
    ...ends.map((endMs) => albKey("my-alb-2.50dc", endMs, "10.0.0.1")),
    ...ends.map((endMs) => albKey("my-alb.50dc", endMs, "10.0.0.1", "conn_log.")),
    // Before the window and after it, down to the next slice, and on the days before and after.
    ...range(24, BEGIN - 23 * SLICE_MS, SLICE_MS).map((endMs) => albKey("my-alb.50dc", endMs, "10.0.0.1")),
    ...range(24, BEGIN + 101 * SLICE_MS, SLICE_MS).map((endMs) => albKey("my-alb.50dc", endMs, "10.0.0.1")),
    ...[-2, -1, 1, 2].map((days) => albKey("my-alb.50dc", BEGIN + HOUR_MS + days * DAY_MS, "10.0.0.1")),
    `AWSLogs/${ACCOUNT}/ELBAccessLogTestFile`,
  ];

  it("fetches the right ones and no others, gives the first before the last has come, and none twice", async () => {
    const source = await createSource(moto, [...right, ...wrong], logs);

    const { files, report } = source.fetch({ window: WINDOW, signal: new AbortController().signal });
    const names: string[] = [];
    let askedAtFirst = 0;
    for await (const { name, path } of files) {
      if (names.length === 0) askedAtFirst = asked().keys.length;
      names.push(name);
      expect(`s3://${BUCKET}/${gunzipSync(readFileSync(path)).toString()}`).toBe(name);
    }

    expect(asked()).toEqual({ keys: right, lists: 3 });
    expect(names.sort()).toEqual(right.map((key) => `s3://${BUCKET}/${key}`));
    expect(askedAtFirst).toBeLessThanOrEqual(16);
    const first = report();
    expect(first).toMatchObject({
      skipped: [],
      coverage: {
        objectsExpected: 200,
        objectsFound: 200,
        missing: { spans: 0 },
        objectsNotFetched: 0,
        objectsFromCache: 0,
        requests: { list: 3, get: 200 },
        newestEndMs: BEGIN + 100 * SLICE_MS,
      },
    });
    expect(first.coverage?.bytesDownloaded).toBe(first.coverage?.bytes);

    proxy.clear();
    const second = await fetchAll(source, WINDOW);

    expect(second.files).toHaveLength(200);
    expect(asked()).toEqual({ keys: [], lists: 3 });
    expect(second.coverage).toMatchObject({ objectsFromCache: 200, bytesDownloaded: 0, requests: { list: 3, get: 0 } });
  });

  it("names slices that are not there", async () => {
    const lost = new Set([albKey("my-alb.50dc", BEGIN + 40 * SLICE_MS, "10.0.0.1")]);
    const source = await createSource(
      moto,
      right.filter((key) => !lost.has(key)),
      logs,
    );

    const { coverage } = await fetchAll(source, WINDOW);

    expect(coverage).toMatchObject({
      objectsExpected: 200,
      objectsFound: 199,
      missing: { spans: 1, firstStartsMs: [BEGIN + 39 * SLICE_MS] },
    });
  });

  it("stops at once when it is told to, and leaves nothing half", async () => {
    const source = await createSource(moto, right, logs);
    const stop = new AbortController();

    const { files } = source.fetch({ window: WINDOW, signal: stop.signal });
    const reading = (async () => {
      for await (const _ of files) stop.abort(new Error("enough"));
    })();

    await expect(reading).rejects.toThrow("enough");
    expect(asked().keys.length).toBeLessThan(40);
    expect(readdirSync(cacheDir).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("says where the bucket does not exist", async () => {
    await expect(fetchAll(await connect(moto, logs), WINDOW)).rejects.toMatchObject({
      code: "aws-not-found",
      message: expect.stringContaining(`s3://${BUCKET}/`),
    });
  });
});

describeWithMoto("a bucket with other logs", (moto) => {
  const window = { startMs: Date.parse("2026-10-01T23:10:00Z"), endMs: Date.parse("2026-10-02T00:20:00Z") };
  const hours = range(30, Date.parse("2026-10-01T10:00:00Z"), HOUR_MS);

  it("gives CloudFront's files of the window's hours, over midnight", async () => {
    const name = (id: string, ms: number, part: string) =>
      `cdn/${id}.${iso(ms).slice(0, 13).replace("T", "-")}.${part}.gz`;
    const own = hours.flatMap((ms) => ["0a1b", "2c3d"].map((part) => name("E2EX", ms, part)));
    const source = await createSource(moto, [...own, ...hours.map((ms) => name("E2EXA", ms, "0a1b"))], {
      layout: "cloudfront",
      prefix: "cdn",
      distribution: "E2EX",
    });

    const { coverage } = await fetchAll(source, window);

    expect(asked()).toEqual({
      keys: [
        "cdn/E2EX.2026-10-01-23.0a1b.gz",
        "cdn/E2EX.2026-10-01-23.2c3d.gz",
        "cdn/E2EX.2026-10-02-00.0a1b.gz",
        "cdn/E2EX.2026-10-02-00.2c3d.gz",
      ],
      lists: 1,
    });
    expect(coverage).toMatchObject({ objectsExpected: null, objectsFound: 4, usualDelayMs: HOUR_MS });
  });

  it("gives a web ACL's files of five minutes, and one more on either side", async () => {
    const name = (acl: string, ms: number) =>
      `AWSLogs/${ACCOUNT}/WAFLogs/eu-west-1/${acl}/${iso(ms).slice(0, 16).replaceAll(/[-T:]/g, "/")}/${ACCOUNT}_waflogs_eu-west-1_${acl}_${stamp(ms)}_0a1b.log.gz`;
    const slices = range(100, Date.parse("2026-10-01T20:00:00Z"), SLICE_MS);
    const keys = [...slices.map((ms) => name("my-acl", ms)), ...slices.map((ms) => name("my-acl-2", ms))];
    const source = await createSource(moto, keys, { layout: "waf", webAcl: "my-acl" });

    const { coverage } = await fetchAll(source, window);

    const expected = range(15, window.startMs, SLICE_MS).map((ms) => name("my-acl", ms));
    expect(asked()).toEqual({ keys: expected, lists: 1 });
    expect(coverage).toMatchObject({ objectsExpected: 15, objectsFound: 15, missing: { spans: 0 } });
  });

  it("gives S3's own logs in a flat folder, up to the hours that they may be late", async () => {
    const name = (prefix: string, ms: number) =>
      `${prefix}${iso(ms).slice(0, 19).replaceAll(/[T:]/g, "-")}-0123456789ABCDEF`;
    const deliveries = range(48, Date.parse("2026-10-01T20:05:00Z"), HOUR_MS / 4);
    const keys = ["logs", "logs-2"].flatMap((prefix) => deliveries.map((ms) => name(prefix, ms)));
    const source = await createSource(moto, keys, { layout: "s3-access", prefix: "logs", maxDelaySecs: "2h" });

    await fetchAll(source, window);

    const lastMs = window.endMs + 2 * HOUR_MS;
    const late = deliveries.filter((ms) => ms > window.startMs && ms < lastMs).map((ms) => name("logs", ms));
    expect(asked()).toEqual({ keys: late, lists: 2 });
  });

  it("gives S3's own logs of one bucket, for the days they speak of", async () => {
    const name = (bucket: string, ms: number, part: string) =>
      `s3/${ACCOUNT}/eu-west-1/${bucket}/${day(ms)}/${iso(ms).slice(0, 10)}-00-00-00-${part}`;
    const days = range(4, Date.parse("2026-09-30T00:00:00Z"), DAY_MS);
    const keys = ["assets", "assets-2"].flatMap((bucket) =>
      days.flatMap((ms) => ["0123456789ABCDEF", "FEDCBA9876543210"].map((part) => name(bucket, ms, part))),
    );
    const source = await createSource(moto, keys, {
      layout: "s3-access-partitioned",
      prefix: "s3/",
      loggedBucket: "assets",
    });

    await fetchAll(source, window);

    expect(asked()).toEqual({
      keys: keys.filter((key) => /\/assets\/2026\/10\/0[12]\//.test(key)),
      lists: 2,
    });
    expect(readdirSync(cacheDir).every((file) => /^[0-9a-f]{64}$/.test(file))).toBe(true);
  });
});
