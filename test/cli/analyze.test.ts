import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runAnalyze } from "../../src/cli/analyze.ts";
import { albLine, combinedLine } from "../support/log-lines.ts";

const START_MS = Date.UTC(2026, 9, 1, 12);
const ATTACKER = "203.0.113.66";

let folder: string;
let log: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "spillway-test-"));
  log = join(folder, "access.log.gz");
  writeFileSync(log, gzipSync(hourWithSpike().join("\n")));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** 40 calm minutes of 30 requests, then 20 with 400 more a minute from one address. */
function hourWithSpike(): string[] {
  const lines: string[] = [];
  for (let minute = 0; minute < 60; minute += 1) {
    const time = `01/Oct/2026:12:${String(minute).padStart(2, "0")}:30 +0000`;
    for (let n = 0; n < 30 + ((minute * 7) % 5); n += 1) {
      lines.push(
        combinedLine({ time, client: `198.51.100.${n}`, request: `GET /products/${n} HTTP/1.1`, bytes: "1000" }),
      );
    }
    for (let n = 0; minute >= 40 && n < 400; n += 1) {
      lines.push(
        combinedLine({
          time,
          client: ATTACKER,
          request: "GET /search?q=x HTTP/1.1",
          status: "503",
          userAgent: "bad\u001b[31mbot",
        }),
      );
    }
  }
  return lines;
}

async function run(...argv: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ["", ""];
  const status = await runAnalyze(argv, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    spillDir: join(folder, "spill"),
  });
  return { status, stdout, stderr };
}

describe("spillway analyze --json", () => {
  it("prints one object of the promised shape, and nothing else", async () => {
    const { status, stdout, stderr } = await run(log, "--json", "--top", "2");

    const result = JSON.parse(stdout);
    expect([status, stderr]).toEqual([0, ""]);
    expect(Object.keys(result)).toEqual(
      (
        "files lines parsed recovered unparsed skipped firstMs lastMs requests bytes clients top series finding " +
        "headers formats detected coverage lacks"
      ).split(" "),
    );
    expect(Object.keys(result.top)).toEqual("ip net userAgent path host referer status method".split(" "));
    expect(result).toMatchObject({ files: 1, lines: 9_920, parsed: 9_920, requests: 9_920, clients: 35, skipped: [] });
    expect(result.top.ip[0]).toEqual({
      value: ATTACKER,
      requests: 8_000,
      share: 8_000 / 9_920,
      bytes: 8_000 * 2_048,
      errors: 8_000,
      baselineRequests: 0,
    });
    expect(result).toMatchObject({ headers: 0, formats: { "nginx-combined": 1 }, coverage: null });
    expect(result.detected).toEqual([
      {
        format: "nginx-combined",
        file: log,
        because: "20 of 20 lines are nginx access log in the combined format",
      },
    ]);
    expect(result.top.status.map(({ value }: { value: string }) => value)).toEqual(["503", "200"]);
    expect(result.series).toMatchObject({ startMs: START_MS, stepMs: 60_000 });
    expect(result.series.requests).toHaveLength(60);
  });

  it("names who it was, since when, and what a block would do", async () => {
    const { finding } = JSON.parse((await run(log, "--json")).stdout);

    expect(Object.keys(finding)).toEqual(
      "onsetMs endMs verdict causes moved unmoved proposals measure advice details".split(" "),
    );
    expect(finding.onsetMs).toBe(START_MS + 40 * 60_000 + 30_000);
    expect(finding.causes[0]).toMatchObject({ kind: "heavy-client", slice: { ip: ATTACKER } });
    expect(finding.proposals[0]).toMatchObject({ action: "block", targets: [`${ATTACKER}/32`] });
    expect(finding.proposals[0].predicted.excessRemoved).toBeGreaterThan(0.9);
    expect(finding.proposals[0].predicted.baselineHarmed).toBe(0);
  });

  it("counts only the window, against the baseline that it is told", async () => {
    const { stdout } = await run(
      ...[log, "--json", "--from", "2026-10-01T12:50:00Z", "--to", "2026-10-01T12:55Z"],
      ...["--baseline-from", "2026-10-01T14:00:00+02:00", "--baseline-to", "2026-10-01 12:10"],
    );

    const result = JSON.parse(stdout);
    expect(result.lines).toBe(9_920);
    expect(result.requests).toBe(2_160);
    expect(result.top.ip[0]).toMatchObject({ value: ATTACKER, requests: 2_000, baselineRequests: 0 });
    expect(result.top.method[0]).toMatchObject({ value: "GET", requests: 2_160, baselineRequests: 320 });
  });

  it("is not led astray by a line whose clock was wrong by decades", async () => {
    const stray = join(folder, "stray.log");
    writeFileSync(stray, `${combinedLine({ time: "01/Jan/1999:00:00:00 +0000" })}\n`);

    const result = JSON.parse((await run(log, stray, "--json")).stdout);

    expect(result).toMatchObject({ requests: 9_921, firstMs: Date.UTC(1999, 0, 1) });
    expect(result.finding.onsetMs).toBe(START_MS + 40 * 60_000 + 30_000);
    expect(result.series.requests.length).toBeLessThan(50_000);
  });

  it("says that a window is empty without calling it calm", async () => {
    const { status, stdout } = await run(log, "--json", "--from", "2027-01-01");

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      lines: 9_920,
      requests: 0,
      firstMs: null,
      finding: null,
      top: { ip: [] },
    });
  });

  it("says what no line of the log tells, and shows no zeros for it", async () => {
    const line = JSON.stringify({
      timestamp: Date.UTC(2026, 9, 1, 12),
      webaclId: "arn:aws:wafv2:eu-west-1:1:regional/webacl/web/1",
      action: "ALLOW",
      httpSourceName: "ALB",
      httpRequest: { clientIp: "198.51.100.7", uri: "/", httpMethod: "GET", headers: [] },
    });
    const waf = join(folder, "waf.json");
    writeFileSync(waf, `${line}\n${line}\n`);

    const json = await run(waf, "--json");
    const text = await run(waf);

    expect(JSON.parse(json.stdout)).toMatchObject({ requests: 2, lacks: ["status", "bytes"] });
    expect(text.stdout).toContain("The log tells no status and no bytes.");
    expect(text.stdout).not.toContain("MB");
  });
});

