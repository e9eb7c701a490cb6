/** Files whose columns a `#Fields` line names, read as a whole. */
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import type { LogSlice } from "../../src/ports/log-slice.ts";
import { createLogFolder, type LogFolder } from "../support/read-logs.ts";

let folder: LogFolder;
beforeEach(() => {
  folder = createLogFolder();
});
afterEach(() => folder.remove());

const HEADER = "#Version: 1.0\n#Fields: timestamp(ms) c-ip sc-status x-host-header cs-uri-stem cs(User-Agent)\n";
const OTHER_HEADER = "#Fields: cs-uri-stem x-host-header c-ip timestamp(ms)\n";

async function countsOf(slice: LogSlice, dimension: "path" | "ip" | "userAgent"): Promise<Record<string, number>> {
  const { by } = await slice.breakdown({
    baseline: { startMs: 0, endMs: 0 },
    spike: { startMs: 0, endMs: 4e12 },
    dimensions: [dimension],
    topN: 10,
  });
  return Object.fromEntries((by[dimension]?.rows ?? []).map(({ value, spike }) => [value, spike.requests]));
}

function rows(count: number, path: string): string {
  return `1790856000123\t198.51.100.7\t200\tshop.example\t${path}\ta%2520b\n`.repeat(count);
}

function otherRows(count: number, path: string): string {
  return `${path}\tshop.example\t192.0.2.1\t1790856000123\n`.repeat(count);
}

it("tells a table with selected columns by its header", async () => {
  folder.write("a.gz", gzipSync(HEADER + rows(3, "/a")));

  const slice = await folder.read();

  expect(slice.intake).toMatchObject({ lines: 5, parsed: 5, headers: 2, formats: { cloudfront: 1 } });
  expect(slice.intake.detected[0]?.because).toBe("its #Fields are those of CloudFront access log");
  expect(await countsOf(slice, "userAgent")).toEqual({ "a b": 3 });
});

it("reads rows by the header above them, wherever in the file it stands", async () => {
  folder.write("a", HEADER + rows(5_000, "/a") + OTHER_HEADER + otherRows(5_000, "/b") + HEADER + rows(10, "/c"));

  const slice = await folder.read();

  expect(slice.intake).toMatchObject({ lines: 10_015, parsed: 10_015, headers: 5, recovered: 0, unparsed: 0 });
  expect(await countsOf(slice, "path")).toEqual({ "/a": 5_000, "/b": 5_000, "/c": 10 });
  expect(await countsOf(slice, "ip")).toEqual({ "198.51.100.7": 5_010, "192.0.2.1": 5_000 });
});

it("names a table without rows", async () => {
  folder.write("a", HEADER + rows(3, "/a"));
  folder.write("b", HEADER);

  const { intake } = await folder.read();

  expect(intake.skipped).toEqual([{ file: `${folder.path}/b`, reason: "holds the names of its columns alone" }]);
});
