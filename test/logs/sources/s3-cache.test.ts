import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createS3Cache, type S3Cache } from "../../../src/logs/sources/s3-cache.ts";

const HOUR_MS = 3_600_000;
const object = (key: string, bytes = 5, etag = '"1"') => ({ bucket: "logs", key, etag, bytes, writtenMs: null });

let dir: string;
let nowMs: number;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "s3-cache-"));
  nowMs = Date.parse("2026-10-01T12:00:00Z");
});
afterEach(() => rmSync(dir, { recursive: true }));

const createCache = (maxBytes = 1_000) => createS3Cache({ dir, maxBytes, now: () => nowMs });

describe("the cache of objects", () => {
  it("gives back what it was given, to the byte, under its key and version alone", async () => {
    const cache = createCache();

    const path = await cache.keep(object("a"), Readable.from([Buffer.from("hel"), Buffer.from("lo")]));

    expect(readFileSync(path, "utf8")).toBe("hello");
    expect(await cache.find(object("a"))).toBe(path);
    expect(await cache.find(object("b"))).toBeNull();
    expect(await cache.find(object("a", 5, '"2"'))).toBeNull();
    expect(await cache.find({ ...object("a"), bucket: "others" })).toBeNull();
  });

  it("lets nobody else on the machine read it", async () => {
    const path = await createCache().keep(object("a"), Readable.from([Buffer.from("hello")]));

    expect(statSync(path).mode & 0o077).toBe(0);
  });

  it("tells of bytes as they arrive", async () => {
    const arrived: number[] = [];

    await createCache().keep(object("a"), Readable.from([Buffer.from("hel"), Buffer.from("lo")]), {
      onBytes: (bytes) => arrived.push(bytes),
    });

    expect(arrived).toEqual([3, 2]);
  });

  it("never leaves half an object as a whole one", async () => {
    const cache = createCache();
    const kept = await Promise.allSettled([
      cache.keep(object("a"), Readable.from([Buffer.from("hel")])),
      cache.keep(object("b"), Readable.from(breakOff())),
    ]);

    expect(kept.map((one) => (one.status === "rejected" ? String(one.reason) : one.status))).toEqual([
      "Error: ended after 3 of 5 bytes",
      "Error: connection lost",
    ]);
    expect(readdirSync(dir)).toEqual([]);
  });

  it("leaves nothing behind when it is told to stop", async () => {
    const stop = new AbortController();
    const kept = createCache().keep(object("a"), Readable.from(waitFor(stop.signal)), { signal: stop.signal });

    stop.abort(new Error("shutting down"));

    await expect(kept).rejects.toThrow();
    expect(readdirSync(dir)).toEqual([]);
  });

  it("leaves nothing behind when it is told to stop before it began", async () => {
    const stop = AbortSignal.abort(new Error("shutting down"));
    const body = Readable.from(waitFor(new AbortController().signal));

    await expect(createCache().keep(object("a"), body, { signal: stop })).rejects.toThrow();

    expect(body.destroyed).toBe(true);
    expect(readdirSync(dir)).toEqual([]);
  });

  it("says what to do where it cannot be written", async () => {
    const file = join(dir, "file");
    writeFileSync(file, "");
    const cache = createS3Cache({ dir: join(file, "cache"), maxBytes: 0 });

    expect(await cache.find(object("a"))).toBeNull();
    await expect(cache.keep(object("a"), Readable.from([Buffer.from("hello")]))).rejects.toMatchObject({
      code: "logs-cache-unwritable",
      message: expect.stringMatching(/it is no folder\. Make room, lower `logs\.cacheMaxBytes`/),
    });
  });

  it("does not take a file that was cut short on disk for the object", async () => {
    const cache = createCache();
    writeFileSync(await cache.keep(object("a"), Readable.from([Buffer.from("hello")])), "he");

    expect(await cache.find(object("a"))).toBeNull();
  });

  it("drops what was used least recently, and only what is needed to get within its limit", async () => {
    const cache = createCache(10);
    for (const key of ["a", "b", "c"]) {
      await cache.keep(object(key), Readable.from([Buffer.from("hello")]));
      nowMs += HOUR_MS;
    }
    await cache.find(object("a"));
    nowMs += HOUR_MS;

    await cache.trim();

    const left = await Promise.all(["a", "b", "c"].map(async (key) => (await cache.find(object(key))) !== null));
    expect(left).toEqual([true, false, true]);
  });

  it("keeps what may be in use, limit or not", async () => {
    const cache = createCache(0);
    const path = await cache.keep(object("a"), Readable.from([Buffer.from("hello")]));
    nowMs += 29 * 60_000;

    await cache.trim();

    expect(await cache.find(object("a"))).toBe(path);
  });

  it("keeps what others put into its folder", async () => {
    writeFileSync(join(dir, "notes.txt"), "mine");
    nowMs += 24 * HOUR_MS;

    await createCache(0).trim();

    expect(readdirSync(dir)).toEqual(["notes.txt"]);
  });

  it("clears away downloads that a crash left", async () => {
    const left = join(dir, "x.log.gz.1.part");
    const underWay = join(dir, "y.log.gz.2.part");
    for (const path of [left, underWay]) writeFileSync(path, "half");
    await utimes(left, nowMs / 1_000 - 7_200, nowMs / 1_000 - 7_200);
    await utimes(underWay, nowMs / 1_000, nowMs / 1_000);

    await createCache().trim();

    expect(readdirSync(dir)).toEqual(["y.log.gz.2.part"]);
  });

  it.each([
    ["AWSLogs/1/elasticloadbalancing/a_20261001T1205Z_10.0.0.1_x.log.gz", /^[0-9a-f]{64}\.log\.gz$/],
    ["AWSLogs/1/elasticloadbalancing/a_20261001T1205Z_10.0.0.1_x.log", /^[0-9a-f]{64}\.log$/],
    ["E2EXAMPLE.2026-10-01-12.abcd1234.gz", /^[0-9a-f]{64}\.gz$/],
    ["year=2026/part.parquet", /^[0-9a-f]{64}\.parquet$/],
    ["logs/2026-10-01-12-00-00-0123456789ABCDEF", /^[0-9a-f]{64}$/],
    ["v1.0/weird.name", /^[0-9a-f]{64}$/],
  ])("lets %s end as it is packed, and clears it away like any other", async (key, name) => {
    const cache = createCache(0);

    const path = await cache.keep(object(key), Readable.from([Buffer.from("hello")]));
    nowMs += HOUR_MS;

    expect(basename(path)).toMatch(name);
    await cache.trim();
    expect(readdirSync(dir)).toEqual([]);
  });

  it("is shared by processes that keep, use and clear away at the same time", async () => {
    const caches = [createCache(20), createCache(20), createCache(20)];
    const use = async (cache: S3Cache, round: number) => {
      const one = object(`${round % 7}`);
      const path = (await cache.find(one)) ?? (await cache.keep(one, Readable.from([Buffer.from("hello")])));
      nowMs += HOUR_MS / 4;
      await cache.trim();
      return path;
    };

    const rounds = Array.from({ length: 60 }, (_, round) => round);
    await Promise.all(
      caches.map((cache) =>
        rounds.reduce<Promise<unknown>>((before, round) => before.then(() => use(cache, round)), Promise.resolve()),
      ),
    );

    expect(readdirSync(dir).every((name) => /^[0-9a-f]{64}$/.test(name))).toBe(true);
  });

  it("has nothing to clear away where its folder was never made", async () => {
    await expect(createS3Cache({ dir: join(dir, "none"), maxBytes: 0 }).trim()).resolves.toBeUndefined();
  });
});

function* breakOff(): Generator<Buffer> {
  yield Buffer.from("hel");
  throw new Error("connection lost");
}

async function* waitFor(signal: AbortSignal): AsyncGenerator<Buffer> {
  yield Buffer.from("hel");
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
}
