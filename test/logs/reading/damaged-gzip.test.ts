import { setImmediate as nextTurn } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, it } from "@jest/globals";
import { combinedLine } from "../../support/log-lines.ts";
import { createLogFolder, type LogFolder } from "../../support/read-logs.ts";

let folder: LogFolder;
beforeEach(() => {
  folder = createLogFolder();
});
afterEach(() => folder.remove());

const LINES = Array.from({ length: 300 }, (_, index) => `${combinedLine({ userAgent: String(Math.sin(index)) })}\n`);

it.each([
  ["is cut", (packed: Buffer) => packed.subarray(0, -8), "gzip ends early"],
  ["has something behind its end", (packed: Buffer) => Buffer.concat([packed, Buffer.from("oops")]), "gzip is damaged"],
])("gives every line of gzip that %s, and never an error that nobody waits for", async (_, damage, reason) => {
  const file = folder.write("a.gz", damage(gzipSync(LINES.join(""))));

  const { intake } = await folder.read();
  await nextTurn();

  expect(intake).toMatchObject({ lines: 300, parsed: 300 });
  expect(intake.skipped).toEqual([{ file, reason: `${reason}; the 300 lines before that are read` }]);
});
