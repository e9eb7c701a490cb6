import { join } from "node:path";
import { type PublishedList, replaceLists, SHIPPED_LISTS } from "../domain/published-ranges.ts";
import { UserError } from "../errors.ts";
import { fetchLists, type ListSources } from "../firewall/fetch-lists.ts";
import { LISTS_FILE, readKept, writeKept } from "../firewall/kept-lists.ts";

const HELP = `spillway ranges            lists the networks of CDNs, health checkers and crawlers that no block may hit
spillway ranges refresh    fetches them anew from those who publish them, into SPILLWAY_HOME
`;

export interface RangesStreams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/**
 * Shows the published lists, or fetches them.
 *
 * @returns 0, or 1 where a list was not fetched: what was known of it before stays
 * @throws {UserError} `bad-option`
 */
export async function runRanges(
  argv: readonly string[],
  { stdout, stderr }: RangesStreams,
  options: { readonly home: string; readonly nowMs: number; readonly sources?: ListSources },
): Promise<number> {
  const path = join(options.home, LISTS_FILE);
  const [verb, ...rest] = argv;
  if (verb === "--help" || verb === "-h") {
    stdout.write(HELP);
    return 0;
  }
  if (rest.length > 0 || (verb !== undefined && verb !== "refresh")) {
    throw new UserError("bad-option", `"${argv.join(" ")}" is not known here.\n${HELP}`);
  }
  let failures = 0;
  if (verb === "refresh") {
    const fetched = await fetchLists(options);
    writeKept(
      path,
      replaceLists(
        readKept(path),
        fetched.flatMap((one) => ("list" in one ? one.list : [])),
      ),
    );
    for (const one of fetched) {
      if (!("failure" in one)) continue;
      failures += 1;
      stderr.write(`spillway: ${one.name} not fetched, what was known stays: ${one.failure.message}\n`);
    }
  }
  stdout.write(`${listing(replaceLists(SHIPPED_LISTS, readKept(path)))}\n`);
  return failures === 0 ? 0 : 1;
}

function listing(lists: readonly PublishedList[]): string {
  const rows = lists.map(({ name, rule, asOf, cidrs }) => [name, rule, asOf, String(cidrs.length)]);
  const table = [["list", "rule", "as of", "networks"], ...rows];
  const widths = [0, 1, 2, 3].map((at) => Math.max(...table.map((row) => (row[at] ?? "").length)));
  return table
    .map((row) => row.map((cell, at) => (at === 3 ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0))))
    .map((row) => row.join("  "))
    .join("\n");
}
