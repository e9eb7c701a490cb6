/** What holds for every layout: nothing of the window is missed, and nothing of anybody else is listed. */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../../../src/domain/time-window.ts";
import { type KeyListing, mayHold } from "../../../../src/logs/sources/layouts/layout.ts";
import { layoutOf } from "../../../../src/logs/sources/layouts/registry.ts";
import { s3Config } from "../../../support/s3-config.ts";

const iso = (ms: number) => new Date(ms).toISOString();
const slashes = (ms: number, length = 10) => iso(ms).slice(0, length).replaceAll(/[-:T]/g, "/");
const dashes = (ms: number, length = 19) => iso(ms).slice(0, length).replaceAll(/[:T]/g, "-");
const compact = (ms: number) => `${iso(ms).slice(0, 16).replaceAll(/[-:]/g, "")}Z`;
const nextSlot = (ms: number, slotMs: number) => (Math.floor(ms / slotMs) + 1) * slotMs;
const slot = (ms: number, slotMs: number) => Math.floor(ms / slotMs) * slotMs;

const elb = (name: string, slotMs: number, tail: string) => (_: number, loggedMs: number, delayMs: number) => {
  const endMs = nextSlot(loggedMs, slotMs);
  const file = `123456789012_elasticloadbalancing_eu-west-1_${name}_${compact(endMs)}_${tail}`;
  return `p/AWSLogs/123456789012/elasticloadbalancing/eu-west-1/${slashes(endMs + delayMs)}/${file}`;
};
const cloudFront = (id: string) => (_: number, loggedMs: number) => `p/${id}.${dashes(loggedMs, 13)}.0a1b2c3d.gz`;
const cloudFrontV2 =
  (id: string, write: (id: string, ms: number) => string) => (_: number, loggedMs: number, delayMs: number) =>
    `p/${write(id, loggedMs + delayMs)}/${id}.${dashes(loggedMs, 13)}.0a1b2c3d.gz`;
const usualPath = (id: string, ms: number) => `AWSLogs/123456789012/CloudFront/${id}/${slashes(ms, 13)}`;
const hivePath = (id: string, ms: number) =>
  `cf/DistributionId=${id}/year=${iso(ms).slice(0, 4)}/month=${iso(ms).slice(5, 7)}/day=${iso(ms).slice(8, 10)}`;
const waf = (acl: string, isNamedAfterEnd: boolean) => (arrivedMs: number) => {
  const atMs = slot(arrivedMs, 5 * MINUTE_MS) + (isNamedAfterEnd ? 5 * MINUTE_MS : 0);
  const file = `123456789012_waflogs_eu-west-1_${acl}_${compact(atMs)}_0a1b2c3d.log.gz`;
  return `p/AWSLogs/123456789012/WAFLogs/eu-west-1/${acl}/${slashes(atMs, 16)}/${file}`;
};

type KeyOf = (arrivedMs: number, loggedMs: number, delayMs: number) => string;
interface Case {
  readonly config: Readonly<Record<string, unknown>>;
  readonly maxDelayMs: number;
  readonly key: KeyOf;
  /** Logs of the same sort, and others, that may lie beside it. */
  readonly others: readonly KeyOf[];
}