describe("spillway analyze for people", () => {
  it("begins with the verdict, and ends with what became of every line", async () => {
    const { status, stdout } = await run(log, join(folder, "nowhere.log"));

    expect(status).toBe(0);
    expect(stdout.split("\n")[0]).toContain(ATTACKER);
    expect(stdout).toContain("9,920 lines = 9,920 parsed + 0 recovered + 0 unparsed.");
    expect(stdout).toContain("\n  1 as nginx-combined: 20 of 20 lines are nginx access log in the combined format\n");
    expect(stdout).toContain(`skipped: ${join(folder, "nowhere.log")}: does not exist`);
  });

  it("sorts a mixed folder out, and says so in one line a reason", async () => {
    const mixed = join(folder, "mixed");
    mkdirSync(mixed);
    const connection =
      '2026-10-01T12:00:00.000000Z 198.51.100.14 4711 443 TLSv1.3 TLS_AES_128_GCM_SHA256 0.005 "-" - - Success TID_1\n';
    writeFileSync(join(mixed, "access.log"), `${albLine()}\n`);
    writeFileSync(join(mixed, "conn_log.1"), connection);
    writeFileSync(join(mixed, "conn_log.2"), connection);
    writeFileSync(join(mixed, "ELBAccessLogTestFile"), "Enable AccessLog for ELB: web at 2026-10-01T12:00:00.000Z\n");

    const { stdout } = await run(mixed);

    expect(stdout).toContain("1 file; 1 line = 1 parsed + 0 recovered + 0 unparsed.\n  1 as alb: 1 of 1 line is");
    expect(stdout).toContain(`skipped: ${join(mixed, "conn_log.1")} and 1 more: is an Application Load Balancer conn`);
    expect(stdout).toContain(`skipped: ${join(mixed, "ELBAccessLogTestFile")}: is the test file that a load balancer`);
  });

  it("never passes what a client sent to the terminal as a command", async () => {
    const { stdout } = await run(log);

    expect(stdout).toContain("bad\ufffd[31mbot");
    expect(stdout).not.toContain("\u001b");
  });

  it("draws the chart into the file that is named", async () => {
    const png = join(folder, "chart.png");

    expect((await run(log, "--png", png)).status).toBe(0);
    expect(readFileSync(png).subarray(1, 4).toString()).toBe("PNG");
  });

  it("leaves nothing behind", async () => {
    await run(log);

    expect(readdirSync(join(folder, "spill"))).toEqual([]);
  });
});

describe("bad input to spillway analyze", () => {
  it.each([
    [[], "No path was given"],
    [["LOG", "--format", "iis"], "--format iis is none of auto, alb, "],
    [["LOG", "--top", "0"], "--top 0 is not a whole number from 1 to 1000"],
    [["LOG", "--top", "many"], "--top many"],
    [["LOG", "--from", "yesterday"], "--from yesterday is not a time such as 2026-"],
    [["LOG", "--to", "2026-02-31"], "--to 2026-02-31"],
    [["LOG", "--from", "2026-10-02", "--to", "2026-10-01"], "is not before"],
    [["LOG", "--baseline-to", "2026-10-01"], "--baseline-to needs --baseline-from too"],
    [["LOG", "--colour"], "'--colour'"],
    [["LOG", "--png", "/nowhere/chart.png"], "--png /nowhere/chart.png cannot be written (ENOENT)"],
    [["/nowhere/a.log"], "/nowhere/a.log does not exist"],
    [["/nowhere/*.log"], "/nowhere/*.log matches no file"],
    [["/nowhere/\u001b[31m.log"], "/nowhere/�[31m.log does not exist"],
    [["LOG", "--format", "alb"], "none of its 9920 lines is a request in the format alb"],
  ])("%j is refused in one line", async (argv, message) => {
    const { status, stdout, stderr } = await run(...argv.map((word) => (word === "LOG" ? log : word)));

    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  it("explains itself when asked", async () => {
    const { status, stdout } = await run("--help");

    expect(status).toBe(0);
    expect(stdout).toContain("--baseline-from ISO");
    expect(existsSync(log)).toBe(true);
  });
});
