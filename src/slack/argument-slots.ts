/** What a grammar is made of: sorts of words, and the places where they go. */

/** One sort of word: how it is recognised, and what people are told may stand there. */
export interface WordKind<Value, Context> {
  /** In a usage: "service". */
  readonly name: string;
  /** In a sentence: "a window such as 30m". */
  readonly expects: (context: Context) => string;
  /** Words that may stand there, for suggestions. */
  readonly known?: (context: Context) => readonly string[];
  /**
   * Gives null for what is another sort of word.
   * @throws {UserError} for what is clearly meant to be this, and is wrong
   */
  read(word: string, context: Context): Value | null;
}

/** Where words go: how many, after which keyword, and what they make together. */
export interface Slot<Value, Context> {
  readonly kind: WordKind<unknown, Context>;
  readonly keyword: string | null;
  readonly takes: "one" | "many" | "rest";
  readonly isRequired: boolean;
  finish(values: readonly unknown[]): Value;
}

export function required<Value, Context>(kind: WordKind<Value, Context>, keyword: string | null = null) {
  return slot<Value, Value, Context>(kind, keyword, "one", true, (values) => values[0] as Value);
}

export function optional<Value, Context>(kind: WordKind<Value, Context>, keyword: string | null = null) {
  return slot<Value, Value | null, Context>(kind, keyword, "one", false, (values) => values[0] ?? null);
}

export function many<Value, Context>(kind: WordKind<Value, Context>, keyword: string | null = null) {
  return slot<Value, readonly Value[], Context>(kind, keyword, "many", false, (values) => values);
}

export function oneOrMore<Value, Context>(kind: WordKind<Value, Context>, keyword: string | null = null) {
  return slot<Value, readonly Value[], Context>(kind, keyword, "many", true, (values) => values);
}

/** All that follows the keyword, or, without one, all that no other slot takes, as typed. */
export function rest<Context>(name: string, options: { keyword: string | null; isRequired: boolean }) {
  const kind: WordKind<string, Context> = { name, expects: () => name, read: (word) => word };
  const join = (values: readonly string[]) => values.join(" ").trim() || null;
  return slot<string, string | null, Context>(kind, options.keyword, "rest", options.isRequired, join);
}

function slot<Word, Value, Context>(
  kind: WordKind<Word, Context>,
  keyword: string | null,
  takes: Slot<Value, Context>["takes"],
  isRequired: boolean,
  finish: (values: readonly Word[]) => Value,
): Slot<Value, Context> {
  return { kind, keyword, takes, isRequired, finish: (values) => finish(values as readonly Word[]) };
}
