import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Intake } from "../../src/domain/traffic.ts";
import type { ReadProgress } from "../../src/ports/log-reader.ts";
import { albLine, combinedLine } from "../support/log-lines.ts";
import { createLogFolder, type LogFolder } from "../support/read-logs.ts";

let folder: LogFolder;
beforeEach(() => {
  folder = createLogFolder();
});
afterEach(() => folder.remove());

const GOOD = Array.from({ length: 50 }, (_, index) => combinedLine({ client: `198.51.100.${index}` }));

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

/** As `wc -l` counts, and the last line where it has no newline. */
function physicalLines(content: string | Uint8Array): number {
  const bytes = Buffer.from(content);
  const newlines = bytes.filter((byte) => byte === 0x0a).length;
  return newlines + (bytes.length > 0 && bytes.at(-1) !== 0x0a ? 1 : 0);
}

function accounted({ lines, parsed, recovered, unparsed }: Intake): boolean {
  return lines === parsed + recovered + unparsed;
}

describe("reading logs", () => {
  it("reads plain and gzip files of several formats together, whatever they are called", async () => {
    folder.write("a.log", text(GOOD));
    folder.write("deep/er/b.txt", gzipSync(text([albLine(), albLine({ client: "2001:db8::7:50718" })])));
    folder.write("c.gz", text(GOOD.map((line) => `${line} "-"`)));

    const { intake } = await folder.read();

    expect(intake).toMatchObject({ files: 3, lines: 102, parsed: 102, recovered: 0, unparsed: 0, skipped: [] });
    expect(intake.formats).toEqual({ "nginx-combined": 1, alb: 1, "nginx-combined-xff": 1 });
    expect([intake.firstMs, intake.lastMs]).toEqual([Date.UTC(2026, 9, 1, 12), Date.UTC(2026, 9, 1, 12, 0, 0, 500)]);
  });

  it("names what it cannot read, with the reason, and reads the rest", async () => {
    folder.write("good.log", text(GOOD));
    folder.write("binary", Buffer.from(Array.from({ length: 4_000 }, (_, index) => (index * 7) % 256)));
    folder.write("empty.log", "");
    folder.write("empty.gz", gzipSync(""));
    folder.write("no-log.txt", "Dear diary,\ntoday nothing happened.\n");
    folder.write("no-gzip.gz", Buffer.from([0x1f, 0x8b, 1, 2, 3]));
    folder.write("health.log", "Enable AccessLog for ELB: web at 2026-09-30T10:00:00.000Z\n");
    execFileSync("mkfifo", [join(folder.path, "pipe")]);
    symlinkSync(join(folder.path, "nowhere"), join(folder.path, "broken"));
    symlinkSync("loop", join(folder.path, "loop"));

    const { intake } = await folder.read();

    expect(intake).toMatchObject({ files: 1, lines: 50, parsed: 50 });
    expect(intake.skipped.map(({ file, reason }) => [file.slice(folder.path.length + 1), reason])).toEqual([
      ["binary", "is binary"],
      ["broken", "does not exist"],
      ["empty.gz", "is gzip with nothing in it, or cut before its first byte"],
      ["empty.log", "is empty"],
      ["health.log", "is the test file that a load balancer writes when logging is switched on"],
      ["loop", "is a symbolic link to itself"],
      ["no-gzip.gz", "begins like gzip, but cannot be unpacked"],
      ["no-log.txt", expect.stringMatching(/^fits none of the \d+ known formats with any of 2 lines$/)],
      ["pipe", "is no regular file"],
    ]);
  });

  it("takes a file under two names once, and follows folders that contain themselves once", async () => {
    const file = folder.write("sub/a.log", text(GOOD));
    symlinkSync(folder.path, join(folder.path, "sub", "up"));

    const { intake } = await folder.read({ paths: [folder.path, file, join(folder.path, "s*", "*.log")] });

    expect(intake).toMatchObject({ files: 1, lines: 50 });
  });

  it("reads files whose names look like patterns", async () => {
    const file = folder.write("a[1]?*.log", text(GOOD));

    expect((await folder.read({ paths: [file] })).intake).toMatchObject({ lines: 50, parsed: 50 });
  });

  it("refuses when nothing can be read, and says why", async () => {
    folder.write("empty.log", "");

    await expect(folder.read()).rejects.toMatchObject({
      code: "logs-none-readable",
      message: expect.stringContaining("empty.log is empty"),
    });
    await expect(folder.read({ paths: [join(folder.path, "*.gz")] })).rejects.toMatchObject({
      message: expect.stringContaining("matches no file"),
    });
    mkdirSync(join(folder.path, "none"));
    await expect(folder.read({ paths: [join(folder.path, "none")] })).rejects.toMatchObject({ code: "logs-not-found" });
    folder.write("nginx.log", text(GOOD));
    await expect(folder.read({ format: "alb" })).rejects.toMatchObject({
      message: expect.stringContaining("none of its 50 lines is a request in the format alb"),
    });
  });

  it("keeps only the window's requests, and still accounts for every line", async () => {
    const lines = [0, 1, 2, 3].map((minute) => combinedLine({ time: `01/Oct/2026:12:0${minute}:00 +0000` }));
    folder.write("a.log", text([...lines, combinedLine({ time: "01/Oct/2026:12:09:00 +0000", request: "" }), "junk"]));

    const slice = await folder.read({
      window: { startMs: Date.UTC(2026, 9, 1, 12, 1), endMs: Date.UTC(2026, 9, 1, 12, 3) },
    });
    const series = await slice.series({ window: { startMs: 0, endMs: 4e12 }, stepMs: 4e12 });

    expect(slice.intake).toMatchObject({ lines: 6, unparsed: 1 });
    expect(slice.intake.unparsedSamples).toEqual([{ file: join(folder.path, "a.log"), line: "junk" }]);
    expect([slice.intake.firstMs, slice.intake.lastMs]).toEqual([
      Date.UTC(2026, 9, 1, 12, 1),
      Date.UTC(2026, 9, 1, 12, 2),
    ]);
    expect(series.requests).toEqual([2]);
  });

  it("tells how far it is, ends with everything done, and leaves nothing behind when closed", async () => {
    for (const name of ["a", "b", "c"]) folder.write(name, text(GOOD));
    const seen: ReadProgress[] = [];

    const slice = await folder.read({ onProgress: (progress) => seen.push(progress) });
    await slice.close();
    await slice.close();

    expect(seen.at(-1)).toMatchObject({ filesDone: 3, filesTotal: 3, linesRead: 150 });
    expect(seen.at(-1)?.bytesRead).toBe(seen.at(-1)?.bytesTotal);
    expect(readdirSync(join(folder.path, "..", "spill"))).toEqual([]);
  });

  it("counts a file once that is read in parts", async () => {
    folder.write("large", text(GOOD).repeat(Math.ceil((65 * 1024 ** 2) / text(GOOD).length)));
    const seen: ReadProgress[] = [];

    const { intake } = await folder.read({ onProgress: (progress) => seen.push(progress) });

    expect(seen.at(-1)).toMatchObject({ filesDone: 1, filesTotal: 1, linesRead: intake.lines });
    expect(seen.at(-1)?.bytesRead).toBe(seen.at(-1)?.bytesTotal);
  });

  it("counts a file once that was set aside, and is read after all", async () => {
    const time = "2026-11-20T14:00:00.000000Z";
    folder.write(
      "conn_log",
      `${time} 192.0.2.5 4444 443 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 0.012 "-" - - Success TID_1\n`,
    );
    const seen: ReadProgress[] = [];

    await folder.read({ onProgress: (progress) => seen.push(progress) });

    expect(seen.at(-1)).toMatchObject({ filesDone: 1, filesTotal: 1, linesRead: 1 });
    expect(seen.at(-1)?.bytesRead).toBe(seen.at(-1)?.bytesTotal);
  });

  it("stops soon when told to, with the reason, and leaves nothing behind", async () => {
    for (let file = 0; file < 4; file += 1) {
      folder.write(`${file}.log`, text(Array.from({ length: 20_000 }, (_, line) => GOOD[line % 50] ?? "")));
    }
    const spill = join(folder.path, "..", "spill");
    const stop = new AbortController();
    const reading = folder.read({ signal: stop.signal });
    reading.catch(() => {});
    while (!existsSync(spill) || readdirSync(spill).length === 0) await new Promise(setImmediate);
    stop.abort(new Error("enough"));

    await expect(reading).rejects.toThrow("enough");
    expect(readdirSync(spill)).toEqual([]);
  });
});

