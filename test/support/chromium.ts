import { type Browser, chromium } from "playwright-core";
import { describeWith } from "./describe-with.ts";
import { findProgram } from "./find-program.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** It asks nobody outside for anything, and runs as root too, as in a container. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A `describe` for tests that look at a page in Chromium, the one that CHROMIUM names or one on the PATH. */
export function describeInChromium(name: string, tests: (launch: () => Promise<Browser>) => void): void {
  const program = process.env["CHROMIUM"] || NAMES.find((each) => findProgram(each) !== null) || "chromium";
  const install = "apt-get install chromium, or name one in CHROMIUM";
  describeWith({ name: program, install }, name, (executablePath) =>
    tests(() => chromium.launch({ executablePath, args: FLAGS })),
  );
}
