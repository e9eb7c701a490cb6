import { replaceMarkedPart } from "../domain/marked-part.ts";
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

/** Puts the table between its markers; null where the document has none. */
export function withCommandTable(document: string, table: string): string | null {
  return replaceMarkedPart(document, "commands", table);
}
