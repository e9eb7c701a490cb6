import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { athenaPlace } from "../../../../src/logs/engines/athena/place.ts";
import { daysOf } from "../../../../src/logs/engines/athena/relation.ts";
import { lineTable } from "../../../../src/logs/engines/athena/table.ts";
import { s3Config } from "../../../support/s3-config.ts";

const ALB = athenaPlace("web", s3Config({ prefix: "web/", loadBalancer: "app/my-alb/50dc" }));

describe("a table over objects", () => {
  it("has one column, a regular expression that takes every line, and days without partitions to add", () => {
    const { name, ddl } = lineTable({ service: "my-web", ...ALB });

    expect(name).toMatch(/^spillway_my_web_[0-9a-f]{8}$/);
    expect(ddl).toBe(`CREATE EXTERNAL TABLE IF NOT EXISTS \`${name}\`
(\`line\` string)
PARTITIONED BY (\`day\` string)
ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe'
WITH SERDEPROPERTIES ('input.regex' = '(?s)(.*)')
STORED AS TEXTFILE
LOCATION 's3://logs/web/AWSLogs/123456789012/elasticloadbalancing/eu-west-1/'
TBLPROPERTIES ('projection.enabled' = 'true', 'projection.day.type' = 'date', 'projection.day.format' = 'yyyy/MM/dd', 'projection.day.range' = '2015/01/01,NOW', 'projection.day.interval' = '1', 'projection.day.interval.unit' = 'DAYS', 'storage.location.template' = 's3://logs/web/AWSLogs/123456789012/elasticloadbalancing/eu-west-1/\${day}/')`);
  });

  it("has no days where there are no folders for them", () => {
    const { ddl } = lineTable({ service: "cdn", location: "s3://logs/cdn/", isByDay: false });

    expect(ddl).not.toContain("projection");
    expect(ddl).not.toContain("PARTITIONED");
  });

  it("has another name for another definition, and the same for the same", () => {
    const names = ["s3://logs/a/", "s3://logs/b/", "s3://logs/a/"].map(
      (location) => lineTable({ service: "web", location, isByDay: true }).name,
    );

    expect(names[0]).toBe(names[2]);
    expect(names[0]).not.toBe(names[1]);
  });
});

describe("the days that are read", () => {
  it("are those of the window, and the next where objects come after midnight", () => {
    const endMs = Date.UTC(2026, 9, 1, 23, 50);

    expect(daysOf([{ startMs: endMs - 60_000, endMs }], { earlyMs: 0, lateMs: 3_600_000 })).toBe(
      "(day BETWEEN '2026/10/01' AND '2026/10/02')",
    );
    expect(daysOf([{ startMs: endMs - 60_000, endMs }], { earlyMs: 0, lateMs: 0 })).toBe("(day = '2026/10/01')");
  });

  it("hold every moment of every window", () => {
    const window = fc
      .tuple(
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 1, max: 3e8 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
      )
      .map(([startMs, length, share]) => ({
        startMs,
        endMs: startMs + length,
        atMs: Math.floor(startMs + share * (length - 1)),
      }));

    fc.assert(
      fc.property(fc.array(window, { minLength: 1, maxLength: 3 }), (windows) => {
        const ranges = [
          ...daysOf(windows, { earlyMs: 0, lateMs: 0 }).matchAll(
            /day (?:= '([\d/]+)'|BETWEEN '([\d/]+)' AND '([\d/]+)')/g,
          ),
        ].map(([, only, first, last]) => [only ?? first ?? "", only ?? last ?? ""] as const);
        for (const { atMs } of windows) {
          const day = new Date(atMs).toISOString().slice(0, 10).replaceAll("-", "/");
          expect(ranges.some(([first, last]) => first <= day && day <= last)).toBe(true);
        }
      }),
    );
  });
});
