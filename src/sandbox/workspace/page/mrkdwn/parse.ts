import { emojiOf } from "./emoji.ts";
import { decodeEntities } from "./entities.ts";
import { parseToken, type Token } from "./token.ts";

/** A piece of a line of Slack's mrkdwn. */
export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "bold" | "italic" | "strike"; readonly children: readonly Inline[] }
  | { readonly kind: "emoji"; readonly name: string; readonly character: string }
  | Token;

/** A part of a message that stands on lines of its own. */
export type Passage =
  | { readonly kind: "lines"; readonly children: readonly Inline[] }
  | { readonly kind: "quote"; readonly children: readonly Inline[] }
  | { readonly kind: "preformatted"; readonly text: string };

const MARKS = { "*": "bold", _: "italic", "~": "strike" } as const;

/**
 * Reads Slack's mrkdwn, which is not Markdown: one sign a style, marks only
 * where words begin and end, `<…>` for everything that refers, and three
 * entities. Nothing that was written is ever dropped.
 *
 * @source https://docs.slack.dev/messaging/formatting-message-text
 */
export function parseMrkdwn(text: string): readonly Passage[] {
  return text.split(/```\n?([\s\S]*?)\n?```\n?/).flatMap((part, index): readonly Passage[] => {
    if (index % 2 === 1) return [{ kind: "preformatted", text: decodeEntities(part) }];
    return part === "" ? [] : parseLines(part);
  });
}

function parseLines(text: string): readonly Passage[] {
  const passages: { kind: "lines" | "quote"; lines: string[] }[] = [];
  for (const line of text.split("\n")) {
    const quoted = line.match(/^(?:&gt;|>) ?(.*)$/)?.[1];
    const kind = quoted === undefined ? "lines" : "quote";
    const last = passages.at(-1);
    if (last?.kind === kind) last.lines.push(quoted ?? line);
    else passages.push({ kind, lines: [quoted ?? line] });
  }
  return passages.map(({ kind, lines }) => ({ kind, children: parseInline(lines.join("\n")) }));
}

/** Reads what stands within a line: code first, then references, then marks, then emoji. */
export function parseInline(text: string): readonly Inline[] {
  const inlines: Inline[] = [];
  let plainFrom = 0;
  let at = 0;
  while (at < text.length) {
    const found = inlineAt(text, at);
    if (found === null) {
      at += 1;
      continue;
    }
    if (at > plainFrom) inlines.push(plain(text.slice(plainFrom, at)));
    inlines.push(found.inline);
    at += found.length;
    plainFrom = at;
  }
  if (plainFrom < text.length) inlines.push(plain(text.slice(plainFrom)));
  return inlines;
}

function inlineAt(text: string, at: number): { readonly inline: Inline; readonly length: number } | null {
  const rest = text.slice(at);
  switch (text[at]) {
    case "`": {
      const code = rest.match(/^`([^`\n]+)`/);
      return code === null ? null : found(code, { kind: "code", text: decodeEntities(code[1] ?? "") });
    }
    case "<": {
      const token = rest.match(/^<([^<>\n]+)>/);
      const inline = token === null ? null : parseToken(token[1] ?? "");
      return token === null || inline === null ? null : found(token, inline);
    }
    case ":": {
      const emoji = rest.match(/^:([a-z0-9_+-]+(?:::skin-tone-[2-6])?):/);
      const character = emojiOf(emoji?.[1] ?? "");
      return emoji === null || character === null
        ? null
        : found(emoji, { kind: "emoji", name: emoji[1] ?? "", character });
    }
    case "*":
    case "_":
    case "~":
      return styledAt(text, at, text[at] as keyof typeof MARKS);
    default:
      return null;
  }
}

/** A mark opens after no letter or digit, and closes before none, with no space inside beside it. */
function styledAt(text: string, at: number, mark: keyof typeof MARKS) {
  if (/[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) return null;
  const sign = mark === "*" ? "\\*" : mark;
  const inside = text
    .slice(at)
    .match(
      new RegExp(`^${sign}((?! )(?:\`[^\`\\n]+\`|<[^<>\\n]+>|[^${sign}\\n])+?(?<! ))${sign}(?![\\p{L}\\p{N}])`, "u"),
    );
  if (inside === null) return null;
  return found(inside, { kind: MARKS[mark], children: parseInline(inside[1] ?? "") });
}

function found(match: RegExpMatchArray, inline: Inline) {
  return { inline, length: match[0].length };
}

function plain(text: string): Inline {
  return { kind: "text", text: decodeEntities(text) };
}
