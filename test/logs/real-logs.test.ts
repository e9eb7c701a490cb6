import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { unescapeText } from "../../src/logs/formats/escapes.ts";
import type { LogSlice } from "../../src/ports/log-slice.ts";
import { createLogFolder, type LogFolder } from "../support/read-logs.ts";
import { REAL_LOGS, realTraffic } from "../support/real-traffic.ts";

const describeReal = realTraffic.isThere ? describe : describe.skip;

let folder: LogFolder;
beforeAll(() => {
  folder = createLogFolder();
});
afterAll(() => folder.remove());

/** Counts by other means: zcat and awk over the raw lines. */
function awk(file: string, program: string): [string, number][] {
  const script = 'zcat -f -- "$1" | LC_ALL=C awk "$2"';
  return execFileSync("bash", ["-c", script, "awk", file, program], { encoding: "utf8", maxBuffer: 1 << 28 })
    .trimEnd()
    .split("\n")
    .map((line) => [line.slice(line.indexOf(" ") + 1), Number(line.slice(0, line.indexOf(" ")))] as [string, number])
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

async function allOf(slice: LogSlice, dimension: "ip" | "path" | "status" | "userAgent") {
  const { by, spike } = await slice.breakdown({
    baseline: { startMs: 0, endMs: 0 },
    spike: { startMs: 0, endMs: 4e12 },
    dimensions: [dimension],
    topN: 100_000,
  });
  return {
    rows: (by[dimension]?.rows ?? []).map((row) => [row.value, row.spike.requests] as [string, number]),
    totals: spike,
  };
}

describeReal(`a shop's log of 100,000 lines${realTraffic.note}`, () => {
  const file = join(REAL_LOGS, "logs/zanbil-100k.log.gz");

  it("is read as awk reads it", async () => {
    const slice = await folder.read({ paths: [file] });
    const { firstMs, lastMs, ...intake } = slice.intake;

    expect(intake).toMatchObject({ lines: 100_000, parsed: 100_000, recovered: 0, unparsed: 0 });
    expect([firstMs, lastMs].map((atMs) => new Date(atMs ?? 0).toISOString())).toEqual([
      "2019-01-26T16:15:25.000Z",
      "2019-01-26T16:59:13.000Z",
    ]);
    const byIp = await allOf(slice, "ip");
    expect(byIp.rows).toEqual(awk(file, "{n[$1]++} END {for (k in n) print n[k], k}"));
    expect(byIp.rows.slice(0, 3)).toEqual([
      ["66.249.66.194", 2_078],
      ["66.249.66.91", 2_058],
      ["104.222.32.91", 1_659],
    ]);
    expect(byIp.totals).toMatchObject({ requests: 100_000, clients: 3_672, errors: 1_042 });
    expect(byIp.totals.bytes).toBe(awk(file, '{n += $10} END {printf "%d bytes\\n", n}')[0]?.[1]);
    const byStatus = await allOf(slice, "status");
    expect(byStatus.rows).toEqual(awk(file, "{n[$9]++} END {for (k in n) print n[k], k}"));
    expect(Object.fromEntries(byStatus.rows)).toMatchObject({ 500: 1_042, 499: 388 });
    const byPath = await allOf(slice, "path");
    // The one path that nginx had to escape is shown as it was asked for.
    const paths = awk(file, '{sub(/\\?.*/, "", $7); n[$7]++} END {for (k in n) print n[k], k}');
    expect(new Map(byPath.rows)).toEqual(
      new Map(paths.map(([path, requests]) => [unescapeText(path, "hex"), requests])),
    );
  });
});

describeReal(`other real logs${realTraffic.note}`, () => {
  it.each(["semicomplete-10k.log.gz", "hurence-week51.log.gz"])("accounts for every line of %s", async (name) => {
    const file = join(REAL_LOGS, "logs", name);
    const slice = await folder.read({ paths: [file] });

    expect(slice.intake).toMatchObject({
      lines: awk(file, 'END {print NR, "lines"}')[0]?.[1],
      unparsed: 0,
      skipped: [],
    });
    expect((await allOf(slice, "ip")).rows).toEqual(awk(file, "{n[$1]++} END {for (k in n) print n[k], k}"));
  });

  it.each([
    ["alb", 0],
    // Both sets hold lines of error logs and of a custom format, which are no requests in any of ours.
    ["crowdsec_nginx-logs", 2],
    ["crowdsec_apache2-logs", 2],
  ])("reads the lines that others collected for %s", async (name, mayFail) => {
    const lines = readFileSync(join(REAL_LOGS, `conformance/${name}.jsonl`), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { input: string }).input);
    const file = folder.write(`${name}.log`, `${lines.join("\n")}\n`);

    const { intake } = await folder.read({ paths: [file] });

    expect(intake.lines).toBe(lines.join("\n").split("\n").length);
    expect(intake.parsed + intake.recovered + intake.unparsed).toBe(intake.lines);
    expect(intake.unparsed).toBe(mayFail);
  });
});
