/**
 * A small grammar for what follows a command's name. Words without a keyword are told apart by what they look like,
 * so their order does not matter; a keyword (`for`, `only`, `because`) says what comes next. The usage that help
 * shows is made from the same description.
 */
import { missing, tooMany, unknownWord, wrongAfterKeyword } from "./argument-errors.ts";
import type { Slot } from "./argument-slots.ts";
import type { ArgumentSchema } from "./command.ts";
import { type Token, tokenise } from "./tokens.ts";

type Slots<Context> = Readonly<Record<string, Slot<unknown, Context>>>;
type Values<Spec> = { readonly [Key in keyof Spec]: Spec[Key] extends Slot<infer Value, never> ? Value : never };
/** Slots of any context: their own types say which one, and a narrower bound would hide it. */
type AnySlots = Readonly<Record<string, { readonly kind: object }>>;
/** What all slots together need to read their words. */
type ContextOf<Spec> = Spec[keyof Spec] extends {
  readonly kind: { readonly expects: (context: infer Context) => string };
}
  ? Context
  : never;

/**
 * Makes the argument schema of one command. `parse` throws a `UserError` that names the word, what may stand there,
 * and the nearest word that would do.
 */
export function grammar<Spec extends AnySlots>(
  command: string,
  spec: Spec,
): ArgumentSchema<Values<Spec>, ContextOf<Spec>> {
  const slots = spec as unknown as Slots<ContextOf<Spec>>;
  const usage = Object.values(slots).map(slotUsage).join(" ");
  const line = `/${command} ${usage}`.trim();
  return {
    usage,
    parse: (text, context) => {
      const read = readAll(tokenise(text), slots, context, line);
      const entries = Object.entries(slots).map(([key, one]) => {
        const values = read.get(key) ?? [];
        if (one.isRequired && values.length === 0) throw missing(one, context, line);
        return [key, one.finish(values)];
      });
      return Object.fromEntries(entries) as Values<Spec>;
    },
  };
}

function slotUsage<Context>({ keyword, kind, takes, isRequired }: Slot<unknown, Context>): string {
  const name = takes === "many" && keyword === null ? `${kind.name}…` : kind.name;
  const whole = keyword === null ? name : `${keyword} ${name}`;
  return isRequired ? whole : `[${whole}]`;
}

function readAll<Context>(
  tokens: readonly Token[],
  spec: Slots<Context>,
  context: Context,
  line: string,
): ReadonlyMap<string, readonly unknown[]> {
  const slots = Object.entries(spec);
  const read = new Map<string, unknown[]>();
  const put = (key: string, value: unknown) => read.set(key, [...(read.get(key) ?? []), value]);
  const keywordAt = (index: number) => {
    const token = tokens[index];
    return token === undefined || token.isQuoted
      ? undefined
      : slots.find(([, one]) => one.keyword !== null && one.keyword === token.text.toLowerCase());
  };

  let index = 0;
  while (index < tokens.length) {
    const keyword = keywordAt(index);
    if (keyword !== undefined) {
      index = readAfterKeyword(index + 1, keyword);
      continue;
    }
    const taken = positional(index);
    if (taken === null) throw unknownWord(tokens[index]?.text ?? "", slots, context, line);
    put(taken.key, taken.value);
    index += taken.words;
  }
  return read;

  function readAfterKeyword(start: number, [key, one]: readonly [string, Slot<unknown, Context>]): number {
    if (one.takes === "rest") {
      for (const token of tokens.slice(start)) put(key, token.text);
      return tokens.length;
    }
    let at = start;
    do {
      const value = readAt(one, at);
      if (value === null) {
        if (at > start) break;
        throw wrongAfterKeyword(one, tokens[at]?.text ?? null, context, line);
      }
      if (one.takes === "one" && read.has(key)) throw tooMany(one, line);
      put(key, value.value);
      at += value.words;
    } while (one.takes === "many" && at < tokens.length && keywordAt(at) === undefined);
    return at;
  }

  function positional(at: number): { key: string; value: unknown; words: number } | null {
    let full: Slot<unknown, Context> | null = null;
    for (const [key, one] of slots) {
      if (one.keyword !== null) continue;
      const value = one.takes === "rest" ? { value: tokens[at]?.text, words: 1 } : readAt(one, at);
      if (value === null) continue;
      if (one.takes !== "one" || !read.has(key)) return { key, ...value };
      full = one;
    }
    if (full !== null) throw tooMany(full, line);
    return null;
  }

  /** One word, or two that belong together, such as "30 minutes". */
  function readAt({ kind }: Slot<unknown, Context>, at: number): { value: unknown; words: number } | null {
    const word = tokens[at];
    if (word === undefined) return null;
    const value = kind.read(word.text, context);
    if (value !== null) return { value, words: 1 };
    const next = tokens[at + 1];
    if (next === undefined || keywordAt(at + 1) !== undefined) return null;
    const both = kind.read(`${word.text} ${next.text}`, context);
    return both === null ? null : { value: both, words: 2 };
  }
}
