import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors.ts";
import type { FetchRequest, LocalFile, LogSource } from "./source.ts";

/** Log files on this machine: files, folders (read recursively) and patterns with `*`; given in the order of names. */
export function createFileSource(paths: readonly string[]): LogSource {
  return {
    description: `files ${paths.join(", ")}`,
    fetch({ signal, onFetched }) {
      const found = new Findings();
      return {
        files: giveFiles(found, paths, { signal, onFetched }),
        report: () => ({ skipped: found.skipped.toSorted((a, b) => compare(a.file, b.file)), coverage: null }),
      };
    },
  };
}

async function* giveFiles(
  found: Findings,
  paths: readonly string[],
  { signal, onFetched }: Pick<FetchRequest, "signal"> & { readonly onFetched: FetchRequest["onFetched"] | undefined },
): AsyncGenerator<LocalFile> {
  for (const path of paths) {
    signal.throwIfAborted();
    if (path.includes("*") && !exists(path)) addMatches(found, path);
    else addPath(found, path);
  }
  if (found.files.length === 0 && found.skipped.length === 0) {
    throw new UserError("logs-not-found", `There is no file in ${paths.join(", ")}.`);
  }
  // They are here already, all of them.
  const bytes = found.files.reduce((total, file) => total + file.bytes, 0);
  onFetched?.({ bytes, bytesTotal: bytes, filesTotal: found.files.length });
  for (const file of found.files.toSorted(byName)) {
    signal.throwIfAborted();
    yield file;
  }
}

/** What was found so far; a file or folder that is reached in two ways counts once. */
class Findings {
  readonly files: LocalFile[] = [];
  readonly skipped: { file: string; reason: string }[] = [];
  readonly #seen = new Set<string>();

  isNew(path: string): boolean {
    const real = realpathSync(path);
    if (this.#seen.has(real)) return false;
    this.#seen.add(real);
    return true;
  }
}

function addPath(found: Findings, path: string): void {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (error) {
    found.skipped.push({ file: path, reason: whyNot(error) });
    return;
  }
  if (!found.isNew(path)) return;
  if (stats.isFile()) found.files.push({ path, name: path, bytes: stats.size });
  else if (stats.isDirectory()) for (const name of namesIn(found, path)) addPath(found, join(path, name));
  // Opening a pipe or device would wait, perhaps for ever.
  else found.skipped.push({ file: path, reason: "is no regular file" });
}

function namesIn(found: Findings, folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted(compare);
  } catch (error) {
    found.skipped.push({ file: folder, reason: whyNot(error) });
    return [];
  }
}

/** Walks down a pattern segment by segment: `*` stands for anything within a name, `**` for any folders. */
function addMatches(found: Findings, pattern: string): void {
  const segments = pattern.split("/");
  const matches = expand(pattern.startsWith("/") ? "/" : "", segments[0] === "" ? segments.slice(1) : segments);
  if (matches.length === 0) found.skipped.push({ file: pattern, reason: "matches no file" });
  for (const match of matches) addPath(found, match);
}

function expand(base: string, [segment, ...rest]: readonly string[]): string[] {
  if (segment === undefined) return exists(base) ? [base] : [];
  if (!segment.includes("*")) return expand(join(base, segment), rest);
  if (segment === "**") {
    const below = entriesOf(base).filter((entry) => entry.isDirectory());
    return [...expand(base, rest), ...below.flatMap((entry) => expand(join(base, entry.name), [segment, ...rest]))];
  }
  const matches = matcher(segment);
  return entriesOf(base)
    .filter((entry) => matches(entry.name))
    .flatMap((entry) => expand(join(base, entry.name), rest));
}

function matcher(segment: string): (name: string) => boolean {
  const literal = segment.split(/\*+/).map((text) => text.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  const pattern = new RegExp(`^${literal.join(".*")}$`, "s");
  // As in a shell, hidden files are asked for by name.
  return (name) => pattern.test(name) && (!name.startsWith(".") || segment.startsWith("."));
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder || ".", { withFileTypes: true });
  } catch {
    // What is no folder, or is closed to us, holds no match; a pattern without any match is reported.
    return [];
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  EACCES: "may not be read",
  EPERM: "may not be read",
  ELOOP: "is a symbolic link to itself",
  ENOTDIR: "does not exist",
};

function whyNot(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ""] ?? `cannot be read (${code ?? message})`;
}

function byName(a: LocalFile, b: LocalFile): number {
  return compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
