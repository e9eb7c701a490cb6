import type { Registry } from "./command.ts";
import { ROOT_COMMAND } from "./dispatch.ts";

/** The README's table of commands, as Markdown. */
export function commandTable<Context>(registry: Registry<Context>): string {
  const rows = registry.commands.map(({ usage, summary }) => [
    usage.map((form) => code(`/${form}`)).join("<br>"),
    summary,
  ]);
  rows.push([code(`/${ROOT_COMMAND} help [command]`), "explains the commands"]);
  return ["| command | does |", "|---|---|", ...rows.map((cells) => `| ${cells.join(" | ")} |`)].join("\n");
}

/** A pipe would end the cell, even within code. */
function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

const START = "<!-- commands -->";
const END = "<!-- /commands -->";

/** Puts the table between its markers; null where the document has none. */
export function withCommandTable(document: string, table: string): string | null {
  const start = document.indexOf(START);
  const end = document.indexOf(END);
  if (start === -1 || end < start) return null;
  return `${document.slice(0, start + START.length)}\n${table}\n${document.slice(end)}`;
}
