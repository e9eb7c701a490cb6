import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { objectBytes } from "../../../../src/logs/engines/athena/object-bytes.ts";
import { athenaPlace } from "../../../../src/logs/engines/athena/place.ts";
import { athenaRelation } from "../../../../src/logs/engines/athena/relation.ts";
import { s3Config } from "../../../support/s3-config.ts";

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 9, 1, 12);
const WINDOW = { startMs: START_MS, endMs: START_MS + HOUR_MS };
const ELB = "AWSLogs/123456789012/elasticloadbalancing/eu-west-1";

/** By layout: where the table is, and which objects are asked about for 12:00 to 13:00. */
const PLACES: readonly (readonly [string, Readonly<Record<string, unknown>>, string, string, string])[] = [
  [
    "an Application Load Balancer",
    { loadBalancer: "app/my-alb/50dc" },
    "alb",
    `s3://logs/${ELB}/`,
    `(day = '2026/10/01') AND (file > 's3://logs/${ELB}/2026/10/01/123456789012_elasticloadbalancing_eu-west-1_app.my-alb.50dc_20261001T1201' AND file < 's3://logs/${ELB}/2026/10/01/123456789012_elasticloadbalancing_eu-west-1_app.my-alb.50dc_20261001T1310' OR file > 's3://logs/${ELB}/2026/10/02/123456789012_elasticloadbalancing_eu-west-1_app.my-alb.50dc_20261001T1201' AND file < 's3://logs/${ELB}/2026/10/02/123456789012_elasticloadbalancing_eu-west-1_app.my-alb.50dc_20261001T1310')`,
  ],
  [
    "a Network Load Balancer",
    { layout: "nlb", loadBalancer: "net/my-nlb/50dc" },
    "nlb",
    `s3://logs/${ELB}/`,
    `(day = '2026/10/01') AND (file > 's3://logs/${ELB}/2026/10/01/123456789012_elasticloadbalancing_eu-west-1_net.my-nlb.50dc_20261001T1201' AND file < 's3://logs/${ELB}/2026/10/01/123456789012_elasticloadbalancing_eu-west-1_net.my-nlb.50dc_20261001T1310' OR file > 's3://logs/${ELB}/2026/10/02/123456789012_elasticloadbalancing_eu-west-1_net.my-nlb.50dc_20261001T1201' AND file < 's3://logs/${ELB}/2026/10/02/123456789012_elasticloadbalancing_eu-west-1_net.my-nlb.50dc_20261001T1310')`,
  ],
  [
    "a Classic Load Balancer",
    { layout: "clb", loadBalancer: "my-clb" },
    "clb",
    `s3://logs/${ELB}/`,
    `(day = '2026/10/01') AND (file > 's3://logs/${ELB}/2026/10/01/123456789012_elasticloadbalancing_eu-west-1_my-clb_20261001T1201' AND file < 's3://logs/${ELB}/2026/10/01/123456789012_elasticloadbalancing_eu-west-1_my-clb_20261001T1405' OR file > 's3://logs/${ELB}/2026/10/02/123456789012_elasticloadbalancing_eu-west-1_my-clb_20261001T1201' AND file < 's3://logs/${ELB}/2026/10/02/123456789012_elasticloadbalancing_eu-west-1_my-clb_20261001T1405')`,
  ],
  [
    "a distribution's flat keys",
    { layout: "cloudfront", prefix: "cdn", distribution: "E2ABC" },
    "cloudfront",
    "s3://logs/cdn/",
    "(file > 's3://logs/cdn/E2ABC.2026-10-01-12' AND file < 's3://logs/cdn/E2ABC.2026-10-01-14')",
  ],
  [
    "a distribution's folders",
    { layout: "cloudfront-v2", distribution: "E2ABC", format: "cloudfront", path: "{DistributionId}/{yyyy}/{MM}/{dd}" },
    "cloudfront",
    "s3://logs/E2ABC/",
    "(day = '2026/10/01') AND (file >= 's3://logs/E2ABC/2026/10/01/E2ABC.' AND file < 's3://logs/E2ABC/2026/10/01/E2ABC/')",
  ],
  [
    "a bucket's accesses",
    { layout: "s3-access", prefix: "access/web-", maxDelaySecs: "1h" },
    "s3-access",
    "s3://logs/access/",
    "(file > 's3://logs/access/web-2026-10-01-12-00-00' AND file < 's3://logs/access/web-2026-10-01-14-00-01')",
  ],
  [
    "a bucket's accesses by the day",
    { layout: "s3-access-partitioned", loggedBucket: "shop" },
    "s3-access",
    "s3://logs/123456789012/eu-west-1/shop/",
    "(day = '2026/10/01') AND (file >= 's3://logs/123456789012/eu-west-1/shop/2026/10/01/' AND file < 's3://logs/123456789012/eu-west-1/shop/2026/10/010')",
  ],
  [
    "a web ACL",
    { layout: "waf", webAcl: "main" },
    "waf",
    "s3://logs/AWSLogs/123456789012/WAFLogs/eu-west-1/main/",
    "(day = '2026/10/01') AND (file > 's3://logs/AWSLogs/123456789012/WAFLogs/eu-west-1/main/2026/10/01/11/56' AND file < 's3://logs/AWSLogs/123456789012/WAFLogs/eu-west-1/main/2026/10/01/13/05')",
  ],
  [
    "folders of one's own by the day",
    { layout: "path", path: "web/{yyyy}/{MM}/{dd}", format: "nginx-combined" },
    "nginx-combined",
    "s3://logs/web/",
    "(day = '2026/10/01') AND (file >= 's3://logs/web/2026/10/01/' AND file < 's3://logs/web/2026/10/010')",
  ],
  [
    "folders of one's own in another way",
    { layout: "path", path: "web/year={yyyy}/month={MM}/day={dd}", format: "apache-combined" },
    "apache-combined",
    "s3://logs/web/",
    "(file >= 's3://logs/web/year=2026/month=10/day=01/' AND file < 's3://logs/web/year=2026/month=10/day=010')",
  ],
];

