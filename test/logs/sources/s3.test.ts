import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { GetObjectCommand, type GetObjectCommandOutput, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { createLog } from "../../../src/log.ts";
import { createS3Source } from "../../../src/logs/sources/s3.ts";
import type { FetchProgress } from "../../../src/logs/sources/source.ts";
import { fetchAll } from "../../support/fetch-all.ts";
import { s3Config } from "../../support/s3-config.ts";

const window = { startMs: Date.parse("2026-10-01T12:00:00Z"), endMs: Date.parse("2026-10-01T12:20:00Z") };
const WRITTEN = new Date("2026-10-01T12:40:00Z");
const FOLDER = "AWSLogs/123456789012/elasticloadbalancing/eu-west-1/2026/10/01/";

let cacheDir: string;
beforeEach(() => {
  cacheDir = mkdtempSync(join(tmpdir(), "s3-source-"));
});
afterEach(() => rmSync(cacheDir, { recursive: true, force: true }));

/** A bucket in which each object holds its own key; `answers` replaces what reading one gives. */
function createSource(
  keys: readonly string[],
  options: {
    limits?: { maxBytes?: number; maxObjects?: number; maxRequests?: number };
    answers?: Readonly<Record<string, () => Promise<GetObjectCommandOutput>>>;
    /** Keys of no bytes. */
    empty?: readonly string[];
    pageLength?: number;
    nowMs?: number;
    logs?: Readonly<Record<string, unknown>>;
  } = {},
) {
  const { pageLength = 1_000, empty = [], nowMs = WRITTEN.getTime() } = options;
  const mock = mockClient(S3Client);
  mock.on(ListObjectsV2Command).callsFake(async ({ Prefix, StartAfter = "", ContinuationToken = StartAfter }) => {
    const found = keys.filter((key) => key.startsWith(Prefix) && key > ContinuationToken).sort();
    const page = found.slice(0, pageLength);
    return {
      KeyCount: page.length,
      IsTruncated: page.length < found.length,
      NextContinuationToken: page.at(-1),
      Contents: page.map((key) => ({
        Key: key,
        ETag: `"${key.length}"`,
        Size: empty.includes(key) ? 0 : key.length,
        LastModified: WRITTEN,
      })),
    };
  });
  mock.on(GetObjectCommand).callsFake(async ({ Key }) => (options.answers?.[Key] ?? (() => whole(Key)))());
  const source = createS3Source({
    config: s3Config({ bucket: "logs", ...(options.logs ?? { loadBalancer: "app/web/50dc" }), ...options.limits }),
    aws: { region: "eu-west-1" },
    cacheDir,
    log: createLog("silent"),
    now: () => nowMs,
  });
  return {
    source,
    reads: () => mock.commandCalls(GetObjectCommand).map((call) => call.args[0].input.Key),
    lists: () => mock.commandCalls(ListObjectsV2Command).length,
  };
}

const keyOf = (clock: string, node = "10.0.0.1") =>
  `${FOLDER}123456789012_elasticloadbalancing_eu-west-1_app.web.50dc_20261001T${clock}Z_${node}_4hxk.log.gz`;

async function whole(text: string): Promise<GetObjectCommandOutput> {
  return { Body: Readable.from([Buffer.from(text)]) } as unknown as GetObjectCommandOutput;
}

function awsError(name: string, status: number): Error {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });
}

