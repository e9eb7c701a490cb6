/** A word of a configuration file, without its quotes. */
const WORD = /"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([^\s;"']+)/gs;
const CONTROLS: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/** Parts a line of a configuration file into its words, as nginx and Apache do: quotes keep blanks together. */
export function directiveWords(directive: string): readonly string[] {
  return [...directive.matchAll(WORD)].map(([, double, single, bare]) => unquote(double ?? single ?? bare ?? ""));
}

/** Gives what a text in quotes means to the server. */
export function unquote(text: string): string {
  return text.replace(/\\(["'\\nrt])/g, (_escape, character: string) => CONTROLS[character] ?? character);
}
