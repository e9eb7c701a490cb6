import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";

const SCRIPT = new URL("../../scripts/ensure-installed.mjs", import.meta.url).href;
const LOCK = { packages: { "": {}, "node_modules/a": { version: "1.0.0" }, "node_modules/b": { version: "2.0.0" } } };

/** Installs as npm does, as far as can be seen: counts its calls and leaves the list of what is installed. */
const NPM = `
const { appendFileSync, copyFileSync, mkdirSync } = require("node:fs");
appendFileSync("calls", process.argv.slice(2).join(" ") + "\\n");
console.log("npm speaks");
if (process.env.NPM_FAILS) process.exit(7);
mkdirSync("node_modules", { recursive: true });
copyFileSync("package-lock.json", "node_modules/.package-lock.json");
`;

describe("ensure-installed", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "ensure-installed-"));
    writeFileSync(join(root, "package-lock.json"), JSON.stringify(LOCK));
    writeFileSync(join(root, "npm.js"), NPM);
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function present(packages: object): void {
    mkdirSync(join(root, "node_modules"), { recursive: true });
    writeFileSync(join(root, "node_modules/.package-lock.json"), JSON.stringify({ packages }));
  }

  function ensure(env: Readonly<Record<string, string>> = {}) {
    const program = `import { ensureInstalled } from ${JSON.stringify(SCRIPT)}; ensureInstalled(${JSON.stringify(root)});`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      env: { PATH: process.env["PATH"], npm_execpath: join(root, "npm.js"), ...env },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    return new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
      child.on("close", (status) => resolve({ status, stdout, stderr }));
    });
  }

  function calls(): readonly string[] {
    const path = join(root, "calls");
    return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
  }

  it("installs in a fresh clone, saying so on standard error alone", async () => {
    const { status, stdout, stderr } = await ensure();

    expect(status).toBe(0);
    expect(calls()).toEqual(["ci --no-audit --no-fund"]);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^Installing what package-lock\.json asks for.*\n/);
  });

  it("does and says nothing where all is installed", async () => {
    present(LOCK.packages);

    expect(await ensure()).toEqual({ status: 0, stdout: "", stderr: "" });
    expect(calls()).toEqual([]);
  });

  it.each([
    ["a version differs", { "node_modules/a": { version: "1.0.0" }, "node_modules/b": { version: "1.9.9" } }],
    ["a package is missing", { "node_modules/a": { version: "1.0.0" } }],
  ])("installs again where %s", async (_what, packages) => {
    present(packages);

    await ensure();

    expect(calls()).toHaveLength(1);
  });

  it("does not miss a package for another platform, nor one for development in production", async () => {
    const packages = { ...LOCK.packages, "node_modules/b": { version: "2.0.0", optional: true } };
    writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages }));
    present({ "node_modules/a": { version: "1.0.0" } });
    await ensure();
    writeFileSync(
      join(root, "package-lock.json"),
      JSON.stringify({ packages: { ...packages, "node_modules/c": { version: "1.0.0", dev: true } } }),
    );
    await ensure({ NODE_ENV: "production" });

    expect(calls()).toEqual([]);
  });

  it("installs once where two start at the same time", async () => {
    const both = await Promise.all([ensure(), ensure()]);

    expect(both.map(({ status }) => status)).toEqual([0, 0]);
    expect(calls()).toHaveLength(1);
  });

  it("does not wait for an install whose process is gone", async () => {
    mkdirSync(join(root, ".spillway"));
    // Far above the highest pid that Linux and macOS give.
    writeFileSync(join(root, ".spillway/install.lock"), "99999999");

    expect((await ensure()).status).toBe(0);
    expect(calls()).toHaveLength(1);
    expect(existsSync(join(root, ".spillway/install.lock"))).toBe(false);
  });

  it("ends with npm's status where npm fails, and does not block the next try", async () => {
    const failed = await ensure({ NPM_FAILS: "1" });

    expect(failed.status).toBe(7);
    expect(failed.stderr).toContain("npm ci failed");
    expect((await ensure()).status).toBe(0);
  });
});
