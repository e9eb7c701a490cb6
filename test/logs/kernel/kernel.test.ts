import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "@jest/globals";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

it("is compiled from its source as it stands", () => {
  const folder = mkdtempSync(join(tmpdir(), "spillway-test-"));
  try {
    const output = join(folder, "kernel.wasm");

    execFileSync(process.execPath, ["scripts/build-kernel.mjs", output], {
      cwd: ROOT,
      env: { ...process.env, NODE_OPTIONS: "" },
    });

    expect(readFileSync(output).equals(readFileSync(join(ROOT, "src/logs/kernel/kernel.wasm")))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
