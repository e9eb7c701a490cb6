import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { GetObjectCommand, type GetObjectCommandOutput, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { createLog } from "../../../src/log.ts";
import { createS3Source } from "../../../src/logs/sources/s3.ts";

const window = { startMs: Date.parse("2026-10-01T12:00:00Z"), endMs: Date.parse("2026-10-01T12:20:00Z") };
const FOLDER = "AWSLogs/123456789012/elasticloadbalancing/eu-west-1/2026/10/01/";

let cacheDir: string;
beforeEach(() => {
  cacheDir = mkdtempSync(join(tmpdir(), "s3-source-"));
});
afterEach(() => rmSync(cacheDir, { recursive: true, force: true }));

/** A bucket in which each object holds its own key; `answers` replaces what reading one gives. */
function createSource(
  keys: readonly string[],
  options: { maxBytes?: number; answers?: Readonly<Record<string, () => Promise<GetObjectCommandOutput>>> } = {},
) {
  const mock = mockClient(S3Client);
  mock.on(ListObjectsV2Command).callsFake(async ({ Prefix, StartAfter = "" }) => {
    const found = keys.filter((key) => key.startsWith(Prefix) && key > StartAfter);
    return {
      KeyCount: found.length,
      Contents: found.map((key) => ({ Key: key, ETag: `"${key.length}"`, Size: key.length })),
    };
  });
  mock.on(GetObjectCommand).callsFake(async ({ Key }) => (options.answers?.[Key] ?? (() => whole(Key)))());
  const source = createS3Source({
    config: {
      kind: "s3",
      bucket: "logs",
      prefix: "",
      accountId: "123456789012",
      region: "eu-west-1",
      loadBalancer: "app/web/50dc",
      format: "alb",
      maxBytes: options.maxBytes ?? 1_000_000,
    },
    aws: { region: "eu-west-1" },
    cacheDir,
    log: createLog("silent"),
  });
  return { source, reads: () => mock.commandCalls(GetObjectCommand).map((call) => call.args[0].input.Key) };
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

    const { files, skipped } = await source.fetch({ window });

    expect(files.map(({ name }) => name)).toEqual(keys.map((key) => `s3://logs/${key}`));
    expect(files.map(({ path }) => readFileSync(path, "utf8"))).toEqual(keys);
    expect(files.map(({ bytes }) => bytes)).toEqual(keys.map((key) => key.length));
    expect(skipped).toEqual([]);
  });

  it("come once, and from the cache after that", async () => {
    const { source, reads } = createSource([keyOf("1205"), keyOf("1210")]);

    const first = await source.fetch({ window });
    const second = await source.fetch({ window });

    expect(second.files).toEqual(first.files);
    expect(reads()).toHaveLength(2);
  });

  it("are counted as they come, up to the total, from the cache too", async () => {
    const keys = [keyOf("1205"), keyOf("1210")];
    const { source } = createSource(keys);
    const total = keys.join("").length;

    for (const _ of ["from S3", "from the cache"]) {
      const seen: { bytes: number; bytesTotal: number | null }[] = [];
      await source.fetch({ window, onFetched: (progress) => seen.push(progress) });

      expect(seen.at(-1)).toEqual({ bytes: total, bytesTotal: total });
    }
  });

  it("are named where one vanished, changed or was denied, and the others are read", async () => {
    const keys = ["1205", "1210", "1215", "1220"].map((clock) => keyOf(clock));
    const [gone = "", changed = "", denied = "", there = ""] = keys;
    const { source } = createSource(keys, {
      answers: {
        [gone]: () => Promise.reject(awsError("NoSuchKey", 404)),
        [changed]: () => Promise.reject(awsError("PreconditionFailed", 412)),
        [denied]: () => Promise.reject(awsError("AccessDenied", 403)),
      },
    });

    const { files, skipped } = await source.fetch({ window });

    expect(files.map(({ name }) => name)).toEqual([`s3://logs/${there}`]);
    expect(skipped).toEqual([
      { file: `s3://logs/${gone}`, reason: "gone since it was listed" },
      { file: `s3://logs/${changed}`, reason: "changed since it was listed" },
      { file: `s3://logs/${denied}`, reason: expect.stringContaining("Allow s3:GetObject") },
    ]);
  });

  it("are tried again where the connection broke off in the middle, and counted once", async () => {
    const key = keyOf("1205");
    let tries = 0;
    const { source } = createSource([key], {
      answers: { [key]: () => (++tries === 1 ? whole(key.slice(0, 9)) : whole(key)) },
    });
    const seen: number[] = [];

    const { files } = await source.fetch({ window, onFetched: ({ bytes }) => seen.push(bytes) });

    expect(files).toHaveLength(1);
    expect(seen).toEqual([9, 0, key.length]);
  });

  it("are named where the connection breaks off every time", async () => {
    const [broken, good] = [keyOf("1205"), keyOf("1210")];
    const { source, reads } = createSource([broken, good], { answers: { [broken]: () => whole("half") } });

    const { skipped } = await source.fetch({ window });

    expect(skipped).toEqual([{ file: `s3://logs/${broken}`, reason: `ended after 4 of ${broken.length} bytes` }]);
    expect(reads().filter((key) => key === broken)).toHaveLength(3);
    expect(readdirSync(cacheDir)).toHaveLength(1);
  });

  it("fail as a whole where S3 gives none of them", async () => {
    const keys = Array.from({ length: 40 }, (_, index) => keyOf("1205", `10.0.0.${index}`));
    const down = () => Promise.reject(awsError("ServiceUnavailable", 503));
    const { source, reads } = createSource(keys, { answers: Object.fromEntries(keys.map((key) => [key, down])) });

    await expect(source.fetch({ window })).rejects.toMatchObject({ code: "aws-down", retryable: true });
    expect(reads().length).toBeLessThan(20);
  });

  it("are refused where they are too many, with how many and what to do", async () => {
    const { source, reads } = createSource([keyOf("1205"), keyOf("1210")], { maxBytes: 100 });

    await expect(source.fetch({ window })).rejects.toMatchObject({
      name: "UserError",
      code: "logs-too-big",
      message: expect.stringMatching(/are 2 objects of .* over the limit of .*Ask for a shorter window, or raise/),
    });
    expect(reads()).toEqual([]);
  });

  it("are refused without a window", async () => {
    await expect(createSource([]).source.fetch({ window: null })).rejects.toMatchObject({
      code: "logs-window-missing",
    });
  });

  it.each([
    ["the folder is empty", [], "That folder is empty: check `logs` in spillway.yaml"],
    [
      "only others write there",
      [`${FOLDER}other.log.gz`],
      "Either it had no request then, or the files are not there yet",
    ],
  ])("are told as missing where %s, never as no traffic", async (_, keys, message) => {
    await expect(createSource(keys).source.fetch({ window })).rejects.toMatchObject({
      code: "logs-not-found",
      message: expect.stringContaining(message),
    });
  });

  it("name what lies among them and is none", async () => {
    const stranger = keyOf("1210").replace(".log.gz", ".log.gz.bak");

    const { files, skipped } = await createSource([keyOf("1205"), stranger]).source.fetch({ window });

    expect(files).toHaveLength(1);
    expect(skipped).toEqual([{ file: `s3://logs/${stranger}`, reason: "its name is not that of an ALB access log" }]);
  });

  it("stop coming when they are told to", async () => {
    const keys = Array.from({ length: 40 }, (_, index) => keyOf("1205", `10.0.0.${index}`));
    const stop = new AbortController();
    const { source, reads } = createSource(keys);

    const fetched = source.fetch({ window, signal: stop.signal, onFetched: () => stop.abort(new Error("enough")) });

    await expect(fetched).rejects.toThrow("enough");
    expect(reads().length).toBeLessThan(keys.length);
  });
});
