import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LogDatabase, sqlText } from "../../src/logs/engines/duckdb/database.ts";

/** Has the engine write a Parquet file of what a query gives. */
export async function writeParquet(path: string, select: string, options = ""): Promise<void> {
  const spillDir = await mkdtemp(join(tmpdir(), "spillway-parquet-"));
  const database = await LogDatabase.open(spillDir);
  try {
    await database.run(`COPY (${select}) TO ${sqlText(path)} (FORMAT parquet${options})`);
  } finally {
    await database.close();
    await rm(spillDir, { recursive: true, force: true });
  }
}
