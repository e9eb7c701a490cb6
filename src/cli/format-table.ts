import { replaceMarkedPart } from "../domain/marked-part.ts";
import { allFormatFacts } from "../logs/formats/format-facts.ts";
import { lacksText } from "./formats.ts";

/** The README's table of formats, as Markdown. */
export function formatTable(): string {
  const rows = allFormatFacts().map((facts) => [
    `\`${facts.name}\``,
    facts.title,
    facts.clock,
    facts.packings.join(", "),
    lacksText(facts),
  ]);
  const head = ["format", "what it is", "its time", "packed", "never tells"];
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => (cells[0] === "---" ? `|${cells.join("|")}|` : `| ${cells.join(" | ").trimEnd()} |`))
    .join("\n");
}

/** Puts the table between its markers; null where the document has none. */
export function withFormatTable(document: string, table: string): string | null {
  return replaceMarkedPart(document, "formats", table);
}
