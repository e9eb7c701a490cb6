/** Files that are no logs, or are logs with something wrong in them: each line counts, and what is not read is named. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Intake } from "../../../src/domain/traffic.ts";
import { FORMAT_SAMPLES } from "../../support/format-samples.ts";
import { combinedLine } from "../../support/log-lines.ts";
import { createLogFolder, type LogFolder } from "../../support/read-logs.ts";

let folder: LogFolder;
beforeEach(() => {
  folder = createLogFolder();
});
afterEach(() => folder.remove());

const LONG_MS = 60_000;
const ALWAYS = { startMs: 0, endMs: Date.UTC(2100, 0) };
const GOOD = `${combinedLine()}\n`.repeat(20);

function physicalLines(content: Uint8Array | string): number {
  const bytes = Buffer.from(content);
  return bytes.filter((byte) => byte === 0x0a).length + (bytes.length > 0 && bytes.at(-1) !== 0x0a ? 1 : 0);
}

function isAccountedFor({ lines, parsed, recovered, unparsed }: Intake): boolean {
  return lines === parsed + recovered + unparsed;
}

describe("bytes of any kind", () => {
  it(
    "are read or named, next to a log that is read",
    async () => {
      folder.write("good.log", GOOD);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.uint8Array({ minLength: 1, maxLength: 3_000 }), { minLength: 5, maxLength: 5 }),
          async (contents) => {
            contents.forEach((content, index) => {
              folder.write(`${index}`, content);
            });

            const { intake } = await folder.read();

            expect(intake.skipped.map(({ file }) => file.slice(folder.path.length + 1))).toEqual([
              "0",
              "1",
              "2",
              "3",
              "4",
            ]);
            expect(intake).toMatchObject({ files: 1, lines: 20, parsed: 20 });
          },
        ),
        { numRuns: 20 },
      );
    },
    LONG_MS,
  );

  it.each([
    ["where a log was emptied while its server wrote on", Buffer.concat([Buffer.alloc(300_000), Buffer.from(GOOD)])],
    ["where files with marks were put together", Buffer.from(`\ufeff${GOOD}\ufeff${GOOD}`)],
    ["where the machine went down", Buffer.concat([Buffer.from(GOOD), Buffer.alloc(5_000), Buffer.from(GOOD)])],
  ])("that are no part of a line are passed over, %s", async (_, content) => {
    const file = folder.write("access.log", content);
    const slice = await folder.read({ paths: [file] });

    const { by } = await slice.breakdown({ baseline: ALWAYS, spike: ALWAYS, dimensions: ["ip"], topN: 5 });

    expect(slice.intake.parsed).toBe(physicalLines(content));
    expect(by.ip?.rows.map(({ value }) => value)).toEqual(["198.51.100.14"]);
  });

  it.each([
    ["\ufeff", "utf16le", "is UTF-16, which is not read here: convert it to UTF-8"],
    ["", "utf16le", "is UTF-16, which is not read here: convert it to UTF-8"],
    [
      "old mac\r",
      "latin1",
      "has lines that end with a carriage return alone, which are not read here: end them with a newline",
    ],
    ["\0\0\0", "latin1", "holds nothing but zero bytes"],
  ] as const)("that are no lines are named for what they are: %j", async (start, encoding, reason) => {
    const text = start.startsWith("\0")
      ? start
      : `${start}${GOOD.replaceAll("\n", start.includes("\r") ? "\r" : "\n")}`;
    const file = folder.write("access.log", Buffer.from(text, encoding));

    await expect(folder.read({ paths: [file] })).rejects.toThrow(`${file} ${reason}`);
  });

  it.each([
    ["plain", (bytes: Buffer) => bytes],
    ["packed", gzipSync],
  ] as const)("of a tar archive are named, %s", async (_, pack) => {
    const header = Buffer.alloc(512);
    header.write("logs/access.log");
    header.write("ustar", 257);
    const file = folder.write("logs.tar", pack(Buffer.concat([header, Buffer.from(GOOD)])));

    await expect(folder.read({ paths: [file] })).rejects.toThrow("is a tar archive, which is not read here: unpack it");
  });

  it("are told for a log although a program says much before", async () => {
    const start = Array.from({ length: 300 }, (_, index) => `starting worker ${index}\n`).join("");
    const file = folder.write("container.log", `${start}${GOOD}`);

    const { intake } = await folder.read({ paths: [file] });

    expect(intake).toMatchObject({ lines: 320, parsed: 20, unparsed: 300 });
  });

  it.each([
    ["latin1", Buffer.from(GOOD.replaceAll("curl", "caf\u00e9"), "latin1")],
    ["halves of UTF-8", Buffer.from(GOOD.replaceAll("curl", "\u00e2\u0082"), "latin1")],
    ["UTF-16's mark within a line", Buffer.from(GOOD.replaceAll("curl", "\ufeff"))],
    ["NULs", Buffer.from(GOOD.replaceAll("curl", "\0\0"))],
    ["CR LF", Buffer.from(GOOD.replaceAll("\n", "\r\n"))],
    ["a byte order mark", Buffer.from(`\ufeff${GOOD}`)],
    ["10 MB of NULs in one line", Buffer.concat([Buffer.from(GOOD), Buffer.alloc(10e6), Buffer.from(`\n${GOOD}`)])],
  ])(
    "count line by line: %s",
    async (_, content) => {
      const files = [folder.write("plain", content), folder.write("packed", gzipSync(content))];
      for (const file of files) {
        const { intake } = await folder.read({ paths: [file] });

        expect(intake.lines).toBe(physicalLines(content));
        expect(isAccountedFor(intake)).toBe(true);
        expect(intake.parsed + intake.recovered).toBeGreaterThanOrEqual(20);
      }
    },
    LONG_MS,
  );
});

describe("an odd quote", () => {
  it.each(
    FORMAT_SAMPLES.filter(({ name }) => !/^(nginx|apache) /.test(name)).map((sample) => [sample.name, sample] as const),
  )(
    "swallows no other line, wherever it stands: %s",
    async (_, { headers, lines: [line = ""] }) => {
      const broken = Array.from({ length: line.length + 1 }, (_each, at) => `${line.slice(0, at)}"${line.slice(at)}`);
      folder.write("a.log", [...headers, ...broken.flatMap((bad) => [line, bad, line]), ""].join("\n"));

      const { intake } = await folder.read();

      expect(intake.lines).toBe(headers.length + 3 * broken.length);
      expect(isAccountedFor(intake)).toBe(true);
      expect(intake.parsed - intake.headers).toBeGreaterThanOrEqual(2 * broken.length);
    },
    LONG_MS,
  );
});

describe("gzip", () => {
  const lines = Array.from({ length: 12 }, (_, index) =>
    combinedLine({ client: `198.51.100.${index}`, userAgent: `x${Math.sin(index)}` }),
  );
  const content = lines.map((line) => `${line}\n`).join("");

  it(
    "that is cut at any byte is read up to the cut, and named",
    async () => {
      const whole = gzipSync(content);
      for (let at = 0; at < whole.length; at += 1)
        folder.write(`${String(at).padStart(4, "0")}.gz`, whole.subarray(0, at));

      const { intake } = await folder.read();

      expect(isAccountedFor(intake)).toBe(true);
      expect(intake.skipped).toHaveLength(whole.length);
    },
    LONG_MS,
  );

  it(
    "that is damaged at any byte is named, or nothing of it is lost",
    async () => {
      const whole = gzipSync(content);
      for (let at = 0; at < whole.length; at += 1) {
        const damaged = Buffer.from(whole);
        damaged[at] = (damaged[at] ?? 0) ^ 0x55;
        folder.write(`${String(at).padStart(4, "0")}.gz`, damaged);
      }

      const { intake } = await folder.read();
      const named = new Set(intake.skipped.map(({ file }) => file));
      const unharmed = whole.length - named.size;

      expect(isAccountedFor(intake)).toBe(true);
      // Of the header, there are bytes that say nothing of what is packed: a time, a system.
      expect(unharmed).toBeLessThanOrEqual(8);
      expect(intake.lines).toBeGreaterThanOrEqual(unharmed * lines.length);
    },
    LONG_MS,
  );

  it(
    "of several members, cut at any place of the text, is one text",
    async () => {
      for (let at = 1; at < content.length; at += 13) {
        folder.write(`${at}.gz`, Buffer.concat([gzipSync(content.slice(0, at)), gzipSync(content.slice(at))]));
      }
      const files = Math.ceil((content.length - 1) / 13);

      const { intake } = await folder.read();

      expect(intake).toMatchObject({ files, lines: 12 * files, parsed: 12 * files, skipped: [] });
    },
    LONG_MS,
  );
});

it("passes over pipes, however they are reached", async () => {
  folder.write("good.log", GOOD);
  execFileSync("mkfifo", [join(folder.path, "pipe")]);

  const { intake } = await folder.read({ paths: [join(folder.path, "pipe"), folder.path, join(folder.path, "p*")] });

  expect(intake).toMatchObject({ files: 1, lines: 20, skipped: [{ reason: "is no regular file" }] });
});
