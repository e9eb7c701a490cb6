/** Control characters, separators of lines, and what hides or turns text around. */
const UNSHOWABLE = /[\p{Cc}\p{Cs}\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;
const ZERO_WIDTH_SPACE = "\u200b";

/**
 * Makes text from outside safe within a line or a table cell of Markdown: it cannot format, link, mention, break
 * the table or bring in HTML. Line breaks become spaces.
 *
 * @example
 * escapeMarkdown("*hi* <b> @here | x");  // "\*hi\* &lt;b&gt; @<zero width space>here \| x"
 */
export function escapeMarkdown(text: string, maxChars = 1_000): string {
  return (
    oneLine(text, maxChars)
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replace(/[\\`*_[\]#|~!$]/g, "\\$&")
      .replace(/^(\d+)([.)])(?=\s|$)/, "$1\\$2")
      .replace(/^[-+=]/, "\\$&")
      .replaceAll("://", ":\\/\\/")
      .replace(/\bwww\./gi, "www\\.")
      // Escaped or not, a mention notifies; what cannot be seen between the two stops it.
      .replace(/@(?=\S)/g, `@${ZERO_WIDTH_SPACE}`)
  );
}

/**
 * Shows a value from outside exactly as it is, as code, which Markdown neither formats, links nor notifies about.
 * Not for table cells: a bar ends the cell even within code.
 */
export function codeSpan(text: string, maxChars = 300): string {
  const shown = oneLine(text, maxChars);
  if (shown === "") return "(empty)";
  const longestRun = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longestRun + 1);
  const padding = longestRun > 0 ? " " : "";
  return `${fence}${padding}${shown}${padding}${fence}`;
}

/** Links to an https address that we were given; the label alone where it is none. The label is Markdown already. */
export function link(label: string, url: string | null): string {
  if (url === null || !/^https:\/\/[\w.~:/?#@!$&*+,;=%-]+$/.test(url)) return label;
  return `[${label}](${url})`;
}

function oneLine(text: string, maxChars: number): string {
  const flat = text
    .slice(0, maxChars * 4)
    .replace(/\s+/gu, " ")
    .replace(UNSHOWABLE, "\ufffd")
    .trim();
  const points = Array.from(flat);
  return points.length > maxChars ? `${points.slice(0, maxChars - 1).join("")}…` : flat;
}