function placeOf(logs: Readonly<Record<string, unknown>>) {
  return athenaPlace("web", s3Config(logs));
}

describe("where Athena is asked about", () => {
  it.each(PLACES)("%s", (_name, logs, format, location, condition) => {
    const place = placeOf(logs);

    expect([place.format, place.location]).toEqual([format, location]);
    expect(athenaRelation("lines", place).prune?.([WINDOW])).toBe(condition);
  });

  it("is looked into from as long before a window as after it where folders are named either way", () => {
    const near = { startMs: Date.UTC(2026, 9, 1, 0, 2), endMs: Date.UTC(2026, 9, 1, 0, 3) };
    const days = (logs: Readonly<Record<string, unknown>>) =>
      athenaRelation("lines", placeOf(logs)).prune?.([near]).split(" AND (file")[0];

    expect(days({ layout: "waf", webAcl: "main" })).toBe("(day BETWEEN '2026/09/30' AND '2026/10/01')");
    expect(days({ layout: "path", path: "{yyyy}/{MM}/{dd}/{HH}", format: "nginx-combined" })).toBe(
      "(day BETWEEN '2026/09/30' AND '2026/10/01')",
    );
  });
});

describe("logs that Athena cannot be asked about", () => {
  it.each([
    [
      "in a format that only their files tell",
      { layout: "path", path: "{yyyy}/{MM}/{dd}" },
      "layout path in format auto",
    ],
    [
      "in a format of one's own",
      { layout: "path", path: "{yyyy}/{MM}/{dd}", format: { nginx: "$remote_addr" } },
      "layout path in a format of one's own",
    ],
    [
      "in JSON",
      { layout: "cloudfront-v2", distribution: "E2ABC", format: "cloudfront-json" },
      "in format cloudfront-json",
    ],
  ])("%s are told at start, with what is allowed", (_name, logs, message) => {
    expect(() => placeOf(logs)).toThrow(message);
    expect(() => placeOf(logs)).toThrow("Set `format` to one of alb, clb, nlb, cloudfront, s3-access, waf,");
    expect(() => placeOf(logs)).toThrow(expect.objectContaining({ name: "UserError", code: "athena-format" }));
  });

  it("are those behind proxies whose header is to be believed, unless the log has no such header", () => {
    const behind = { trustedProxies: ["10.0.0.0/8"] };

    expect(() => placeOf({ ...behind, layout: "waf", webAcl: "main" })).toThrow(
      expect.objectContaining({ code: "athena-proxies" }),
    );
    expect(placeOf({ ...behind, loadBalancer: "app/my-alb/50dc" }).format).toBe("alb");
  });
});

describe("how much is read", () => {
  const client = new S3Client({ region: "eu-west-1" });
  const s3 = mockClient(client);

  /** A bucket that lists as S3 does. */
  function holding(sizes: Readonly<Record<string, number>>): void {
    s3.reset();
    s3.on(ListObjectsV2Command).callsFake(
      ({ Prefix = "", StartAfter = "" }: { Prefix?: string; StartAfter?: string }) => {
        const keys = Object.keys(sizes).sort();
        const listed = keys.filter((key) => key.startsWith(Prefix) && key > StartAfter);
        return { Contents: listed.map((Key) => ({ Key, Size: sizes[Key] })) };
      },
    );
  }

  it("is what hours in flat keys leave, and what lies before and after costs nothing", async () => {
    holding({
      "cdn/E2ABC.2026-10-01-11.a.gz": 1,
      "cdn/E2ABC.2026-10-01-12.a.gz": 10,
      "cdn/E2ABC.2026-10-01-13.a.gz": 100,
      "cdn/E2ABC.2026-10-01-14.a.gz": 1_000,
      "cdn/E2OTHER.2026-10-01-12.a.gz": 10_000,
    });

    const bytes = await objectBytes(
      client,
      placeOf({ layout: "cloudfront", prefix: "cdn", distribution: "E2ABC" }),
      WINDOW,
    );

    expect(bytes).toEqual({ logBytes: 110, scannedBytes: 110 });
  });

  it("is a whole day where there are folders of days, others' objects too, though fewer would be fetched", async () => {
    const key = (day: string, name: string) =>
      `${ELB}/2026/10/${day}/123456789012_elasticloadbalancing_eu-west-1_${name}`;
    holding({
      [key("01", "app.my-alb.50dc_20261001T1200Z_a.log.gz")]: 1,
      [key("01", "app.my-alb.50dc_20261001T1205Z_a.log.gz")]: 10,
      [key("01", "app.other.50dc_20261001T1205Z_a.log.gz")]: 100,
      [key("02", "app.my-alb.50dc_20261002T1205Z_a.log.gz")]: 1_000,
    });

    const bytes = await objectBytes(client, placeOf({ loadBalancer: "app/my-alb/50dc" }), WINDOW);

    expect(bytes).toEqual({ logBytes: 10, scannedBytes: 111 });
  });
});
