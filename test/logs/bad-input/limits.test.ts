/** What there is too much of, and what cannot be had: memory, files, permission, disk, time. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { LogDatabase } from "../../../src/logs/engines/duckdb/database.ts";
import { createLogReader } from "../../../src/logs/reader.ts";
import { createFileSource } from "../../../src/logs/sources/files.ts";
import { combinedLine } from "../../support/log-lines.ts";
import { readInProcess } from "../../support/read-in-process.ts";
import { createLogFolder, type LogFolder } from "../../support/read-logs.ts";

let folder: LogFolder;
let spillDir: string;
beforeEach(() => {
  folder = createLogFolder();
  spillDir = join(folder.path, "..", "spill");
});
afterEach(() => folder.remove());

const LONG_MS = 120_000;
const MB = 1024 ** 2;
const LINE = `${combinedLine()}\n`;
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;

describe("too much", () => {
  it(
    "of one line is cut, and does not fill the memory",
    async () => {
      folder.write("good.log", LINE.repeat(10));
      const usual = await readInProcess([folder.path], { spillDir });
      const file = openSync(folder.write("long.log", LINE.repeat(10)), "a");
      for (let piece = 0; piece < 200; piece += 1) writeSync(file, Buffer.alloc(MB, "x"));
      writeSync(file, `\n${LINE}`);
      closeSync(file);

      const { intake, maxRssBytes } = await readInProcess([folder.path], { spillDir });

      expect(intake).toMatchObject({ files: 2, lines: 22, parsed: 21, unparsed: 1, skipped: [] });
      expect(intake.unparsedSamples[0]?.line.length).toBeLessThan(1_000);
      // A thread and its kernel take some of it.
      expect(maxRssBytes - usual.maxRssBytes).toBeLessThan(150 * MB);
    },
    LONG_MS,
  );

  it(
    "that was packed to next to nothing does not fill the memory either",
    async () => {
      folder.write("good.log", LINE.repeat(10));
      const usual = await readInProcess([folder.path], { spillDir });
      folder.write(
        "zeros.gz",
        Buffer.concat([gzipSync(LINE), gzipSync(Buffer.alloc(500 * MB)), gzipSync(`\n${LINE}`)]),
      );

      const { intake, maxRssBytes } = await readInProcess([folder.path], { spillDir });

      expect(intake).toMatchObject({ files: 2, lines: 13, parsed: 12, unparsed: 1, skipped: [] });
      expect(maxRssBytes - usual.maxRssBytes).toBeLessThan(150 * MB);
    },
    LONG_MS,
  );

  it(
    "of long lines of JSON does not fill the memory of a thread",
    async () => {
      folder.write("good.log", LINE.repeat(10));
      const query = "q".repeat(60_000);
      const lines = Array.from(
        { length: 14_000 },
        (_, index) =>
          `{"ts":${1_790_856_000 + index},"logger":"http.log.access","request":{"remote_ip":"192.0.2.1","method":"GET","host":"a.example","uri":"/${index}?${query}${index}","headers":{}},"duration":0.5,"size":10,"status":200}\n`,
      );
      folder.write("caddy.gz", gzipSync(Buffer.concat(lines.map((line) => Buffer.from(line))), { level: 1 }));
      // So that it is read in a thread.
      folder.write("more.log", LINE.repeat(40_000));

      const { intake } = await readInProcess([folder.path], { spillDir });

      expect(intake).toMatchObject({ files: 3, lines: 54_010, parsed: 54_010, skipped: [] });
    },
    LONG_MS,
  );

  it(
    "of small files is read in a minute, each of them",
    async () => {
      for (let sub = 0; sub < 100; sub += 1) {
        const path = join(folder.path, String(sub));
        mkdirSync(path);
        writeFileSync(join(path, "0.log"), LINE);
        // Each a name of its own, which is sooner made than a file of its own.
        for (let file = 1; file < 1_000; file += 1) linkSync(join(path, "0.log"), join(path, `${file}.log`));
      }

      const { intake, tookMs } = await readInProcess([folder.path], { spillDir });

      expect(intake).toMatchObject({ files: 100_000, lines: 100_000, parsed: 100_000, skipped: [] });
      // Some 5 s where nothing else runs; the machine that tests run on has more to do.
      expect(tookMs).toBeLessThan(60_000);
    },
    2 * LONG_MS,
  );
});

describe("no permission", () => {
  const mayDrop = isRoot && (statSync(import.meta.dirname).mode & 0o005) === 0o005;

  // Root may read everything.
  (isRoot && !mayDrop ? it.skip : it)(
    "to a file or folder is named, and the rest is read",
    async () => {
      folder.write("good.log", LINE.repeat(10));
      const file = folder.write("closed.log", LINE);
      folder.write("sub/a.log", LINE);
      const sub = join(folder.path, "sub");
      for (const path of [join(folder.path, ".."), folder.path]) chmodSync(path, 0o755);
      for (const path of [file, sub]) chmodSync(path, 0);
      mkdirSync(spillDir);
      chmodSync(spillDir, 0o777);

      const { intake } = await readInProcess([folder.path], { spillDir, ...(isRoot ? { userId: NOBODY } : {}) });
      for (const path of [file, sub]) chmodSync(path, 0o700);

      expect(intake).toMatchObject({ files: 1, lines: 10, parsed: 10 });
      expect(intake.skipped).toEqual([
        { file, reason: "cannot be opened (EACCES)" },
        { file: sub, reason: "may not be read" },
      ]);
    },
    LONG_MS,
  );
});

describe("no room to spill to", () => {
  it("is said where the folder is a file", async () => {
    folder.write("good.log", LINE);
    writeFileSync(spillDir, "");

    await expect(folder.read()).rejects.toMatchObject({ code: "logs-no-spill-folder" });
    rmSync(spillDir);
  });

  it(
    "is said where the disk is full, and nothing is left behind",
    async () => {
      if (!mountSmallDisk(spillDir)) {
        process.stderr.write("a full disk was not tried: only root may mount one\n");
        return;
      }
      try {
        const database = await LogDatabase.open(spillDir, 64 * MB);
        const filling = database.run(
          "CREATE TABLE large AS SELECT hash(i) AS a, hash(i + 1) AS b FROM range(60_000_000) AS r (i)",
        );

        await expect(filling).rejects.toMatchObject({ code: "logs-spill-disk-full" });
        await database.close();
        expect(readdirSync(spillDir)).toEqual([]);
      } finally {
        execFileSync("umount", [spillDir]);
      }
    },
    LONG_MS,
  );
});

describe("no more time", () => {
  it(
    "ends the reading of a large file within a second, and leaves no file and no thread behind",
    async () => {
      const text = Array.from({ length: 40_000 }, (_, index) => combinedLine({ userAgent: `x${index}` })).join("\n");
      const packed = gzipSync(text, { level: 1 });
      // One text, of many members: some 600 MB.
      folder.write("large.gz", Buffer.concat(Array.from({ length: 100 }, () => packed)));
      const before = threads();
      const stop = new AbortController();
      let stoppedAtMs = 0;
      const reader = createLogReader({ source: createFileSource([folder.path]), format: "auto", spillDir });

      const reading = reader.read({
        window: null,
        signal: stop.signal,
        onProgress: ({ linesRead }) => {
          if (linesRead === 0 || stop.signal.aborted) return;
          stoppedAtMs = Date.now();
          stop.abort(new Error("enough"));
        },
      });

      await expect(reading).rejects.toThrow("enough");
      expect(Date.now() - stoppedAtMs).toBeLessThan(1_000);
      expect(readdirSync(spillDir)).toEqual([]);
      expect(threads()).toBeLessThanOrEqual(before);
    },
    LONG_MS,
  );
});

/** Threads of ours, as far as Node counts them. */
function threads(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Worker" || name === "MessagePort").length;
}

function mountSmallDisk(path: string): boolean {
  mkdirSync(path);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", path], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
