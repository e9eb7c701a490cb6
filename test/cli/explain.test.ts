import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runAnalyze } from "../../src/cli/analyze.ts";
import { explainFile } from "../../src/logs/explaining/explain-file.ts";
import { albLine, combinedLine } from "../support/log-lines.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "spillway-explain-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function explain(...argv: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ["", ""];
  const status = await runAnalyze(["--explain", ...argv], {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { status, stdout: stdout.replaceAll(`${folder}/`, ""), stderr: stderr.replaceAll(`${folder}/`, "") };
}

async function explained(...argv: string[]) {
  return JSON.parse((await explain(...argv, "--json")).stdout).files[0];
}

/** One whole line, one with a quote too many and a command to the terminal, and one of which nothing is left. */
const DAMAGED = [
  combinedLine(),
  combinedLine({ request: 'GET /a"b HTTP/1.1', userAgent: "bad\u001b[31mbot" }),
  "",
  'garbage "\u0007',
].join("\n");

describe("spillway analyze --explain", () => {
  it("shows how a file is told, its first lines as parsed, and what became of the others", async () => {
    const { status, stdout } = await explain(file("access.log", `${DAMAGED}\n`));

    expect(status).toBe(0);
    expect(stdout).toBe(`access.log: plain, 262 bytes
  format     nginx-combined: 1 of 3 lines are nginx access log in the combined format
  runner-up  apache-combined: 1 of 3 lines are Apache access log in the combined format
  read by    the kernel, and line by line what is not as the layout says

Layout:
  {client} - {…} [{answered clf}] "{request}" {status} {bytes} "{referer}" "{user-agent}"{end?} {rest}

4 lines = 1 parsed + 1 recovered + 2 unparsed.

The first lines as parsed:
  198.51.100.14 - - [01/Oct/2026:14:00:00 +0200] "GET /products/7?ref=a HTTP/1.1" 200 2048 "https://news.example/today" "curl/8.5.0"
      arrival             2026-10-01 12:00:00.000 UTC
      answered            2026-10-01 12:00:00.000 UTC
      client              198.51.100.14
      method              GET
      path                /products/7
      query               ref=a
      status              200
      bytes               2,048 bytes
      user agent          curl/8.5.0
      referer             https://news.example/today

The first lines that are not as this format has them:
  198.51.100.14 - - [01/Oct/2026:14:00:00 +0200] "GET /a"b HTTP/1.1" 200 2048 "https://news.example/today" "bad�[31mbot"
    recovered: arrival, answered, client, method, path, status, bytes, user agent, referer
      arrival             2026-10-01 12:00:00.000 UTC
      answered            2026-10-01 12:00:00.000 UTC
      client              198.51.100.14
      method              GET
      path                /a"b
      status              200
      bytes               2,048 bytes
      user agent          bad�[31mbot
      referer             https://news.example/today
  (an empty line)
    unparsed: it is empty
  garbage "�
    unparsed: neither a time nor anything of a request can be told
`);
  });

  it("gives the same as an object, of gzip as of plain files", async () => {
    const plain = await explained(file("same.log", DAMAGED));
    const packed = await explained(file("same.log.gz", gzipSync(DAMAGED)));

    expect(Object.keys(plain).toSorted()).toEqual(
      "bytes counts file headers isFast layout left packing parsed prefix problem readBytes runnerUp told".split(" "),
    );
    expect(plain).toMatchObject({
      packing: "plain",
      told: { format: "nginx-combined", holds: "requests" },
      counts: { lines: 4, parsed: 1, headers: 0, recovered: 1, unparsed: 2 },
      left: [{ outcome: "recovered" }, { outcome: "unparsed" }, { outcome: "unparsed", record: null }],
      readBytes: null,
    });
    expect(packed).toEqual({ ...plain, file: packed.file, bytes: packed.bytes, packing: "gzip" });
  });

  it("shows the lines that the kernel took beside what it made of them", async () => {
    const lines = Array.from({ length: 9 }, (_, index) =>
      index % 2 === 1 ? "garbage" : combinedLine({ request: `GET /${index} HTTP/1.1` }),
    );

    const { parsed } = await explained(file("mixed.log", `${lines.join("\n")}\n`));

    expect(parsed.map(({ line, record }: { line: string; record: { path: string } }) => [line, record.path])).toEqual(
      [0, 2, 4, 6, 8].map((index) => [lines[index], `/${index}`]),
    );
  });

  it("shows damaged lines wherever they stand, also those that the kernel can read", async () => {
    const cut = combinedLine().slice(0, -5);
    const quoted = combinedLine({ userAgent: 'a"b' });
    const lines = [...Array.from({ length: 300 }, () => combinedLine()), cut, quoted];

    const { counts, left } = await explained(file("cut.log", `${lines.join("\n")}\n`));

    expect(counts).toMatchObject({ parsed: 300, recovered: 2 });
    expect(left.map(({ line, outcome }: { line: string; outcome: string }) => [line, outcome])).toEqual([
      [cut, "recovered"],
      [quoted, "recovered"],
    ]);
  });

  it("says what stands before lines, that headers are some, and that connections are set aside", async () => {
    const prefixed = await explain(file("pod.log", `2026-10-01T12:00:00.49Z stdout F ${combinedLine()}\n`));
    const connection =
      '2026-10-01T12:00:00.000000Z 198.51.100.14 4711 443 TLSv1.3 TLS_AES_128_GCM_SHA256 0.005 "-" - - Success TID_1';
    const connections = await explain(file("conn.log", `${connection}\n`));
    const table = await explain(
      file(
        "cdn.log",
        "#Version: 1.0\n#Fields: date time c-ip sc-status x-edge-location\n2026-10-01 12:00:00 192.0.2.1 200 FRA\n",
      ),
    );

    expect(prefixed.stdout).toContain(
      "\n  prefix     cri, taken off\n  read by    line by line; only lines that begin",
    );
    expect(connections.stdout).toContain("it holds connections, so it is set aside where other files tell of requests");
    expect(table.stdout).toContain("3 lines = 3 parsed (2 of them headers) + 0 recovered + 0 unparsed.");
    expect(table.stdout).toContain("Headers:\n  #Version: 1.0\n  #Fields: date time");
  });

  it("reads a format that the user names, and says what the lines look like beside it", async () => {
    const { told, runnerUp, layout } = await explained(
      file("own.log", albLine()),
      ...["--format", "nginx:$remote_addr [$time_local] $status"],
    );

    expect(told).toMatchObject({ format: "nginx-custom", because: "as the configuration says" });
    expect(runnerUp).toMatchObject({ format: "alb" });
    expect(layout).toBe("{client} [{answered clf}] {status}{end?} {rest}");
  });

  it("says whom X-Forwarded-For makes the client, where it is logged", async () => {
    const path = file("xff.log", `${combinedLine({ client: "10.0.0.1" })} "203.0.113.9"\n`);

    const { stdout } = await explain(path);
    const { parsed } = await explained(path, "--trusted-proxy", "10.0.0.0/8");

    expect(stdout).toContain("  client     who connected; X-Forwarded-For is in each line");
    expect(stdout).toContain("      client              10.0.0.1\n");
    expect(parsed[0].record.client).toBe("203.0.113.9");
  });

  it("cuts long lines, and says how long they are", async () => {
    const { stdout } = await explain(file("long.log", combinedLine({ userAgent: "x".repeat(3_000) })));

    expect(stdout).toMatch(/x…\s*\(3,\d{3} characters\)\n/);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThan(450);
  });

  it("stops where it has seen enough of a huge file, at the end of a line", async () => {
    const line = `${combinedLine()}\n`;
    const path = file("huge.log", line.repeat(30_000));
    const options = { format: "auto", trustedProxies: [], signal: new AbortController().signal } as const;

    const seen = await explainFile({ path, name: "huge", bytes: 0 }, { ...options, maxBytes: 1 });

    expect(seen.readBytes).toBe(1024 ** 2);
    const lines = Math.floor(1024 ** 2 / line.length);
    expect(seen.counts).toEqual({ lines, parsed: lines, headers: 0, recovered: 0, unparsed: 0 });
  });
});

describe("bad input to spillway analyze --explain", () => {
  it.each([
    ["empty", "", "Problem: is empty."],
    ["binary", Buffer.from(Array.from({ length: 4_096 }, (_, index) => index % 256)), "Problem: is binary."],
    ["cut.gz", gzipSync(DAMAGED.repeat(50)).subarray(0, -12), "Problem: gzip ends early."],
    ["other.zst", Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]), "zstd, 6 bytes\n\nProblem: is packed with zstd"],
    ["rows.parquet", Buffer.from("PAR1....PAR1"), "Problem: is Parquet, whose rows"],
    ["error.log", "2026/10/01 12:00:00 [error] 1#1: *1 no\n", "Problem: is an error log of nginx"],
  ])("%s is explained", async (name, content, expected) => {
    const { status, stdout } = await explain(file(name, content));

    expect(status).toBe(0);
    expect(stdout).toContain(expected);
  });

  it("says of a pipe that it is none to be read, and waits for nobody", async () => {
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);

    expect(await explain(pipe)).toEqual({
      status: 2,
      stdout: "",
      stderr: "spillway analyze: There is no file to explain: pipe is no regular file.\n",
    });
  });

  it("explains the files of a folder, and beside them names what is missing", async () => {
    const inner = join(folder, "inner");
    mkdirSync(inner);
    for (let index = 0; index < 22; index += 1) writeFileSync(join(inner, `${index}.log`), combinedLine());

    const { stdout } = await explain(inner, join(folder, "nowhere"));

    expect(stdout.match(/1 line = 1 parsed/g)).toHaveLength(20);
    expect(stdout).toContain("skipped: nowhere: does not exist");
    expect(stdout).toContain("2 more files are not shown");
  });

  it.each([
    [["LOG", "--top", "5"], "--explain shows how files are read; it has no use for --top."],
    [["/nowhere"], "There is no file to explain: /nowhere does not exist."],
  ])("%j is refused in one line", async (argv, message) => {
    expect(await explain(...argv)).toEqual({ status: 2, stdout: "", stderr: `spillway analyze: ${message}\n` });
  });
});
