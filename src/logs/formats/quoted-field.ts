/** A quoted field and what follows it. */
export interface QuotedField {
  /** As logged: escapes are left as they are. */
  readonly text: string;
  /** After the closing quote. */
  readonly rest: string;
}

/**
 * Reads one quoted field from the start of a text, or a bare `-` that stands for one.
 *
 * A field ends at a quote that a blank or the line's end follows and no backslash precedes. Where servers do not
 * escape quotes, `mayEnd` says whether what would follow fits; the first end that fits is taken.
 */
export function takeQuoted(text: string, mayEnd: (rest: string) => boolean = () => true): QuotedField | null {
  const start = text.trimStart();
  if (!start.startsWith('"')) {
    const bare = /^(\S+)(.*)$/s.exec(start);
    return bare?.[1] === "-" ? { text: "-", rest: bare[2] ?? "" } : null;
  }
  return findEnd(start, mayEnd, false) ?? findEnd(start, mayEnd, true);
}

/** Gives null for `-` and for an empty field: the log has no value there. */
export function knownOrNull(text: string | undefined): string | null {
  return text === undefined || text === "-" || text === "" ? null : text;
}

/** Gives null for what is no plain whole number, such as `-` and `-1`. */
export function wholeOrNull(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function findEnd(start: string, mayEnd: (rest: string) => boolean, allowEscaped: boolean): QuotedField | null {
  for (let end = start.indexOf('"', 1); end !== -1; end = start.indexOf('"', end + 1)) {
    const next = start[end + 1];
    if (next !== undefined && next !== " ") continue;
    if (!allowEscaped && isEscaped(start, end)) continue;
    const rest = start.slice(end + 1);
    if (mayEnd(rest)) return { text: start.slice(1, end), rest };
  }
  return null;
}

function isEscaped(text: string, index: number): boolean {
  let backslashes = 0;
  while (text[index - 1 - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 1;
}
