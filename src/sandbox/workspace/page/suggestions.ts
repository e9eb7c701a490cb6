import type { Offers } from "../manifest.ts";
import type { WorkspaceState } from "../state/workspace-state.ts";

/** Something to complete what is being typed. */
export interface Suggestion {
  readonly id: string;
  readonly title: string;
  /** Grey, beside the title. */
  readonly usage: string;
  readonly description: string;
  /** Whose picture stands beside it; null where none does. */
  readonly authorId: string | null;
  /** What the line becomes, up to the cursor. */
  readonly completion: string;
}

/**
 * What fits the text before the cursor: commands where it begins with a slash
 * and has no space yet, people and channels where its last word begins with @ or #.
 */
export function suggest(
  beforeCursor: string,
  context: { readonly offers: Offers; readonly state: WorkspaceState; readonly isInThread: boolean },
): readonly Suggestion[] {
  const { offers, state } = context;
  // Slack knows no slash commands in threads.
  if (/^\/\S*$/.test(beforeCursor)) return context.isInThread ? [] : commands(beforeCursor, offers, state);
  const [, start = "", sign = "", word = ""] = beforeCursor.match(/^([\s\S]*(?:^|\s))([@#])([\p{L}\p{N}_-]*)$/u) ?? [];
  if (sign === "@") return people(start, word, state);
  return sign === "#" ? channels(start, word, state) : [];
}

function commands(typed: string, offers: Offers, state: WorkspaceState): readonly Suggestion[] {
  return offers.commands
    .filter(({ command }) => command.startsWith(typed.toLowerCase()))
    .map(({ command, usageHint, description }) => ({
      id: command,
      title: command,
      usage: usageHint,
      description,
      authorId: state.app.userId,
      completion: `${command} `,
    }));
}

function people(start: string, word: string, state: WorkspaceState): readonly Suggestion[] {
  const members = [
    { id: state.app.userId, name: state.app.name, description: "App" },
    ...state.people.map(({ id, realName }) => ({ id, name: realName, description: "" })),
  ];
  return members
    .filter(({ name }) => name.toLowerCase().startsWith(word.toLowerCase()))
    .map(({ id, name, description }) => ({
      id,
      title: name,
      usage: "",
      description,
      authorId: id,
      completion: `${start}@${name} `,
    }));
}

function channels(start: string, word: string, state: WorkspaceState): readonly Suggestion[] {
  return state.channels
    .filter(({ kind, name }) => kind === "channel" && name.startsWith(word.toLowerCase()))
    .map(({ id, name, topic }) => ({
      id,
      title: `#${name}`,
      usage: "",
      description: topic,
      authorId: null,
      completion: `${start}#${name} `,
    }));
}