describe("a log that was read", () => {
  it("answers nothing more once its asker gave up, not even what is being counted, and leaves nothing behind", async () => {
    const many = Array.from({ length: 20_000 }, (_, line) => GOOD[line % 50] ?? "");
    folder.write("a.log", text(many));
    const stop = new AbortController();
    const slice = await folder.read({ signal: stop.signal });
    const window = { startMs: 0, endMs: 1 };
    const questions = Array.from({ length: 40 }, () =>
      slice.breakdown({ baseline: window, spike: window, dimensions: ["ip", "path", "userAgent"], topN: 5 }),
    );

    stop.abort(new Error("enough"));
    const answers = await Promise.allSettled(questions);
    await slice.close();

    expect(answers.filter(({ status }) => status === "rejected").length).toBeGreaterThan(30);
    await expect(slice.distinct({ baseline: window, spike: window, dimensions: ["ip"] })).rejects.toThrow("enough");
    expect(readdirSync(join(folder.path, "..", "spill"))).toEqual([]);
  });
});

describe("accounting for every line", () => {
  it("holds for whatever bytes stand among good lines", async () => {
    const junk = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc
        .string({ unit: fc.constantFrom('"', " ", "\n", "\r", "\\", "-", "[", "]", "a", "\0"), maxLength: 60 })
        .map(Buffer.from),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(junk, { minLength: 1, maxLength: 6 }), fc.boolean(), async (pieces, isGzip) => {
        const content = Buffer.concat([
          Buffer.from(text(GOOD)),
          ...pieces.flatMap((piece) => [piece, Buffer.from(`\n${combinedLine()}\n`)]),
        ]);
        const file = folder.write("fuzz", isGzip ? gzipSync(content) : content);

        const { intake } = await folder.read({ paths: [file] });

        expect(intake.lines).toBe(physicalLines(content));
        expect(accounted(intake)).toBe(true);
        expect(intake.parsed + intake.recovered).toBeGreaterThanOrEqual(50 + pieces.length);
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it.each([
    ["a last line without a newline", text(GOOD) + combinedLine()],
    ["CR LF", text(GOOD).replaceAll("\n", "\r\n")],
    ["a blank line that ends in CR LF among others", `${text(GOOD)} \r\n\n${combinedLine()}\n`],
    ["a whole line behind a CR", `${text(GOOD)}${combinedLine()}\r${combinedLine()}\n`],
    ["a CR at the very beginning", `\r${combinedLine()}\n${text(GOOD)}`],
    ["LF among CR LF", `${text(GOOD).replaceAll("\n", "\r\n")}${combinedLine()}\n${combinedLine()}\r\n`],
    ["CR LF and LF mixed", `${text(GOOD)}${combinedLine()}\r\n${combinedLine()}\n`],
    ["carriage returns within lines", `${text(GOOD)}${combinedLine({ userAgent: "a\rb" })}\n`],
    ["blank lines", `\n\n${text(GOOD)}\n\r\n`],
    ["a byte order mark", `\ufeff${text(GOOD)}`],
    ["NULs", `${text(GOOD)}\0\0\0${combinedLine({ userAgent: "\0" })}\n`],
    ["the engine's own separator", `${text(GOOD)}${combinedLine({ userAgent: "a\u0001b" })}\n`],
    ["a line of 10 MB", `${text(GOOD)}${combinedLine({ userAgent: "x".repeat(10e6) })}\n${combinedLine()}\n`],
    ["a line of 10 MB that is nothing", `${text(GOOD)}${"y".repeat(10e6)}\n${combinedLine()}\n`],
    ["10 MB of quotes", `${text(GOOD)}${combinedLine({ userAgent: '" '.repeat(5e6) })}\n`],
    [
      "requests that are none",
      text([...GOOD, ...["", "-", "\\x16\\x03", "A B"].map((request) => combinedLine({ request }))]),
    ],
    ["half lines", text([...GOOD, ...Array.from({ length: 150 }, (_, cut) => combinedLine().slice(0, cut))])],
  ])("holds for %s", async (_, content) => {
    folder.write("plain", content);
    folder.write("packed", gzipSync(content));

    const { intake } = await folder.read();

    expect(intake.lines).toBe(2 * physicalLines(content));
    expect(accounted(intake)).toBe(true);
    expect(intake.parsed + intake.recovered).toBeGreaterThanOrEqual(100);
    expect(intake.skipped).toEqual([]);
  });

  it("holds for bytes that are no UTF-8, whose lines are recovered", async () => {
    const content = Buffer.concat([
      Buffer.from(text(GOOD)),
      Buffer.from(combinedLine({ userAgent: "caf\u00e9" }), "latin1"),
    ]);
    folder.write("latin1.log", content);

    const slice = await folder.read();
    const { by } = await slice.breakdown({
      baseline: { startMs: 0, endMs: 0 },
      spike: { startMs: 0, endMs: 4e12 },
      dimensions: ["userAgent"],
      topN: 10,
    });

    expect(slice.intake).toMatchObject({ lines: 51, parsed: 51, unparsed: 0 });
    expect(by.userAgent?.rows.map(({ value }) => value)).toContain("caf\ufffd");
  });

  it.each(['"', "\\", "\0", "\r", "\u0001", "\u00ff", "]", " "])(
    "holds for a stray %j at every place of a line",
    async (stray) => {
      for (const [name, line] of [
        ["nginx", combinedLine()],
        ["xff", `${combinedLine()} "-"`],
        ["alb", albLine()],
      ] as const) {
        const broken = Array.from({ length: line.length + 1 }, (_, at) => line.slice(0, at) + stray + line.slice(at));
        // Between good lines, so that one that swallows its neighbours would show.
        folder.write(`${name}.log`, text(broken.flatMap((bad) => [line, bad])));
      }
      const files = readdirSync(folder.path).map((name) => join(folder.path, name));

      for (const file of files) {
        const { intake } = await folder.read({ paths: [file] });
        const half = intake.lines / 2;

        expect(accounted(intake)).toBe(true);
        expect(intake.lines).toBe(
          2 *
            (file.endsWith("alb.log") ? albLine() : file.endsWith("xff.log") ? `${combinedLine()} "-"` : combinedLine())
              .length +
            2,
        );
        expect(intake.parsed).toBeGreaterThanOrEqual(half);
        // Most places do no harm to time, client and status.
        expect(intake.unparsed).toBeLessThan(half / 2);
      }
    },
  );

  it("reads gzip of several members, and gzip with padding behind it, whole", async () => {
    folder.write("joined.gz", Buffer.concat(GOOD.map((line) => gzipSync(`${line}\n`))));
    folder.write("padded.gz", Buffer.concat([gzipSync(text(GOOD)), Buffer.alloc(512)]));

    expect((await folder.read()).intake).toMatchObject({ files: 2, lines: 100, parsed: 100, skipped: [] });
  });

  it("reads gzip that is cut anywhere up to the cut, and says so", async () => {
    const whole = gzipSync(text(GOOD.map((_, index) => combinedLine({ userAgent: `x${Math.sin(index)}` }))));
    const cuts = Array.from({ length: whole.length }, (_, at) => at).filter(
      (at) => at % 7 === 0 || at > whole.length - 20,
    );
    cuts.forEach((at) => {
      folder.write(`${String(at).padStart(5, "0")}.gz`, whole.subarray(0, at));
    });

    const { intake } = await folder.read();

    expect(accounted(intake)).toBe(true);
    expect(intake.skipped.map(({ file }) => Number.parseInt(file.slice(folder.path.length + 1), 10))).toEqual(cuts);
    expect(new Set(intake.skipped.map(({ reason }) => reason.replace(/\d+/, "N")))).toEqual(
      new Set([
        "is empty",
        "is gzip with nothing in it, or cut before its first byte",
        "fits none of the N known formats with its only line",
        "gzip ends early; the N lines before that are read",
      ]),
    );
    expect(intake.parsed).toBeGreaterThan(cuts.length * 10);
  }, 30_000);
});
