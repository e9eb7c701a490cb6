import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it } from "@jest/globals";

const ROOT = join(import.meta.dirname, "..", "..");

it("ends in silence when nobody reads on, as before `| head`", async () => {
  const child = spawn(process.execPath, ["bin/spillway.mjs", "help"], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  // Long before the program has loaded.
  child.stdout.destroy();
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });

  const [status] = await once(child, "close");

  expect(stderr).not.toContain("EPIPE");
  expect(status).toBe(0);
}, 30_000);

it.each(["start", "audit", "demo"])(
  "shows what there is for %s --help, and starts nothing",
  async (command) => {
    const child = spawn(process.execPath, ["bin/spillway.mjs", command, "--help"], { cwd: ROOT });
    let stdout = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
    });

    const [status] = await once(child, "close");

    expect(status).toBe(0);
    expect(stdout).toContain(`spillway ${command}`);
  },
  30_000,
);
