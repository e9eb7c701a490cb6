import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, jest } from "@jest/globals";
import { LogDatabase } from "../../../src/logs/engines/duckdb/database.ts";
import { derivedColumns } from "../../../src/logs/engines/duckdb/derived-columns.ts";
import { HeldTexts } from "../../../src/logs/engines/duckdb/held-texts.ts";
import { TEXT_PATH } from "../../../src/logs/kernel/codes.ts";

let folder: string;
let database: LogDatabase;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "spillway-test-"));
  database = await LogDatabase.open(folder);
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

it("cuts a text that is longer than servers take", async () => {
  const held = new HeldTexts(database, { columns: [TEXT_PATH], derived: derivedColumns([], null) }, () => (raw) => raw);
  const bytes = new Uint8Array(20_000).fill(0x61);
  held.byColumn
    .get(TEXT_PATH)
    ?.take(
      { reader: "1", generation: 0, escaping: "none" },
      { code: TEXT_PATH, bytes: bytes.buffer, ends: Uint32Array.of(20_000) },
    );

  const cut = `${"a".repeat(8_191)}…`;
  await expect(held.valuesOf("path", [1])).resolves.toEqual([cut]);
  await expect(held.idsOf("path", cut)).resolves.toEqual([1]);
});

it("puts texts into the database that several readers give at once", async () => {
  const held = new HeldTexts(database, { columns: [TEXT_PATH], derived: derivedColumns([], null) }, () => (raw) => raw);
  const path = held.byColumn.get(TEXT_PATH);
  const give = (reader: string, texts: readonly string[]) => {
    const bytes = Buffer.from(texts.join(""));
    let end = 0;
    const ends = Uint32Array.from(texts, (text) => (end += text.length));
    path?.take(
      { reader, generation: 0, escaping: "none" },
      { code: TEXT_PATH, bytes: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length), ends },
    );
    return held.spill();
  };
  let creating = 0;
  let mostAtOnce = 0;
  const run = database.run.bind(database);
  jest.spyOn(database, "run").mockImplementation(async (sql) => {
    creating += 1;
    mostAtOnce = Math.max(mostAtOnce, creating);
    const changed = await run(sql);
    creating -= 1;
    return changed;
  });
  const manyTexts = Array.from({ length: 200_000 }, (_, index) => `/${index}`);

  await give("1", manyTexts);
  await Promise.all(["2", "3", "4", "5"].map((reader) => give(reader, [`/from-${reader}`])));

  // Two at once that create the same table are a conflict, now and then.
  expect(mostAtOnce).toBe(1);
  await expect(held.valuesOf("path", [200_001, 200_002, 200_003, 200_004])).resolves.toEqual([
    "/from-2",
    "/from-3",
    "/from-4",
    "/from-5",
  ]);
});
