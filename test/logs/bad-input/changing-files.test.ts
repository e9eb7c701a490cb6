/** Files that somebody writes to, cuts, replaces or takes away while they are read. */
import { appendFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Intake } from "../../../src/domain/traffic.ts";
import { createLogReader } from "../../../src/logs/reader.ts";
import { readLogFile } from "../../../src/logs/reading/file-reader.ts";
import { createReadingContext } from "../../../src/logs/reading/reading-context.ts";
import { splitFile } from "../../../src/logs/reading/split-file.ts";
import { unpack } from "../../../src/logs/reading/unpack.ts";
import { createFileSource } from "../../../src/logs/sources/files.ts";
import type { LogSource } from "../../../src/logs/sources/source.ts";
import { combinedLine } from "../../support/log-lines.ts";
import { createLogFolder, type LogFolder } from "../../support/read-logs.ts";

let folder: LogFolder;
beforeEach(() => {
  folder = createLogFolder();
});
afterEach(() => folder.remove());

const LINE = `${combinedLine()}\n`;
const SMALL = LINE.repeat(100);
/** More than is read at once. */
const LARGE = LINE.repeat(20_000);

describe("a file that changes between being found and being read", () => {
  it.each([
    ["small", SMALL, 100],
    ["large", LARGE, 20_000],
  ])("is read as it is then, or named: a %s one", async (_, content, lines) => {
    const grown = folder.write("grown.log", content);
    const gone = folder.write("gone.log", content);
    const emptied = folder.write("emptied.log", content);
    const cut = folder.write("cut.log", content);
    const replaced = folder.write("replaced.log", content);

    const intake = await readAfter(() => {
      appendFileSync(grown, LINE.repeat(50));
      rmSync(gone);
      truncateSync(emptied);
      truncateSync(cut, LINE.length * 10 + 5);
      writeFileSync(`${replaced}.new`, LINE.repeat(7));
      renameSync(`${replaced}.new`, replaced);
    });

    expect(intake.lines).toBe(lines + 50 + 11 + 7);
    expect(intake.lines).toBe(intake.parsed + intake.recovered + intake.unparsed);
    expect(intake.skipped).toEqual([
      { file: emptied, reason: "is empty" },
      { file: gone, reason: "cannot be opened (ENOENT)" },
    ]);
  });

  it("is named where it has become a folder, or a file of another kind", async () => {
    const file = folder.write("a.log", SMALL);
    folder.write("b.log", SMALL);

    const intake = await readAfter(() => {
      rmSync(file);
      folder.write("a.log/c.log", SMALL);
    });

    expect(intake).toMatchObject({ files: 1, lines: 100, skipped: [{ file, reason: "is no regular file" }] });
  });
});

describe("a file that changes while it is read", () => {
  it.each([
    ["grows", (path: string) => appendFileSync(path, LINE.repeat(5)), LARGE.length, null],
    ["is cut", (path: string) => truncateSync(path, 100), null, "became shorter while it was read"],
    ["is taken away", (path: string) => rmSync(path), LARGE.length, null],
    ["is replaced", (path: string) => replace(path), LARGE.length, null],
  ])("is read as it was opened, or named: one that %s", async (_, change, bytes, damage) => {
    const path = folder.write("a.log", LARGE);

    const read = await unpackWhile(path, change);

    expect(read.damage).toBe(damage);
    if (bytes !== null) expect(read.bytes).toBe(bytes);
  });

  it("is named where it is packed and is cut", async () => {
    const noise = Array.from(
      { length: 60_000 },
      (_, index) => `${combinedLine({ userAgent: String(Math.sin(index)) })}\n`,
    );
    const path = folder.write("a.gz", gzipSync(noise.join("")));

    expect((await unpackWhile(path, (name) => truncateSync(name, 100))).damage).toBe("gzip ends early");
  });
});

it("is named where another file has its name before all of its parts are read", async () => {
  const path = folder.write("a.log", LARGE.repeat(40));
  const [part] = (await splitFile({ path, name: path, bytes: statSync(path).size })) ?? [];
  replace(path);
  const context = createReadingContext(
    { format: "auto", wanted: [], startMs: 0, endMs: 9e15, trustedProxies: [] },
    { name: "test", emit: () => {}, ready: () => null, signal: new AbortController().signal },
  );

  const result = await readLogFile({ path, name: path, part: part ?? null, takesAnything: false }, context.reading);

  expect(part).toMatchObject({ start: 0 });
  expect(result).toEqual({ kind: "skipped", reason: "was replaced while it was read" });
});

/** Changes the files when they have been found. */
async function readAfter(change: () => void): Promise<Intake> {
  const files = createFileSource([folder.path]);
  const source: LogSource = {
    ...files,
    fetch(request) {
      const fetching = files.fetch(request);
      return { ...fetching, files: after(fetching.files, change) };
    },
  };
  const reader = createLogReader({ source, format: "auto", spillDir: join(folder.path, "..", "spill") });
  const slice = await reader.read({ window: null });
  await slice.close();
  return slice.intake;
}

async function* after<Item>(items: AsyncIterable<Item>, change: () => void): AsyncGenerator<Item> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  change();
  yield* all;
}

/** Changes the file when its first piece has been read. */
async function unpackWhile(
  path: string,
  change: (path: string) => void,
): Promise<{ bytes: number; damage: string | null }> {
  const handle = await open(path, "r");
  const { size } = await handle.stat();
  let bytes = 0;
  const damage = await unpack({
    handle,
    isGzip: path.endsWith(".gz"),
    start: 0,
    end: size,
    signal: new AbortController().signal,
    take(chunk) {
      if (bytes === 0) change(path);
      bytes += chunk.length;
      return undefined;
    },
  });
  await handle.close();
  return { bytes, damage };
}

function replace(path: string): void {
  writeFileSync(`${path}.new`, "other\n");
  renameSync(`${path}.new`, path);
}
