import { UserError } from "../errors.ts";
import type { Message } from "../ports/messenger.ts";
import type { Invocation, Registry, SlashCommand } from "./command.ts";
import { cut } from "./escape.ts";
import { nearest } from "./nearest.ts";
import { helpMessage } from "./views/help.ts";

/** The one command that takes all the others as words; Slack's list of commands shows it beside them. */
export const ROOT_COMMAND = "spillway";

/**
 * Carries out what follows a slash command's name, or what was said to the bot: `help` anywhere, `/spillway spike web`
 * as `/spike web`.
 *
 * @throws {UserError} `command-unknown`, with the nearest command
 */
export async function dispatch<Context>(
  spoken: { readonly command: string; readonly invocation: Invocation; tell(message: Message): Promise<void> },
  registry: Registry<Context>,
  context: Context,
): Promise<void> {
  const { invocation, tell } = spoken;
  if (spoken.command === ROOT_COMMAND) {
    const [, word = "", rest = ""] = /^\s*\/?(\S*)\s*([\s\S]*)$/u.exec(invocation.text) ?? [];
    if (word === "") return tell(helpMessage(registry));
    if (isHelp(word)) return tell(helpAbout(rest.trim(), registry));
    return dispatch(
      { command: word.toLowerCase(), invocation: { ...invocation, text: rest }, tell },
      registry,
      context,
    );
  }
  const command = find(spoken.command, registry);
  if (command === undefined) throw unknownCommand(spoken.command, registry);
  if (isHelp(invocation.text.trim())) return tell(helpMessage(registry, command));
  return command.run(invocation, context);
}

/** Help about one command, or about all where none is named. */
function helpAbout<Context>(words: string, registry: Registry<Context>): Message {
  const [name = ""] = words.split(/\s+/);
  const command = find(name, registry);
  if (command === undefined && name !== "" && !isHelp(name)) throw unknownCommand(name, registry);
  return helpMessage(registry, command);
}

function isHelp(word: string): boolean {
  return /^(help|\?|-h|--help)$/i.test(word);
}

function find<Context>(name: string, registry: Registry<Context>): SlashCommand<Context> | undefined {
  return registry.commands.find((command) => command.name === name.replace(/^\//, "").toLowerCase());
}

function unknownCommand<Context>(word: string, registry: Registry<Context>): UserError {
  const names = registry.commands.map(({ name }) => name);
  const meant = nearest(word, [...names, "help"]);
  const suggestion =
    meant === null ? `There are ${names.map((name) => `\`${name}\``).join(", ")}.` : `Did you mean \`${meant}\`?`;
  return new UserError(
    "command-unknown",
    `"${cut(word, 100)}" is no command. ${suggestion} \`/${ROOT_COMMAND} help\` explains them.`,
  );
}