const CASES: Readonly<Record<string, Case>> = {
  alb: {
    config: { loadBalancer: "app/my-alb/50dc" },
    maxDelayMs: 4 * HOUR_MS,
    key: elb("app.my-alb.50dc", 5 * MINUTE_MS, "10.0.0.1_x.log.gz"),
    others: [
      elb("app.my-alb-2.50dc", 5 * MINUTE_MS, "10.0.0.1_x.log.gz"),
      elb("app.my-alb.50dc1", 5 * MINUTE_MS, "10.0.0.1_x.log.gz"),
      elb("net.my-alb.50dc", 5 * MINUTE_MS, "x.log.gz"),
      elb("my-alb", 5 * MINUTE_MS, "10.0.0.1_x.log"),
      (...when) =>
        elb("app.my-alb.50dc", 5 * MINUTE_MS, "10.0.0.1_x.log.gz")(...when).replace("/1234", "/conn_log_1234"),
    ],
  },
  nlb: {
    config: { layout: "nlb", loadBalancer: "net/my-nlb/50dc" },
    maxDelayMs: 4 * HOUR_MS,
    key: elb("net.my-nlb.50dc", 5 * MINUTE_MS, "x.log.gz"),
    others: [elb("net.my-nlb-2.50dc", 5 * MINUTE_MS, "x.log.gz"), elb("app.my-nlb.50dc", 5 * MINUTE_MS, "1_x.log.gz")],
  },
  "clb every hour": {
    config: { layout: "clb", loadBalancer: "my-clb" },
    maxDelayMs: 4 * HOUR_MS,
    key: elb("my-clb", HOUR_MS, "10.0.0.1_x.log"),
    others: [elb("my-clb-2", HOUR_MS, "10.0.0.1_x.log"), elb("app.my-clb.50dc", HOUR_MS, "10.0.0.1_x.log.gz")],
  },
  "clb every five minutes": {
    config: { layout: "clb", loadBalancer: "my-clb", intervalMinutes: 5 },
    maxDelayMs: 4 * HOUR_MS,
    key: elb("my-clb", 5 * MINUTE_MS, "10.0.0.1_x.log"),
    others: [elb("my", 5 * MINUTE_MS, "10.0.0.1_x.log")],
  },
  cloudfront: {
    config: { layout: "cloudfront", distribution: "E2EX" },
    maxDelayMs: DAY_MS,
    key: cloudFront("E2EX"),
    others: [cloudFront("E2EXA"), cloudFront("E2E"), cloudFrontV2("E2EX", usualPath)],
  },
  "cloudfront-v2": {
    config: { layout: "cloudfront-v2", distribution: "E2EX" },
    maxDelayMs: HOUR_MS,
    key: cloudFrontV2("E2EX", usualPath),
    others: [cloudFrontV2("E2EXA", usualPath), cloudFront("E2EX")],
  },
  "cloudfront-v2 for Hive": {
    config: {
      layout: "cloudfront-v2",
      distribution: "E2EX",
      path: "cf/DistributionId={DistributionId}/year={yyyy}/month={MM}/day={dd}",
    },
    maxDelayMs: HOUR_MS,
    key: cloudFrontV2("E2EX", hivePath),
    others: [cloudFrontV2("E2EXA", hivePath), cloudFrontV2("E2EX", usualPath)],
  },
  "cloudfront-v2 in a folder with others": {
    config: { layout: "cloudfront-v2", distribution: "E2EX", path: "all/{yyyy}/{MM}/{dd}/{HH}" },
    maxDelayMs: HOUR_MS,
    key: cloudFrontV2("E2EX", (_, ms) => `all/${slashes(ms, 13)}`),
    others: [cloudFrontV2("E2EXA", (_, ms) => `all/${slashes(ms, 13)}`)],
  },
  "s3-access": {
    config: { layout: "s3-access", prefix: "logs" },
    maxDelayMs: 6 * HOUR_MS,
    key: (arrivedMs, _, delayMs) => `logs${dashes(arrivedMs + delayMs)}-0123456789ABCDEF`,
    others: [(arrivedMs, _, delayMs) => `logs-2${dashes(arrivedMs + delayMs)}-0123456789ABCDEF`],
  },
  "s3-access-partitioned by EventTime": {
    config: { layout: "s3-access-partitioned", prefix: "p/", loggedBucket: "my-bucket" },
    maxDelayMs: 6 * HOUR_MS,
    key: (ms) => `p/123456789012/eu-west-1/my-bucket/${slashes(ms)}/${dashes(ms, 10)}-00-00-00-0123456789ABCDEF`,
    others: [(ms) => `p/123456789012/eu-west-1/my-bucket-2/${slashes(ms)}/${dashes(ms, 10)}-00-00-00-0123456789ABCDEF`],
  },
  "s3-access-partitioned by DeliveryTime": {
    config: {
      layout: "s3-access-partitioned",
      prefix: "p/",
      loggedBucket: "my-bucket",
      partitionedBy: "DeliveryTime",
    },
    maxDelayMs: 6 * HOUR_MS,
    key: (ms, _, delayMs) =>
      `p/123456789012/eu-west-1/my-bucket/${slashes(ms + delayMs)}/${dashes(ms + delayMs)}-0123456789ABCDEF`,
    others: [
      (ms, _, delayMs) =>
        `p/123456789012/eu-west-1/my-bucket-2/${slashes(ms + delayMs)}/${dashes(ms + delayMs)}-0123456789ABCDEF`,
    ],
  },
  "waf, folders named after the beginning": {
    config: { layout: "waf", webAcl: "my-acl" },
    maxDelayMs: HOUR_MS,
    key: waf("my-acl", false),
    others: [waf("my-acl-2", false)],
  },
  "waf, folders named after the end": {
    config: { layout: "waf", webAcl: "my-acl" },
    maxDelayMs: HOUR_MS,
    key: waf("my-acl", true),
    others: [waf("my", true)],
  },
  "path, by delivery": {
    config: { layout: "path", path: "web/{yyyy}/{MM}/{dd}/{HH}", maxDelaySecs: "1h" },
    maxDelayMs: HOUR_MS,
    key: (_, loggedMs, delayMs) => `p/web/${slashes(loggedMs + delayMs, 13)}/part-0.json.gz`,
    others: [(_, loggedMs, delayMs) => `p/web-2/${slashes(loggedMs + delayMs, 13)}/part-0.json.gz`],
  },
  "path of Firehose, by the oldest record": {
    config: { layout: "path", path: "waf/{yyyy}/{MM}/{dd}/{HH}", maxDelaySecs: "15m" },
    maxDelayMs: 15 * MINUTE_MS,
    key: (arrivedMs, _, delayMs) =>
      `p/waf/${slashes(arrivedMs - delayMs, 13)}/stream-1-${dashes(arrivedMs - delayMs)}-0a1b2c3d-0a1b`,
    others: [(arrivedMs) => `p/waf-2/${slashes(arrivedMs, 13)}/stream-1-${dashes(arrivedMs)}-0a1b2c3d-0a1b`],
  },
  "path of a vended log, by days": {
    config: { layout: "path", path: "year={yyyy}/month={MM}/day={dd}" },
    maxDelayMs: 0,
    key: (_, loggedMs) => {
      const endMs = nextSlot(loggedMs, 5 * MINUTE_MS);
      const folder = `year=${iso(endMs).slice(0, 4)}/month=${iso(endMs).slice(5, 7)}/day=${iso(endMs).slice(8, 10)}`;
      return `p/${folder}/123456789012_${compact(endMs)}_0a1b.json.gz`;
    },
    others: [],
  },
  "path of minutes": {
    config: { layout: "path", path: "web/{yyyy}/{MM}/{dd}/{HH}/{mm}" },
    maxDelayMs: 0,
    key: (_, loggedMs) => `p/web/${slashes(slot(loggedMs, 5 * MINUTE_MS), 16)}/a.log`,
    others: [],
  },
};

