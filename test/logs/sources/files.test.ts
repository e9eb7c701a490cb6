import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createFileSource } from "../../../src/logs/sources/files.ts";
import type { FetchProgress } from "../../../src/logs/sources/source.ts";
import { fetchAll } from "../../support/fetch-all.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "files-"));
  mkdirSync(join(dir, "old", "older"), { recursive: true });
  for (const name of ["access.log", "access.log.1", "error.log", ".hidden.log", "old/access.log", "old/older/x.log"]) {
    writeFileSync(join(dir, name), name);
  }
});
afterEach(() => rmSync(dir, { recursive: true }));

async function namesOf(...paths: readonly string[]) {
  const { files } = await fetchAll(createFileSource(paths.map((path) => join(dir, path))), null);
  return files.map(({ name }) => name.slice(dir.length + 1));
}

describe("files on disk", () => {
  it.each([
    [["access.log"], ["access.log"]],
    [["access.log*"], ["access.log", "access.log.1"]],
    [["*.log"], ["access.log", "error.log"]],
    [["old"], ["old/access.log", "old/older/x.log"]],
    [["**/*.log"], ["access.log", "error.log", "old/access.log", "old/older/x.log"]],
    [
      ["access.log", "*.log", "."],
      [".hidden.log", "access.log", "access.log.1", "error.log", "old/access.log", "old/older/x.log"],
    ],
  ])("are found by %j", async (paths, expected) => {
    expect(await namesOf(...paths)).toEqual(expected);
  });

  it("are all there from the beginning, and have no coverage", async () => {
    const seen: FetchProgress[] = [];

    const { coverage, skipped } = await fetchAll(createFileSource([join(dir, "old")]), null, {
      onFetched: (progress) => seen.push(progress),
    });

    expect(seen).toEqual([{ bytes: 29, bytesTotal: 29, filesTotal: 2 }]);
    expect({ coverage, skipped }).toEqual({ coverage: null, skipped: [] });
  });

  it("come once, however they are reached, and a folder that leads into itself ends", async () => {
    symlinkSync(dir, join(dir, "old", "loop"));
    symlinkSync(join(dir, "access.log"), join(dir, "old", "same.log"));

    const names = await namesOf("access.log", "old");

    expect(names.filter((name) => /access\.log$|same\.log$/.test(name))).toEqual(["access.log", "old/access.log"]);
  });

  it("are named where they cannot be read as a log", async () => {
    const server = createServer().listen(join(dir, "socket"));
    symlinkSync(join(dir, "self"), join(dir, "self"));
    await new Promise((resolve) => server.once("listening", resolve));

    const paths = ["socket", "self", "gone.log", "none-*.log"].map((path) => join(dir, path));
    const { files, skipped } = await fetchAll(createFileSource(paths), null);
    server.close();

    expect(files).toEqual([]);
    expect(skipped).toEqual([
      { file: join(dir, "gone.log"), reason: "does not exist" },
      { file: join(dir, "none-*.log"), reason: "matches no file" },
      { file: join(dir, "self"), reason: "is a symbolic link to itself" },
      { file: join(dir, "socket"), reason: "is no regular file" },
    ]);
  });

  it("are told as missing where a folder is empty", async () => {
    mkdirSync(join(dir, "empty"));

    await expect(fetchAll(createFileSource([join(dir, "empty")]), null)).rejects.toMatchObject({
      code: "logs-not-found",
      message: `There is no file in ${join(dir, "empty")}.`,
    });
  });

  it("stop coming when they are told to", async () => {
    const stop = AbortSignal.abort(new Error("enough"));

    await expect(fetchAll(createFileSource([dir]), null, { signal: stop })).rejects.toThrow("enough");
  });
});
