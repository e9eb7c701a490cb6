import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, expect, it } from "@jest/globals";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../src/domain/time-window.ts";
import { createLog } from "../../../src/log.ts";
import { createS3Source } from "../../../src/logs/sources/s3.ts";
import { describeWithMoto, type Moto } from "../../support/moto.ts";

const ACCOUNT = "123456789012";
const DAY = Date.parse("2026-10-01T00:00:00Z");
const cacheDir = mkdtempSync(join(tmpdir(), "s3-moto-"));
afterAll(() => rmSync(cacheDir, { recursive: true, force: true }));

describeWithMoto("a bucket with two days of two balancers' logs", (moto) => {
  it("gives a window's files over midnight, from both folders, and no others", async () => {
    const source = await createBucket(moto);

    const { files, skipped } = await source.fetch({
      window: { startMs: DAY + DAY_MS - 15 * MINUTE_MS, endMs: DAY + DAY_MS + 10 * MINUTE_MS },
    });

    expect(files.map(({ name }) => /\/(\d\d\/[^/]+)$/.exec(name)?.[1])).toEqual(
      [
        ["01", "20261001T2350Z"],
        // Covers the time up to 23:55, and was delivered after midnight.
        ["02", "20261001T2355Z"],
        ["02", "20261002T0000Z"],
        ["02", "20261002T0005Z"],
        ["02", "20261002T0010Z"],
        ["02", "20261002T0015Z"],
      ].map(
        ([day, stamp]) =>
          `${day}/${ACCOUNT}_elasticloadbalancing_eu-west-1_app.my-alb.50dc_${stamp}_10.0.0.1_4hxk.log.gz`,
      ),
    );
    expect(skipped).toEqual([]);
    expect(gunzipSync(readFileSync(files[0]?.path ?? "")).toString()).toBe("my-alb.50dc 20261001T2350Z\n");
  });

  it("gives nothing but that balancer's files for a whole day", async () => {
    const source = await createBucket(moto);

    const { files } = await source.fetch({ window: { startMs: DAY + 12 * HOUR_MS, endMs: DAY + 36 * HOUR_MS } });

    expect(files).toHaveLength(48 + 10);
    expect(files.every(({ name }) => name.includes("_app.my-alb.50dc_"))).toBe(true);
  });

  it("says where the bucket does not exist", async () => {
    await expect(createSource(moto).fetch({ window: { startMs: DAY, endMs: DAY + HOUR_MS } })).rejects.toMatchObject({
      code: "aws-not-found",
      message: expect.stringContaining("s3://balancer-logs/"),
    });
  });
});

/** A file each half hour of two balancers, and each five minutes around midnight of the first. */
async function createBucket(moto: Moto) {
  const client = new S3Client({ ...moto.aws, forcePathStyle: true });
  await client.send(
    new CreateBucketCommand({
      Bucket: "balancer-logs",
      CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
    }),
  );
  const halfHours = Array.from({ length: 96 }, (_, index) => DAY + (index + 1) * 30 * MINUTE_MS);
  const midnight = Array.from({ length: 13 }, (_, index) => DAY + DAY_MS + (index - 6) * 5 * MINUTE_MS);
  const own = [...new Set([...halfHours, ...midnight])].map((endMs) => logOf("my-alb.50dc", endMs));
  const others = halfHours.map((endMs) => logOf("my-alb-2.50dc", endMs));
  const connections = halfHours.map((endMs) => logOf("my-alb.50dc", endMs, "conn_log"));
  const test = { key: `AWSLogs/${ACCOUNT}/ELBAccessLogTestFile`, text: "Enable AccessLog for ELB: my-alb" };
  const objects = [...own, ...others, ...connections.slice(0, 5), test];
  await Promise.all(
    objects.map(({ key, text }) =>
      client.send(new PutObjectCommand({ Bucket: "balancer-logs", Key: key, Body: gzipSync(text) })),
    ),
  );
  return createSource(moto);
}

/** Files are delivered six minutes after their span. */
function logOf(balancer: string, endMs: number, kind = "app"): { key: string; text: string } {
  const day = new Date(endMs + 6 * MINUTE_MS).toISOString().slice(0, 10).replaceAll("-", "/");
  const stamp = `${new Date(endMs).toISOString().slice(0, 16).replaceAll(/[-:]/g, "")}Z`;
  const name = `${ACCOUNT}_elasticloadbalancing_eu-west-1_${kind}.${balancer}_${stamp}_10.0.0.1_4hxk.log.gz`;
  return {
    key: `AWSLogs/${ACCOUNT}/elasticloadbalancing/eu-west-1/${day}/${name}`,
    text: `${balancer} ${stamp}\n`,
  };
}

function createSource(moto: Moto) {
  return createS3Source({
    config: {
      kind: "s3",
      bucket: "balancer-logs",
      prefix: "",
      accountId: ACCOUNT,
      region: "eu-west-1",
      loadBalancer: "app/my-alb/50dc",
      format: "alb",
      maxBytes: 1_000_000,
    },
    aws: moto.aws,
    cacheDir,
    log: createLog("silent"),
  });
}
