/**
 * A command is data: its name, its words, what it takes and who carries it out.
 * `help`, the Slack manifest and the README's table are made from the registry,
 * so they cannot drift from the code.
 */

/** Somebody typed a command, or the same words to the bot in a thread. */
export interface Invocation {
  readonly userId: string;
  readonly userName: string;
  readonly channelId: string;
  /** Set where the words were said in a thread. */
  readonly threadTs: string | null;
  /** What follows the command's name, as typed. */
  readonly text: string;
  /** For opening a modal, within 3 s; null where there was none. */
  readonly triggerId: string | null;
}

/**
 * What a command takes.
 *
 * `parse` turns the typed text into arguments, or throws a `UserError` that
 * says what was given and what is allowed.
 */
export interface ArgumentSchema<Args, Context> {
  /** For people: `[service] [window]`. */
  readonly usage: string;
  parse(text: string, context: Context): Args;
}

export interface SlashCommand<Context> {
  /** Without the slash. */
  readonly name: string;
  /** What it does, in the third person: "investigates a service's traffic". */
  readonly summary: string;
  /** Every form of it, without the slash: "spike [service] [window]". */
  readonly usage: readonly string[];
  /** Whole lines that work as typed. */
  readonly examples: readonly string[];
  /** Parses and carries out; called after the acknowledgement. */
  run(invocation: Invocation, context: Context): Promise<void>;
}

/** Types a command where it is defined: the handler gets what the schema parses. */
export function defineCommand<Context, Args>(command: {
  readonly name: string;
  readonly summary: string;
  readonly examples: readonly string[];
  readonly args: ArgumentSchema<Args, Context>;
  handle(args: Args, invocation: Invocation, context: Context): Promise<void>;
}): SlashCommand<Context> {
  return {
    name: command.name,
    summary: command.summary,
    usage: command.args.usage.split("\n").map((line) => `${command.name} ${line}`.trim()),
    examples: command.examples,
    run: async (invocation, context) =>
      command.handle(command.args.parse(invocation.text, context), invocation, context),
  };
}

/** A click on a button, or a choice in a select, of a message. */
export interface Click {
  readonly actionId: string;
  /** The button's value or the option chosen. */
  readonly value: string;
  readonly userId: string;
  readonly userName: string;
  readonly channelId: string;
  /** The message clicked on, and its thread. */
  readonly messageTs: string;
  readonly threadTs: string | null;
  readonly triggerId: string;
}

export interface ButtonHandler<Context> {
  /** The `action_id` it answers. */
  readonly actionId: string;
  run(click: Click, context: Context): Promise<void>;
}

/** A modal was sent. */
export interface Submission {
  readonly callbackId: string;
  readonly userId: string;
  readonly userName: string;
  /** `block_id` → what was entered or chosen; null where nothing was. */
  readonly values: Readonly<Record<string, string | null>>;
  readonly privateMetadata: string;
}

export interface ModalHandler<Context> {
  readonly callbackId: string;
  /** Checks at once, within 3 s, without I/O; a non-empty answer is shown beside the fields. */
  check(submission: Submission, context: Context): Readonly<Record<string, string>>;
  /** Called after the acknowledgement. */
  run(submission: Submission, context: Context): Promise<void>;
}

/** A message that somebody reacted to or picked a shortcut on. */
export interface MessageReference {
  readonly userId: string;
  readonly userName: string;
  readonly channelId: string;
  readonly messageTs: string;
  readonly threadTs: string | null;
  readonly triggerId: string | null;
}

export interface ShortcutHandler<Context> {
  readonly callbackId: string;
  readonly title: string;
  readonly summary: string;
  run(
    message: MessageReference & { readonly text: string; readonly authorId: string },
    context: Context,
  ): Promise<void>;
}

export interface ReactionHandler<Context> {
  /** Without colons. */
  readonly reaction: string;
  added(message: MessageReference, context: Context): Promise<void>;
  removed(message: MessageReference, context: Context): Promise<void>;
}

/** Everything that Slack can call. */
export interface Registry<Context> {
  readonly commands: readonly SlashCommand<Context>[];
  readonly buttons: readonly ButtonHandler<Context>[];
  readonly modals: readonly ModalHandler<Context>[];
  readonly shortcuts: readonly ShortcutHandler<Context>[];
  readonly reactions: readonly ReactionHandler<Context>[];
  /** Blocks of the App Home for one person. */
  home(userId: string, context: Context): Promise<readonly object[]>;
}
