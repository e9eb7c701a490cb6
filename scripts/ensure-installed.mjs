/**
 * Installs what package-lock.json asks for, where it is not installed already.
 *
 * Plain Node, because it runs before anything is installed. All is compared
 * with the list that npm leaves in node_modules when an install is complete,
 * so that an interrupted one counts as none.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const WAIT_MS = 200;

/** Makes node_modules match the lock; ends the process where that fails. */
export function ensureInstalled(root) {
  if (isInstalled(root)) return;
  const release = takeTurn(root);
  try {
    // Another process may have installed while this one waited.
    if (!isInstalled(root)) install(root);
  } finally {
    release();
  }
}

function isInstalled(root) {
  const wanted = packagesOf(join(root, "package-lock.json"));
  const present = packagesOf(join(root, "node_modules", ".package-lock.json"));
  if (wanted === null) return true;
  if (present === null) return false;
  const isProduction = process.env.NODE_ENV === "production";
  return Object.entries(wanted).every(([path, { version, integrity, optional, devOptional, dev }]) => {
    const found = present[path];
    if (path === "") return true;
    // Packages for other platforms are in the lock, but are not installed here.
    if (found === undefined) return optional === true || (isProduction && (dev === true || devOptional === true));
    return found.version === version && found.integrity === integrity;
  });
}

function packagesOf(lockPath) {
  try {
    return JSON.parse(readFileSync(lockPath, "utf8")).packages;
  } catch (error) {
    if (error.code === "ENOENT" || error instanceof SyntaxError) return null;
    throw error;
  }
}

function install(root) {
  process.stderr.write("Installing what package-lock.json asks for; this happens once and takes about a minute.\n");
  // The npm that called us, so that its version and settings stay the same.
  const npm = process.env.npm_execpath?.endsWith(".js")
    ? [process.execPath, process.env.npm_execpath]
    : [process.platform === "win32" ? "npm.cmd" : "npm"];
  // Standard output belongs to the program that runs after this.
  const { status, error } = spawnSync(npm[0], [...npm.slice(1), "ci", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (status === 0) return;
  process.stderr.write(
    `npm ci failed${error ? `: ${error.message}` : ""}; put right what it says above and try again.\n`,
  );
  process.exit(status ?? 1);
}

/** Waits until no other process installs here; gives the function that ends the turn. */
function takeTurn(root) {
  const folder = join(root, ".spillway");
  const path = join(folder, "install.lock");
  const release = () => rmSync(path, { force: true });
  mkdirSync(folder, { recursive: true });
  for (;;) {
    try {
      writeSync(openSync(path, "wx"), String(process.pid));
      process.on("exit", release);
      return release;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (!isHeld(path)) release();
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
    }
  }
}

function isHeld(path) {
  try {
    const pid = Number(readFileSync(path, "utf8"));
    // Empty for the moment between creating and writing.
    if (pid === 0) return true;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureInstalled(fileURLToPath(new URL("..", import.meta.url)));
}
