import { describe, expect, it } from "@jest/globals";
import { NUMBER_COLUMNS, TEXT_COLUMNS } from "../../../src/logs/columns.ts";
import { ColumnTexts } from "../../../src/logs/engines/duckdb/column-texts.ts";
import { DICTIONARY_LIMITS } from "../../../src/logs/engines/duckdb/text-dictionary.ts";
import { BATCH_ROWS, TEXT_PATH } from "../../../src/logs/kernel/codes.ts";
import type { Batch } from "../../../src/logs/reading/batch.ts";
import { recordsOf } from "../../../src/logs/reading/batch-records.ts";
import { createRecordCollector } from "../../../src/logs/reading/record-batch.ts";
import { emptyRecord } from "../../../src/logs/record.ts";

const ALL = new Set([...TEXT_COLUMNS, ...NUMBER_COLUMNS].map(({ code }) => code));
const START_MS = 1_790_856_000_000;

function recordOf(path: string | null) {
  return { ...emptyRecord(START_MS), path, status: 200, bytes: 3_000_000_000, totalSecs: 0.25 };
}

/** Gives the paths of batches, as the table understands them. */
function createPathReader(): (batch: Batch) => readonly (string | null)[] {
  const texts = new ColumnTexts([], () => (raw) => raw, DICTIONARY_LIMITS);
  return (batch) => {
    const added = batch.texts.find(({ code }) => code === TEXT_PATH);
    if (added !== undefined) texts.take(batch, added);
    const numbers = new Uint32Array(batch.columns.find(({ code }) => code === TEXT_PATH)?.values ?? new ArrayBuffer(0));
    const ids = texts.remapOf(batch);
    return Array.from(numbers, (number) => (number === 0 ? null : texts.texts.valueOf(ids[number] ?? 0)));
  };
}

function batchOf(collector: ReturnType<typeof createRecordCollector>, paths: readonly (string | null)[]): Batch {
  for (const path of paths) collector.add(recordOf(path));
  const batch = collector.take();
  if (batch === null) throw new Error("nothing was collected");
  return batch;
}

describe("records that are collected one by one", () => {
  it("come out of a batch as they went in", () => {
    const records = [recordOf("/é/a-longer-path-than-that"), { ...recordOf(null), status: null }, recordOf("/a")];
    const collector = createRecordCollector("test", ALL);

    for (const record of records) collector.add(record);

    expect(recordsOf(collector.take() as Batch, 3, (peer) => peer)).toEqual(records);
    expect(collector.take()).toBeNull();
  });

  it("bring a text along with the first batch that has it, and none of what was in a batch before", () => {
    const collector = createRecordCollector("test", ALL);
    const pathsOf = createPathReader();
    const lone = "/\ud800/that-is-no-character";

    expect(pathsOf(batchOf(collector, ["/a", "/b/longer/than/a/few", null]))).toEqual([
      "/a",
      "/b/longer/than/a/few",
      null,
    ]);
    const second = batchOf(collector, [null, "/c", "/b/longer/than/a/few", lone, lone, "/d"]);
    const known = "/\ufffd/that-is-no-character";

    expect(second.texts.map(({ ends }) => ends.length)).toEqual([4]);
    expect(pathsOf(second)).toEqual([null, "/c", "/b/longer/than/a/few", known, known, "/d"]);
    expect(batchOf(collector, ["/a"]).texts).toEqual([]);
  });

  it("fill a batch by their number, or by what their texts take", () => {
    const collector = createRecordCollector("test", ALL);
    const isFull = Array.from({ length: BATCH_ROWS }, () => collector.add(recordOf("/a")));

    expect(isFull.indexOf(true)).toBe(BATCH_ROWS - 1);
    collector.take();
    expect(collector.add(recordOf("x".repeat(9 * 1024 ** 2)))).toBe(true);
  });

  it("forget their texts before those fill the memory, and number them anew", () => {
    const collector = createRecordCollector("test", ALL);
    const pathsOf = createPathReader();
    const long = "x".repeat(17 * 1024 ** 2);

    const batches = [
      ["/a", long],
      ["/b", "/a"],
    ].map((paths) => batchOf(collector, paths));

    expect(batches.map(({ generation }) => generation)).toEqual([0, 1]);
    expect(batches.map((batch) => pathsOf(batch)[1]?.slice(0, 2))).toEqual(["xx", "/a"]);
  });
});
