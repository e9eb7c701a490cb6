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

it("reads logs of connections beside a file of which no line is a request", async () => {
  const time = "2026-11-20T14:00:00.000000Z";
  const connection = `${time} 192.0.2.5 4444 443 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 0.012 "-" - - Success TID_1\n`;
  folder.write("conn_log", connection.repeat(3));
  folder.write("columns", "#Version: 1.0\n#Fields: date time x-edge-location c-ip sc-status cs-uri-stem\n");

  const { intake } = await folder.read();

  expect(intake).toMatchObject({ files: 1, lines: 3, parsed: 3, formats: { "alb-connection": 1 } });
  expect(intake.skipped).toMatchObject([{ reason: "holds the names of its columns alone" }]);
});
