import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 0, 1);

function timestamp(minute: number): string {
  return new Date(START_MS + minute * MINUTE_MS).toISOString().slice(0, 19).replace("T", " ");
}

function bench(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "bench/nab.ts", ...args], {
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  return { status, stdout, stderr };
}

describe("npm run bench:nab", () => {
  let folder = "";

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "spillway-nab-"));
    mkdirSync(join(folder, "in/real"), { recursive: true });
    const rows = Array.from({ length: 400 }, (_, minute) => `${timestamp(minute)},${minute === 300 ? 90 : minute % 7}`);
    writeFileSync(join(folder, "in/real/a.csv"), `timestamp,value\n${rows.join("\n")}\n`);
    const windows = { "real/a.csv": [[timestamp(290), timestamp(310)]] };
    writeFileSync(join(folder, "in/windows.json"), JSON.stringify(windows));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it("scores what ships, says what is held out, and writes what it said of each point", () => {
    const { status, stdout, stderr } = bench(join(folder, "in"), "--out", join(folder, "out"));

    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/overall +9\d\.\d +9\d\.\d +9\d\.\d +1\/1 +0/);
    expect(stdout).toMatch(/random halves/);
    const written = readFileSync(join(folder, "out/real/a.csv"), "utf8").trim().split("\n");
    expect(written).toHaveLength(401);
    expect(written[0]).toBe("timestamp,score,alarm");
    expect(written[301]).toMatch(/^2026-01-01 05:00:00,0\.[5-9]\d{5},1$/);
    expect(written.slice(1).every((row) => row.endsWith(",1") === Number(row.split(",")[1]) >= 0.5)).toBe(true);
  });

  it.each([
    ["without a folder", [], /^Usage: npm run bench:nab -- DIR \[--out DIR\]\n$/],
    ["with an option that is none", ["here", "--fast"], /^Usage: /],
    ["with a folder that is not there", ["/nowhere/at/all"], /^There is no folder \/nowhere\/at\/all\.\n$/],
  ])("%s ends with one line and exit code 2", (_, args, message) => {
    const { status, stdout, stderr } = bench(...args);

    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });
});
