/** A word as typed, or what stood between quotes. */
export interface Token {
  readonly text: string;
  /** Quoted words are never keywords. */
  readonly isQuoted: boolean;
}

const TOKEN = /(?:[^\s"“”]+|["“”][^"“”]*["“”]?)+/gu;

/** Parts what somebody typed into words; quotes, also the curly ones of phones, keep several together. */
export function tokenise(text: string): readonly Token[] {
  return Array.from(text.matchAll(TOKEN), ([whole]) => ({
    text: whole.replace(/["“”]/gu, ""),
    isQuoted: /^["“”]/u.test(whole),
  })).filter(({ text: word }) => word !== "");
}
