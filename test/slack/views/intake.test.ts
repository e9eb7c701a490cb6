import { describe, expect, it } from "@jest/globals";
import { sourceLines } from "../../../src/slack/views/intake.ts";
import { buildCoverage } from "../../support/build-coverage.ts";
import { buildIntake } from "../../support/build-finding.ts";

const AT = (hours: number, minutes: number) => Date.UTC(2026, 10, 21, hours, minutes);
const window = { startMs: AT(13, 32), endMs: AT(14, 2) };
const description = "ALB logs";
const because = "100 of 100 lines are Application Load Balancer access log";
const detected = [{ format: "alb", file: "s3://logs/a.gz", because }];

describe("what an answer was made from", () => {
  it("is said in three lines where all is well", () => {
    const intake = buildIntake({ coverage: buildCoverage(), detected });
    const logCount = { window, logRequests: 998, metricRequests: 1_000, share: 0.998 };

    expect(sourceLines({ description, window, intake, logCount })).toEqual([
      "ALB logs, 2026-11-21 13:32–14:02 UTC and the time before it to compare with: 231 of 231 objects, newest record 13:58 UTC, 4 min before the window's end; 481,207 lines = 481,205 parsed + 2 recovered + 0 unparsed; log count 99.8 % of CloudWatch's.",
      "Read as `alb` (100 of 100 lines are Application Load Balancer access log).",
      "41.2 MB, 180 from the cache; 9.1 MB downloaded by 51 GET and 2 LIST. The newest object covers up to 14:05 UTC and was written at 14:06 UTC.",
    ]);
  });

  it("tells that it was asked about where it lies, and what that cost", () => {
    const intake = buildIntake({ detected, athena: { queries: 4, scannedBytes: 812e9, usd: 4.06 } });

    expect(sourceLines({ description, window, intake }).at(-1)).toBe(
      "Answered by Athena, where the log lies: 4 queries read 812 GB in all, for $4.06.",
    );
  });

  it("warns of gaps, of what is still on its way, and of what was set aside", () => {
    const coverage = buildCoverage({
      objectsFound: 229,
      missing: { spans: 2, firstStartsMs: [AT(13, 50), AT(13, 55)] },
      listedMs: AT(14, 3),
    });
    const setAside = "is an Application Load Balancer connection log, and others here tell of the requests themselves";
    const skipped = [
      { file: "conn_log.1.gz", reason: setAside },
      { file: "conn_log.2.gz", reason: setAside },
      { file: "ELBAccessLogTestFile", reason: "is the test file" },
      { file: "x", reason: "is <!channel> empty" },
    ];
    const intake = buildIntake({ coverage, skipped, formats: { alb: 227, caddy: 1, waf: 1 } });

    expect(sourceLines({ description, window, intake }).slice(1)).toEqual([
      "Read as `alb` (227 files), `caddy` (1 file) and 1 more.",
      "41.2 MB, 180 from the cache; 9.1 MB downloaded by 51 GET and 2 LIST. The newest object covers up to 14:05 UTC and was written at 14:06 UTC.",
      ":warning: No object for the spans from 13:50 UTC, 13:55 UTC: late, lost, or without a request.",
      "These logs come about 5 min late; ask again at 14:07 UTC.",
      `:warning: 2 files were not read, or not all: \`conn_log.1.gz\` and 1 more (${setAside}).`,
      ":warning: 1 file was not read, or not all: `ELBAccessLogTestFile` (is the test file).",
      "1 more file was not read.",
    ]);
  });

  it("never takes an empty log for no traffic", () => {
    const intake = buildIntake({ lastMs: null, formats: {} });

    expect(sourceLines({ description, window, intake })).toEqual([
      "ALB logs, 2026-11-21 13:32–14:02 UTC and the time before it to compare with: 12 files; 481,207 lines = 481,205 parsed + 2 recovered + 0 unparsed.",
      "No request in it, which is not the same as no traffic: the log may be late or elsewhere.",
    ]);
  });
});
