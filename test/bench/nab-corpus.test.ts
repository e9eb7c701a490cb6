import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { readCorpus } from "../../bench/nab/corpus.ts";

const ROWS = "timestamp,value\n2014-04-10 00:00:00,1\n2014-04-10 00:05:00,\n2014-04-10 00:10:00,3.5\n";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spillway-nab-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function put(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

function labels(windows: unknown): string {
  return JSON.stringify({ "real/a.csv": windows });
}

describe("a folder of NAB", () => {
  it("gives series with their windows, and says what is missing", () => {
    const windows = [["2014-04-10 00:05:00.000000", "2014-04-10 00:10:00.000000"]];
    put({
      "windows.json": JSON.stringify({ "real/a.csv": windows, "real/gone.csv": [] }),
      "real/a.csv": ROWS,
      "real/b.csv": ROWS,
    });

    const corpus = readCorpus(folder);

    expect(corpus).toMatchObject({ absent: ["real/gone.csv"], unlabelled: ["real/b.csv"] });
    expect(corpus.series).toEqual([
      {
        name: "real/a.csv",
        category: "real",
        timestamps: ["2014-04-10 00:00:00", "2014-04-10 00:05:00", "2014-04-10 00:10:00"],
        timesMs: [0, 5, 10].map((minute) => Date.UTC(2014, 3, 10, 0, minute)),
        values: [1, Number.NaN, 3.5],
        windows: [{ first: 1, last: 2 }],
      },
    ]);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ["no windows.json", { "real/a.csv": ROWS }, /^There is no .*windows\.json/],
    ["a windows.json that is no JSON", { "windows.json": "{", "real/a.csv": ROWS }, /is not \{"folder\/file\.csv"/],
    ["windows of another shape", { "windows.json": labels([1]), "real/a.csv": ROWS }, /is not \{"folder\/file\.csv"/],
    ["no file that is labelled", { "windows.json": labels([]), "a.csv": ROWS }, /^Not one CSV file/],
    ["an empty CSV", { "windows.json": labels([]), "real/a.csv": "" }, /real\/a\.csv does not begin with/],
    ["a CSV of a header alone", { "windows.json": labels([]), "real/a.csv": "timestamp,value\n" }, /has no row/],
    ["another CSV", { "windows.json": labels([]), "real/a.csv": "time,count\n1,2\n" }, /does not begin with/],
    [
      "a row that is none",
      { "windows.json": labels([]), "real/a.csv": "timestamp,value\nyesterday,5\n" },
      /real\/a\.csv, line 2 is not "timestamp,value": "yesterday,5"/,
    ],
    [
      "a window that ends before it begins",
      { "windows.json": labels([["2014-04-10 00:05:00", "2014-04-10 00:00:00"]]), "real/a.csv": ROWS },
      /has a window from/,
    ],
    [
      "a window after the end",
      { "windows.json": labels([["2015-01-01 00:00:00", "2015-01-02 00:00:00"]]), "real/a.csv": ROWS },
      /ends before its window/,
    ],
  ])("with %s is refused in one line", (_, files, message) => {
    put(files);

    expect(() => readCorpus(folder)).toThrow(message);
    expect(() => readCorpus(folder)).toThrow(/^[^\n]*$/);
  });

  it("with a folder where a file should be is refused in one line", () => {
    put({ "windows.json": labels([]) });
    mkdirSync(join(folder, "real/a.csv"), { recursive: true });

    expect(() => readCorpus(folder)).toThrow(/^.*a\.csv cannot be read\.$/);
  });

  it("that is not there is refused in one line", () => {
    expect(() => readCorpus(join(folder, "nowhere"))).toThrow(/^There is no folder .*nowhere\.$/);
  });
});
