#!/usr/bin/env node
/** Starts the program: from its TypeScript in a clone, from dist/ where only that was shipped. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

if (existsSync(`${root}src/cli.ts`)) {
  const { ensureInstalled } = await import("../scripts/ensure-installed.mjs");
  ensureInstalled(root);
  const { register } = await import("tsx/esm/api");
  register({ tsconfig: `${root}tsconfig.json` });
  await import("../src/cli.ts");
} else {
  await import("../dist/src/cli.js");
}
