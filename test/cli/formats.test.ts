import { describe, expect, it } from "@jest/globals";
import { runFormats } from "../../src/cli/formats.ts";
import { NAMED_FORMATS } from "../../src/domain/log-formats.ts";

async function run(...argv: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  let [stdout, stderr] = ["", ""];
  const status = await runFormats(argv, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { status, stdout, stderr };
}

describe("spillway formats", () => {
  it("lists every format that can be named, one a line", async () => {
    const { status, stdout } = await run();

    const [head, ...lines] = stdout.split("\n\n")[0]?.split("\n") ?? [];
    expect(status).toBe(0);
    expect(head).toMatch(/^name +what it is +its time +packed +never tells$/);
    expect(lines.map((line) => line.split(" ")[0]).toSorted()).toEqual([...NAMED_FORMATS].toSorted());
    expect(lines.find((line) => line.startsWith("alb-connection "))).toMatch(/requests: it holds connections$/);
    expect(lines.find((line) => line.startsWith("waf "))).toMatch(
      /^waf +AWS WAF log +arrival +plain, gzip, Parquet +bytes, total seconds, backend seconds$/,
    );
  });

  it("shows one of them with an example as it is read", async () => {
    expect((await run("apache-common")).stdout).toBe(`apache-common: Apache access log in the common format
  its time     arrival
  packed       plain, gzip
  can tell     arrival, client, method, path, query, status, bytes
  never tells  host, user agent, referer, total seconds, backend seconds

Layout:
  {client} {…} {…} [{arrival clf}] "{request}" {status} {bytes}{end?} {rest}

An example:
  198.51.100.14 - - [01/Oct/2026:12:00:00 +0000] "GET /search?q=tea HTTP/1.1" 200 2048

It is read as:
  arrival             2026-10-01 12:00:00.000 UTC
  client              198.51.100.14
  method              GET
  path                /search
  query               q=tea
  status              200
  bytes               2,048 bytes
`);
  });

  it("gives the same as an object", async () => {
    const all = JSON.parse((await run("--json")).stdout);
    const one = JSON.parse((await run("CADDY", "--json")).stdout);

    expect(all).toHaveLength(NAMED_FORMATS.length);
    expect(all).toContainEqual(one);
    expect(Object.keys(one)).toEqual("name title holds clock tells lacks packings example record layout".split(" "));
    expect(one).toMatchObject({ name: "caddy", layout: null, record: { client: "198.51.100.14", status: 200 } });
  });

  it.each([
    [["cloudfornt"], 'spillway formats: "cloudfornt" is no format that is read here; did you mean cloudfront?\n'],
    [["\u001b[31m"], 'spillway formats: "�[31m" is no format that is read here; `spillway formats` lists all\n'],
    [["alb", "clb"], "spillway formats: Name one format, or none for the list of all.\n"],
    [["--colour"], "spillway formats: Unknown option '--colour'; there is --json.\n"],
  ])("%j is refused in one line", async (argv, message) => {
    expect(await run(...argv)).toEqual({ status: 2, stdout: "", stderr: message });
  });

  it("explains itself when asked", async () => {
    expect((await run("--help")).stdout).toContain("spillway formats [NAME] [--json]");
  });
});
