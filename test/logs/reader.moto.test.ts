import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, it, jest } from "@jest/globals";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import { createLog } from "../../src/log.ts";
import { createLogReader } from "../../src/logs/reader.ts";
import { createS3Source } from "../../src/logs/sources/s3.ts";
import { albLine } from "../support/log-lines.ts";
import { describeWithMoto, type Moto } from "../support/moto.ts";
import { createRecordingProxy, type RecordingProxy } from "../support/recording-proxy.ts";
import { s3Config } from "../support/s3-config.ts";

const BUCKET = "access-logs";
const ACCOUNT = "123456789012";
const SLICE_MS = 5 * MINUTE_MS;
const BEGIN_MS = Date.parse("2026-10-01T20:00:00Z");
const SLICES = 100;
const NODES = ["10.0.0.1", "10.0.1.1"];
/** The last slice lies behind it, for requests that took long. */
const WINDOW = { startMs: BEGIN_MS, endMs: BEGIN_MS + (SLICES - 1) * SLICE_MS };

jest.setTimeout(60_000);

let folder: string;
let proxy: RecordingProxy | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spillway-test-"));
});
afterEach(async () => {
  await proxy?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A request a minute at each node. */
function linesOf(slice: number, node: number): string[] {
  return Array.from({ length: 5 }, (_, minute) => {
    const createdAt = new Date(BEGIN_MS + slice * SLICE_MS + minute * MINUTE_MS).toISOString();
    return albLine({ createdAt, client: `198.51.${node}.${slice}:4711` });
  });
}

function keyOf(balancer: string, slice: number, node: string): string {
  const end = new Date(BEGIN_MS + (slice + 1) * SLICE_MS).toISOString();
  const stamp = `${end.slice(0, 16).replaceAll(/[-:]/g, "")}Z`;
  const name = `${ACCOUNT}_elasticloadbalancing_eu-west-1_app.${balancer}_${stamp}_${node}_4hxk.log.gz`;
  return `AWSLogs/${ACCOUNT}/elasticloadbalancing/eu-west-1/${end.slice(0, 10).replaceAll("-", "/")}/${name}`;
}

async function fillBucket(moto: Moto): Promise<void> {
  const client = new S3Client({ ...moto.aws, forcePathStyle: true });
  const eu = { CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } } as const;
  await client.send(new CreateBucketCommand({ Bucket: BUCKET, ...eu }));
  const put = (Key: string, lines: readonly string[]) =>
    client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: gzipSync(`${lines.join("\n")}\n`) }));
  for (let slice = 0; slice < SLICES; slice += 1) {
    await Promise.all(
      NODES.flatMap((node, index) => [
        put(keyOf("my-alb.50dc", slice, node), linesOf(slice, index)),
        put(keyOf("my-alb-2.77ab", slice, node), [albLine({ client: "203.0.113.9:1" })]),
      ]),
    );
  }
}

describeWithMoto("200 slices of a load balancer's log in S3", (moto) => {
  it("are found, fetched and read, and answer questions, while nothing of the balancer beside it is fetched", async () => {
    await fillBucket(moto);
    proxy = await createRecordingProxy(moto.aws.endpoint ?? "");
    const source = createS3Source({
      config: s3Config({ bucket: BUCKET, loadBalancer: "app/my-alb/50dc" }),
      aws: { ...moto.aws, endpoint: proxy.endpoint },
      cacheDir: join(folder, "cache"),
      log: createLog("silent"),
    });
    const spillDir = join(folder, "spill");

    const slice = await createLogReader({ source, format: "alb", spillDir }).read({ window: WINDOW });
    const { spike, by } = await slice.breakdown({
      baseline: { startMs: 0, endMs: 0 },
      spike: WINDOW,
      dimensions: ["ip"],
      topN: 1_000,
    });
    await slice.close();

    const fetched = proxy.requests.filter((request) => request.includes(".log.gz") && !request.includes("list-type"));
    expect(fetched).toHaveLength(200);
    expect(fetched.every((request) => request.includes("app.my-alb.50dc_"))).toBe(true);
    expect(slice.intake).toMatchObject({ files: 200, lines: 1_000, parsed: 1_000, skipped: [], formats: { alb: 200 } });
    expect(slice.intake.coverage).toMatchObject({ objectsFound: 200, objectsFromCache: 0, missing: { spans: 0 } });
    // What arrived behind the window is read, and is in no answer.
    expect(spike).toMatchObject({ requests: 990, clients: 198 });
    expect(by.ip?.distinct).toBe(198);
    expect(readdirSync(spillDir)).toEqual([]);
  });
});