describe("logs in S3", () => {
  it("come to this machine whole, each under the name people know it by", async () => {
    const keys = [keyOf("1205"), keyOf("1205", "10.0.0.2"), keyOf("1210")];
    const { source } = createSource(keys);

    const { files, skipped } = await fetchAll(source, window);

    expect(files.map(({ name }) => name)).toEqual(keys.map((key) => `s3://logs/${key}`));
    expect(files.map(({ path }) => readFileSync(path, "utf8"))).toEqual(keys);
    expect(files.map(({ bytes }) => bytes)).toEqual(keys.map((key) => key.length));
    expect(skipped).toEqual([]);
  });

  it("come once, and from the cache after that", async () => {
    const { source, reads } = createSource([keyOf("1205"), keyOf("1210")]);

    const first = await fetchAll(source, window);
    const second = await fetchAll(source, window);

    expect(second.files).toEqual(first.files);
    expect(reads()).toHaveLength(2);
    expect(first.coverage).toMatchObject({ objectsFromCache: 0, requests: { list: 2, get: 2 } });
    expect(second.coverage).toMatchObject({ objectsFromCache: 2, bytesDownloaded: 0, requests: { list: 2, get: 0 } });
    expect(second.coverage?.bytes).toBe(first.coverage?.bytes);
  });

  it("are counted as they come, up to the total, from the cache too", async () => {
    const keys = [keyOf("1205"), keyOf("1210")];
    const { source } = createSource(keys);
    const total = keys.join("").length;

    for (const _ of ["from S3", "from the cache"]) {
      const seen: FetchProgress[] = [];
      await fetchAll(source, window, { onFetched: (progress) => seen.push(progress) });

      expect(seen.at(-1)).toEqual({ bytes: total, bytesTotal: total, filesTotal: 2 });
    }
  });

  it("are given while others are still on their way", async () => {
    const keys = [keyOf("1205"), keyOf("1210")];
    const [first = "", slow = ""] = keys;
    let arrive = () => {};
    const arrival = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const { source } = createSource(keys, { answers: { [slow]: () => arrival.then(() => whole(slow)) } });

    const files = source.fetch({ window, signal: new AbortController().signal }).files[Symbol.asyncIterator]();

    expect((await files.next()).value).toMatchObject({ name: `s3://logs/${first}` });
    arrive();
    expect((await files.next()).value).toMatchObject({ name: `s3://logs/${slow}` });
    expect((await files.next()).done).toBe(true);
  });

  it("begin to come before all are listed", async () => {
    const keys = Array.from({ length: 30 }, (_, index) => keyOf("1205", `10.0.0.${index + 10}`));
    const { source, lists } = createSource(keys, { pageLength: 10 });

    const fetched = await fetchAll(source, window);

    expect(fetched.files).toHaveLength(30);
    expect(lists()).toBe(4);
    expect(fetched.coverage?.requests.list).toBe(4);
  });

  it("wait where nobody takes them", async () => {
    const keys = Array.from({ length: 60 }, (_, index) => keyOf("1205", `10.0.0.${index}`));
    const { source, reads } = createSource(keys);
    const files = source.fetch({ window, signal: new AbortController().signal }).files[Symbol.asyncIterator]();

    await files.next();
    for (let turn = 0; turn < 300; turn += 1) await new Promise(setImmediate);

    expect(reads()).toHaveLength(16);
    await files.return?.();
    expect(reads().length).toBeLessThan(keys.length);
  });

  it("are named where one vanished, changed, was denied or lies in an archive, and the others are read", async () => {
    const keys = ["1205", "1210", "1215", "1220", "1225"].map((clock) => keyOf(clock));
    const [gone = "", changed = "", denied = "", archived = "", there = ""] = keys;
    const { source } = createSource(keys, {
      answers: {
        [gone]: () => Promise.reject(awsError("NoSuchKey", 404)),
        [changed]: () => Promise.reject(awsError("PreconditionFailed", 412)),
        [denied]: () => Promise.reject(awsError("AccessDenied", 403)),
        [archived]: () => Promise.reject(awsError("InvalidObjectState", 403)),
      },
    });

    const { files, skipped, coverage } = await fetchAll(source, window);

    expect(files.map(({ name }) => name)).toEqual([`s3://logs/${there}`]);
    expect(skipped).toEqual([
      { file: `s3://logs/${gone}`, reason: "gone since it was listed" },
      { file: `s3://logs/${changed}`, reason: "changed since it was listed" },
      { file: `s3://logs/${denied}`, reason: expect.stringContaining("Allow s3:GetObject") },
      { file: `s3://logs/${archived}`, reason: "is in an archive of S3; restore it there first" },
    ]);
    expect(coverage).toMatchObject({ objectsFound: 5, objectsNotFetched: 4 });
  });

  it("are named and not asked for where they are empty", async () => {
    const [empty, there] = [keyOf("1205"), keyOf("1210")];
    const { source, reads } = createSource([empty, there], { empty: [empty] });

    const { skipped, coverage } = await fetchAll(source, window);

    expect(skipped).toEqual([{ file: `s3://logs/${empty}`, reason: "is empty (0 bytes)" }]);
    expect(reads()).toEqual([there]);
    expect(coverage).toMatchObject({ objectsFound: 2, objectsNotFetched: 1 });
  });

  it("are tried again where the connection broke off in the middle, and counted once", async () => {
    const key = keyOf("1205");
    let tries = 0;
    const { source } = createSource([key], {
      answers: { [key]: () => (++tries === 1 ? whole(key.slice(0, 9)) : whole(key)) },
    });
    const seen: number[] = [];

    const { files, coverage } = await fetchAll(source, window, { onFetched: ({ bytes }) => seen.push(bytes) });

    expect(files).toHaveLength(1);
    expect(seen.filter((bytes, index) => bytes !== seen[index - 1] && bytes > 0)).toEqual([9, key.length]);
    expect(coverage).toMatchObject({ bytes: key.length, requests: { get: 2 } });
  });

  it("are named where the connection breaks off every time", async () => {
    const [broken, good] = [keyOf("1205"), keyOf("1210")];
    const { source, reads } = createSource([broken, good], { answers: { [broken]: () => whole("half") } });

    const { skipped } = await fetchAll(source, window);

    expect(skipped).toEqual([{ file: `s3://logs/${broken}`, reason: `ended after 4 of ${broken.length} bytes` }]);
    expect(reads().filter((key) => key === broken)).toHaveLength(3);
    expect(readdirSync(cacheDir)).toHaveLength(1);
  });

  it.each([[3], [40]])("fail as a whole where S3 gives none of %i", async (count) => {
    const keys = Array.from({ length: count }, (_, index) => keyOf("1205", `10.0.0.${index}`));
    const down = () => Promise.reject(awsError("ServiceUnavailable", 503));
    const { source, reads } = createSource(keys, { answers: Object.fromEntries(keys.map((key) => [key, down])) });

    await expect(fetchAll(source, window)).rejects.toMatchObject({ code: "aws-down", retryable: true });
    expect(reads().length).toBeLessThan(20);
  });

  it.each([
    [{ maxBytes: 100 }, /are 2 objects of 0\.0 MiB together, over the limit of 0\.0 MiB\. .* raise `logs\.maxBytes`/],
    [{ maxObjects: 1 }, /are 2 objects of .* over the limit of 1 objects\. Ask for a shorter .* `logs\.maxObjects`/],
  ])("are refused where they are over %j, with how many and what to do", async (limits, message) => {
    const { source, reads } = createSource([keyOf("1205"), keyOf("1210")], { limits });

    await expect(fetchAll(source, window)).rejects.toMatchObject({
      name: "UserError",
      code: "logs-too-big",
      message: expect.stringMatching(message),
    });
    expect(reads()).toEqual([]);
  });

  it("are listed to the end where they are too many, to say how many", async () => {
    const keys = Array.from({ length: 100 }, (_, index) => keyOf("1205", `10.0.0.${index}`));
    const { source, reads } = createSource(keys, { limits: { maxObjects: 15 }, pageLength: 10 });

    await expect(fetchAll(source, window)).rejects.toMatchObject({ message: expect.stringContaining("100 objects") });
    expect(reads().length).toBeLessThanOrEqual(16);
  });

  it("are not asked for more often than is allowed", async () => {
    const keys = Array.from({ length: 40 }, (_, index) => keyOf("1205", `10.0.0.${index}`));
    const { source, reads, lists } = createSource(keys, { limits: { maxRequests: 12 } });

    await expect(fetchAll(source, window)).rejects.toMatchObject({
      code: "logs-too-big",
      message: expect.stringMatching(/^To read these logs took 2 LIST and 10 GET requests of S3, the limit of 12/),
    });
    expect(reads().length + lists()).toBe(12);
  });

  it("fail as a whole where they cannot be kept on this machine", async () => {
    const keys = Array.from({ length: 40 }, (_, index) => keyOf("1205", `10.0.0.${index}`));
    const { source, reads } = createSource(keys);
    rmSync(cacheDir, { recursive: true });
    writeFileSync(cacheDir, "");

    await expect(fetchAll(source, window)).rejects.toMatchObject({ code: "logs-cache-unwritable" });
    expect(reads().length).toBeLessThanOrEqual(16);
  });

  it("are refused without a window", async () => {
    await expect(fetchAll(createSource([]).source, null)).rejects.toMatchObject({ code: "logs-window-missing" });
  });

  it.each([
    [
      "nothing is there",
      [],
      "Nothing at all is there: check `logs` in spillway.yaml (bucket, prefix, accountId, region)",
    ],
    [
      "only others write there",
      [`${FOLDER}other.log.gz`],
      "Either it had no request then, or the files are not there yet (they come 5 to 10 minutes late), or `logs.loadBalancer`",
    ],
  ])("are told as missing where %s, never as no traffic", async (_, keys, message) => {
    await expect(fetchAll(createSource(keys).source, window)).rejects.toMatchObject({
      code: "logs-not-found",
      message: expect.stringContaining(message),
    });
  });

  it("name what lies among them and is none", async () => {
    const stranger = keyOf("1210").replace(".log.gz", ".log.gz.bak");

    const { files, skipped, coverage } = await fetchAll(createSource([keyOf("1205"), stranger]).source, window);

    expect(files).toHaveLength(1);
    expect(skipped).toEqual([{ file: `s3://logs/${stranger}`, reason: "its name is not that of an ALB access log" }]);
    expect(coverage).toMatchObject({ objectsFound: 1, objectsNotFetched: 0 });
  });

  it.each([
    ["2026-10-01T12:30:00Z", 1],
    ["2026-10-01T12:50:00Z", 0],
  ])("were written after the requests they hold: a file of 12:40 for a window from %s", async (from, reads) => {
    const key = "123456789012/eu-west-1/assets/2026/10/01/2026-10-01-00-00-00-0123456789ABCDEF";
    const s3 = createSource([key], { logs: { layout: "s3-access-partitioned", loggedBucket: "assets" } });
    const startMs = Date.parse(from);

    await fetchAll(s3.source, { startMs, endMs: startMs + 60_000 }).catch(() => {});

    expect(s3.reads()).toHaveLength(reads);
  });

  it("tell which slices are not there, and how new the newest is", async () => {
    const keys = [keyOf("1205"), keyOf("1210"), keyOf("1220"), keyOf("1205", "10.0.0.2")];

    const { coverage } = await fetchAll(createSource(keys).source, window);

    expect(coverage).toMatchObject({
      objectsExpected: 5,
      objectsFound: 4,
      missing: { spans: 1, firstStartsMs: [Date.parse("2026-10-01T12:10:00Z")] },
      newestEndMs: Date.parse("2026-10-01T12:20:00Z"),
      newestWrittenMs: WRITTEN.getTime(),
      listedMs: WRITTEN.getTime(),
      usualDelayMs: 600_000,
    });
  });

  it("stop coming when they are told to", async () => {
    const keys = Array.from({ length: 40 }, (_, index) => keyOf("1205", `10.0.0.${index}`));
    const stop = new AbortController();
    const { source, reads } = createSource(keys);

    const fetched = fetchAll(source, window, {
      signal: stop.signal,
      onFetched: () => stop.abort(new Error("enough")),
    });

    await expect(fetched).rejects.toThrow("enough");
    expect(reads().length).toBeLessThan(keys.length);
  });

  it.each([
    ["S3 does not answer", () => new Promise<never>(() => {})],
    ["a body stays out", async () => ({ Body: new Readable({ read() {} }) }) as unknown as GetObjectCommandOutput],
  ])("stop within a second where %s, and leave nothing half", async (_, answer) => {
    const keys = Array.from({ length: 20 }, (_, index) => keyOf("1205", `10.0.0.${index}`));
    const stop = new AbortController();
    const { source } = createSource(keys, { answers: Object.fromEntries(keys.map((key) => [key, answer])) });
    const fetched = fetchAll(source, window, { signal: stop.signal });

    const startedMs = Date.now();
    setTimeout(() => stop.abort(new Error("enough")), 50);

    await expect(fetched).rejects.toThrow("enough");
    expect(Date.now() - startedMs).toBeLessThan(1_000);
    expect(readdirSync(cacheDir)).toEqual([]);
  });

  it("do not begin to come where it is over before", async () => {
    const { source, lists } = createSource([keyOf("1205")]);

    await expect(fetchAll(source, window, { signal: AbortSignal.abort(new Error("late")) })).rejects.toThrow("late");
    expect(lists()).toBe(0);
  });
});
