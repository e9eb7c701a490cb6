/** What people are told whose words a grammar does not take: what was given, what is allowed, how it is written. */
import { UserError } from "../errors.ts";
import type { Slot } from "./argument-slots.ts";
import { cut } from "./escape.ts";
import { nearest } from "./nearest.ts";

/** Of a word that is not understood; who typed more sees by its beginning which one is meant. */
const MAX_SHOWN_CHARS = 100;

export function unknownWord<Context>(
  word: string,
  slots: readonly (readonly [string, Slot<unknown, Context>])[],
  context: Context,
  line: string,
): UserError {
  const candidates = slots.flatMap(([, one]) =>
    one.keyword === null ? (one.kind.known?.(context) ?? []) : [one.keyword],
  );
  const meant = nearest(word, candidates);
  const expected = slots.filter(([, one]) => one.keyword === null).map(([, one]) => one.kind.expects(context));
  const allowed = expected.length === 0 ? "no word may stand there" : `expected ${expected.join("; or ")}`;
  const suggestion = meant === null ? "" : ` Did you mean \`${meant}\`?`;
  return new UserError(
    "word-unknown",
    `"${cut(word, MAX_SHOWN_CHARS)}" is not understood: ${allowed}.${suggestion} Usage: \`${line}\``,
  );
}

export function wrongAfterKeyword<Context>(
  { keyword, kind }: Slot<unknown, Context>,
  word: string | null,
  context: Context,
  line: string,
): UserError {
  const given = word === null ? "nothing follows it" : `"${cut(word, MAX_SHOWN_CHARS)}" is none`;
  return new UserError(
    "word-unknown",
    `After \`${keyword}\` comes ${kind.expects(context)}; ${given}. Usage: \`${line}\``,
  );
}

export function tooMany<Context>({ kind, keyword }: Slot<unknown, Context>, line: string): UserError {
  return new UserError("word-repeated", `Only one ${keyword ?? kind.name} is allowed. Usage: \`${line}\``);
}

export function missing<Context>({ kind, keyword }: Slot<unknown, Context>, context: Context, line: string): UserError {
  const what = keyword === null ? kind.expects(context) : `\`${keyword} ${kind.name}\``;
  return new UserError("word-missing", `${capitalise(what)} is missing. Usage: \`${line}\``);
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
