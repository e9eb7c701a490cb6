import { UserError } from "../errors.ts";
import type { ArgumentSchema } from "./command.ts";
import { cut } from "./escape.ts";
import { nearest } from "./nearest.ts";

/** Several forms of one command, told apart by their first word: `/incident note …`, `/incident resolve`. */
export function subcommands<Context, Forms extends Readonly<Record<string, ArgumentSchema<unknown, Context>>>>(
  command: string,
  forms: Forms,
): ArgumentSchema<OneOf<Forms>, Context> {
  const names = Object.keys(forms);
  return {
    usage: names.map((name) => `${name} ${forms[name]?.usage ?? ""}`.trim()).join("\n"),
    parse: (text, context) => {
      const [, word = "", rest = ""] = /^\s*(\S*)\s*([\s\S]*)$/u.exec(text) ?? [];
      const form = Object.hasOwn(forms, word.toLowerCase()) ? forms[word.toLowerCase()] : undefined;
      if (form === undefined) throw unknownForm(command, word, names);
      return { form: word.toLowerCase(), args: form.parse(rest, context) } as OneOf<Forms>;
    },
  };
}

type OneOf<Forms> = {
  readonly [Name in keyof Forms]: {
    readonly form: Name;
    readonly args: Forms[Name] extends ArgumentSchema<infer Args, never> ? Args : never;
  };
}[keyof Forms];

function unknownForm(command: string, word: string, names: readonly string[]): UserError {
  const meant = nearest(word, names);
  const given = word === "" ? `\`/${command}\` needs a word after it` : `"${cut(word, 100)}" is not understood`;
  const suggestion = meant === null ? "" : ` Did you mean \`/${command} ${meant}\`?`;
  return new UserError("subcommand-unknown", `${given}: expected one of ${names.join(", ")}.${suggestion}`);
}
