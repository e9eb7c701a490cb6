/**
 * Writes what is made from the registries of commands and of formats: slack-manifest.json and the README's tables. With
 * `--check` it only looks, and exits with 1 where a file is not as it would be written.
 *
 *   npm run docs [--check]
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { registry } from "../commands/index.ts";
import { formatTable, withFormatTable } from "../src/cli/format-table.ts";
import { commandTable, withCommandTable } from "../src/slack/command-table.ts";
import { manifestOf } from "../src/slack/manifest.ts";

const isCheck = process.argv.includes("--check");
const readme = read("README.md");
const wanted: Readonly<Record<string, string>> = {
  "slack-manifest.json": formatJson(manifestOf(registry)),
  "README.md": withTables(readme),
};

for (const [path, text] of Object.entries(wanted)) {
  if (read(path) === text) continue;
  if (isCheck) {
    process.stderr.write(`${path} is not up to date; run npm run docs\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(new URL(`../${path}`, import.meta.url), text);
    process.stdout.write(`wrote ${path}\n`);
  }
}

function withTables(document: string): string {
  const withCommands = withCommandTable(document, commandTable(registry)) ?? document;
  return withFormatTable(withCommands, formatTable()) ?? withCommands;
}

/** As the formatter would: short lists on one line. */
function formatJson(value: unknown): string {
  const json = JSON.stringify(value, null, 2);
  const lists = /^( *)("[^"]*": )\[\n([^[\]{}]*?)\n *\](,?)$/gm;
  const inline = json.replace(lists, (whole, indent: string, key: string, items: string, comma: string) => {
    const line = `${indent}${key}[${items.replace(/\s*\n\s*/g, " ").trim()}]${comma}`;
    return line.length <= 120 ? line : whole;
  });
  return `${inline}\n`;
}

function read(path: string): string {
  const url = new URL(`../${path}`, import.meta.url);
  return existsSync(url) ? readFileSync(url, "utf8") : "";
}
