import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { readFiles } from "../../../src/logs/reading/read-files.ts";
import type { LocalFile } from "../../../src/logs/sources/source.ts";
import { combinedLine } from "../../support/log-lines.ts";
import { createLogFolder, type LogFolder } from "../../support/read-logs.ts";

let folder: LogFolder;
beforeEach(() => {
  folder = createLogFolder();
});
afterEach(() => folder.remove());

it("fails where a file fails while others are still to come", async () => {
  const parquet = folder.write("a.parquet", "PAR1");
  const plain = folder.write("b.log", `${combinedLine()}\n`);
  async function* files(): AsyncGenerator<LocalFile> {
    yield { path: parquet, name: "a.parquet", bytes: 4 };
    await delay(100);
    yield { path: plain, name: "b.log", bytes: 100 };
  }

  const reading = readFiles({
    files: files(),
    settings: { format: "auto", wanted: [], startMs: 0, endMs: 9e15, trustedProxies: [] },
    take: async () => {},
    readParquet: () => Promise.reject(new Error("out of memory")),
    onRead: () => {},
    signal: new AbortController().signal,
  });

  await expect(reading).rejects.toThrow("out of memory");
});
