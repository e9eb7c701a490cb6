import type { KnownBlock } from "@slack/types";
import type { Message } from "../../ports/messenger.ts";
import { context, section } from "../block-kit.ts";
import type { Registry, SlashCommand } from "../command.ts";
import { code } from "../escape.ts";

/** Every command with its forms, or one of them with its examples too. */
export function helpMessage<Context>(registry: Registry<Context>, only?: SlashCommand<Context>): Message {
  return only === undefined ? wholeHelp(registry) : commandHelp(only);
}

function wholeHelp<Context>(registry: Registry<Context>): Message {
  const text = "What Spillway does";
  const shortcuts = registry.shortcuts.map((shortcut) => `“${shortcut.title}” ${shortcut.summary}`);
  const reactions = registry.reactions.map(({ reaction }) => `:${reaction}:`);
  return {
    text,
    blocks: [
      section(`*${text}*`),
      ...registry.commands.map((command) => section(commandLines(command))),
      ...(shortcuts.length === 0 ? [] : [context(`On a message, under More actions: ${shortcuts.join("; ")}.`)]),
      ...(reactions.length === 0
        ? []
        : [
            context(
              `React with ${reactions.join(" or ")} to put a message on the timeline; take it back to remove it.`,
            ),
          ]),
      context("In threads, where Slack allows no slash command, say the same words to me: `@Spillway spike web 30m`."),
    ] satisfies KnownBlock[],
  };
}

function commandLines<Context>(command: SlashCommand<Context>): string {
  return `${command.usage.map((form) => code(`/${form}`, 200)).join("\n")}\n${command.summary}`;
}

function commandHelp<Context>(command: SlashCommand<Context>): Message {
  const text = `/${command.name} ${command.summary}`;
  return {
    text,
    blocks: [
      section(
        `*/${command.name}* ${command.summary}\n${command.usage.map((form) => code(`/${form}`, 200)).join("\n")}`,
      ),
      context(`For example: ${command.examples.map((line) => code(line, 200)).join(", ")}`),
    ] satisfies KnownBlock[],
  };
}