const layoutFor = ({ config }: Case) => layoutOf(s3Config({ prefix: "p", ...config }));
const finds = (key: string) => (listing: KeyListing) =>
  key.startsWith(listing.prefix) &&
  key > (listing.startAfter ?? "") &&
  (listing.endBefore === null || key < listing.endBefore);

/** Around the ends of hours, days, months, a leap day and a year, and anywhere. */
const EDGES = ["2026-10-01T12:00Z", "2026-10-01T00:00Z", "2028-02-29T00:00Z", "2028-03-01T00:00Z", "2027-01-01T00:00Z"];
const moment = fc.oneof(
  fc
    .record({ edge: fc.constantFrom(...EDGES), offset: fc.integer({ min: -20 * 60_000, max: 20 * 60_000 }) })
    .map(({ edge, offset }) => Date.parse(edge) + offset),
  fc.integer({ min: Date.parse("2026-01-01"), max: Date.parse("2029-01-01") }),
);
const question = fc.record({
  startMs: moment,
  lengthMs: fc.oneof(fc.integer({ min: 1, max: HOUR_MS }), fc.integer({ min: 1, max: 30 * HOUR_MS })),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  tookMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5 * MINUTE_MS - 1 })),
  delay: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
});

describe.each(Object.entries(CASES))("the layout %s", (_, each) => {
  const layout = layoutFor(each);
  const ask = ({ startMs, lengthMs, at, tookMs, delay }: typeof question extends fc.Arbitrary<infer Q> ? Q : never) => {
    const arrivedMs = startMs + Math.floor(at * lengthMs);
    const when = [arrivedMs, arrivedMs + tookMs, Math.floor(delay * each.maxDelayMs)] as const;
    return { window: { startMs, endMs: startMs + lengthMs }, when };
  };

  it("finds, once, every file that can hold a request of the window", () => {
    fc.assert(
      fc.property(question, (asked) => {
        const { window, when } = ask(asked);
        const key = each.key(...when);

        const reading = layout.read(key);

        expect(layout.listings(window).filter(finds(key))).toHaveLength(1);
        expect(reading.belongs && mayHold(window, reading.span)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("lists nothing of anybody else, and takes nothing of it", () => {
    fc.assert(
      fc.property(question, (asked) => {
        const { window, when } = ask(asked);
        for (const other of each.others.map((keyOf) => keyOf(...when))) {
          expect(layout.listings(window).filter(({ prefix }) => other.startsWith(prefix))).toEqual([]);
          expect(layout.read(other).belongs).toBe(false);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("takes nothing that is a day away from the window, but for files of whole days", () => {
    fc.assert(
      fc.property(question, fc.constantFrom(-1, 1), (asked, side) => {
        const { window, when } = ask(asked);
        const awayMs = side * (asked.lengthMs + 2 * DAY_MS);
        const reading = layout.read(each.key(when[0] + awayMs, when[1] + awayMs, when[2]));

        expect(reading.belongs && mayHold(window, reading.span)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it("says for people what it is and where it lies", () => {
    expect(each.key(Date.parse("2026-10-01T12:00Z"), Date.parse("2026-10-01T12:00:01Z"), SECOND_MS)).toContain(
      layout.folder,
    );
    expect(layout.title).not.toContain("undefined");
  });
});
