import { closingQuote } from "../closing-quote.ts";
import type { Fields } from "./object-fields.ts";

/**
 * Reads what is whole of a JSON object that is cut or damaged: every pair of a key and a value that both ended, also
 * within objects that did not end. Takes time in proportion to the text's length.
 */
export function salvageJson(text: string): Fields {
  const root = newObject();
  const state: State = { open: [{ container: root, key: null }], hasBegun: false, root };
  let at = startOf(text);
  while (at < text.length) {
    const char = text[at] as string;
    if (char === '"') {
      const end = closingQuote(text, at + 1);
      if (end === -1) break;
      takeString(state, text.slice(at, end + 1), /^\s{0,8}:/.test(text.slice(end + 1, end + 10)));
      at = end + 1;
    } else if (WORD.test(char)) {
      const end = endOfWord(text, at);
      // A number that nothing ends may have lost digits.
      if (end < text.length) takeWord(state, text.slice(at, end));
      at = end;
    } else {
      if (char === "{" || char === "[") openContainer(state, char);
      else if (char === "}" || char === "]") state.open.splice(Math.max(1, state.open.length - 1));
      at += 1;
    }
  }
  return root as Fields;
}

type Container = Record<string, unknown> | unknown[];

interface State {
  readonly open: { readonly container: Container; key: string | null }[];
  /** Whether the brace of the whole object is behind. */
  hasBegun: boolean;
  readonly root: Container;
}

const WORD = /[-+.\w]/;
const NUMBER = /^-?\d{1,30}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?$/;
const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** Where the line's beginning is lost, from the next key on, lest what is within quotes be taken for what is between. */
function startOf(text: string): number {
  return /^\s*["{[]/.test(text) ? 0 : text.indexOf(',"') + 1;
}

function endOfWord(text: string, from: number): number {
  let end = from;
  while (end < text.length && WORD.test(text[end] as string)) end += 1;
  return end;
}

function takeString(state: State, literal: string, isKey: boolean): void {
  const value = textOfLiteral(literal);
  const frame = state.open.at(-1);
  if (value === null || frame === undefined) return;
  if (isKey && !Array.isArray(frame.container)) frame.key = value;
  else put(state, value);
}

function takeWord(state: State, word: string): void {
  if (CONSTANTS.has(word)) put(state, CONSTANTS.get(word));
  else if (NUMBER.test(word)) put(state, Number(word));
}

function openContainer(state: State, bracket: "{" | "["): void {
  if (!state.hasBegun) {
    state.hasBegun = true;
    const isOfWhole = state.open[0]?.key === null && Object.keys(state.root).length === 0;
    if (bracket === "{" && isOfWhole) return;
  }
  const container: Container = bracket === "{" ? newObject() : [];
  put(state, container);
  state.open.push({ container, key: null });
}

function put({ open }: State, value: unknown): void {
  const frame = open.at(-1);
  if (frame === undefined) return;
  if (Array.isArray(frame.container)) frame.container.push(value);
  else if (frame.key !== null) frame.container[frame.key] = value;
  frame.key = null;
}

/** Without a prototype, so that `__proto__` is a key as any other. */
function newObject(): Record<string, unknown> {
  return Object.create(null);
}

function textOfLiteral(literal: string): string | null {
  if (!literal.includes("\\")) return literal.slice(1, -1);
  try {
    return JSON.parse(literal);
  } catch {
    return null;
  }
}
