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
 * A field ends at a quote that a blank or the line's end follows and, if that can be had, no backslash precedes.
 * Since not every server escapes quotes, `fits` says whether what would follow looks right; the first end that fits
 * is taken, and there is none where none fits.
 */
export function takeQuoted(text: string, fits: (rest: string) => boolean): QuotedField | null {
  const start = text.trimStart();
  if (!start.startsWith('"')) {
    const bare = /^(\S+)(.*)$/s.exec(start);
    return bare?.[1] === "-" ? { text: "-", rest: bare[2] ?? "" } : null;
  }
  return findEnd(start, fits, false) ?? findEnd(start, fits, true);
}

/** The same, but takes the first end of all where none fits, as in a line that is cut. */
export function takeQuotedAnyhow(text: string, fits: (rest: string) => boolean): QuotedField | null {
  return takeQuoted(text, fits) ?? takeQuoted(text, () => true);
}

/** Gives null for `-` and for an empty field: the log has no value there. */
export function knownOrNull(text: string | undefined): string | null {
  return text === undefined || text === "-" || text === "" ? null : text;
}

/** Gives null for what is no plain whole number, such as `-` and `-1`. */
export function wholeOrNull(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** Whoever sends thousands of quotes wants the reader to be busy with them. */
const MAX_ENDS = 64;

function findEnd(start: string, fits: (rest: string) => boolean, allowEscaped: boolean): QuotedField | null {
  let looked = 0;
  for (let end = start.indexOf('"', 1); end !== -1 && looked < MAX_ENDS; end = start.indexOf('"', end + 1)) {
    const next = start[end + 1];
    if (next !== undefined && next !== " ") continue;
    if (!allowEscaped && isEscaped(start, end)) continue;
    looked += 1;
    const rest = start.slice(end + 1);
    if (fits(rest)) return { text: start.slice(1, end), rest };
  }
  return null;
}

function isEscaped(text: string, index: number): boolean {
  let backslashes = 0;
  while (text[index - 1 - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 1;
}
