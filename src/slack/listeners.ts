/** One listener a kind of delivery: acknowledge at once, then let the registry's handler run. */
import type { App, BlockAction, MessageShortcut, ViewSubmitAction } from "@slack/bolt";
import type { KnownBlock, ReactionAddedEvent, ReactionRemovedEvent } from "@slack/types";
import { UserError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Message } from "../ports/messenger.ts";
import type { createAnswerer } from "./answer.ts";
import { failureOf } from "./answer.ts";
import { fitBlocks } from "./budget.ts";
import type { ModalHandler, Registry, Submission } from "./command.ts";
import { dispatch, ROOT_COMMAND } from "./dispatch.ts";
import { readOrigin } from "./origin.ts";
import {
  clickOf,
  invocationOf,
  invocationOfMention,
  reactedMessageOf,
  shortcutMessageOf,
  submissionOf,
} from "./payloads.ts";
import type { AskedAt } from "./teller.ts";
import type { WebApi } from "./web-api.ts";

export interface Parts<Context> {
  readonly registry: Registry<Context>;
  readonly context: Context;
  readonly log: Log;
  readonly api: WebApi;
  readonly newErrorId: () => string;
  readonly answer: ReturnType<typeof createAnswerer>;
  tell(at: AskedAt, message: Message): Promise<void>;
}

const ANY = /.*/;

export function listen<Context>(app: App, parts: Parts<Context>): void {
  const { registry, context, answer } = parts;

  app.command(ANY, async ({ command, ack }) => {
    await ack();
    const invocation = invocationOf(command);
    const name = command.command.replace(/^\//, "").toLowerCase();
    const tell = tellAt(parts, { ...invocation, responseUrl: command.response_url ?? null });
    await answer({ key: command.trigger_id, what: `/${name}`, tell }, () =>
      dispatch({ command: name, invocation, tell }, registry, context),
    );
  });

  app.event("app_mention", async ({ event, body }) => {
    if (event.bot_id !== undefined || event.user === undefined) return;
    const invocation = invocationOfMention(event);
    const tell = tellAt(parts, { ...invocation, responseUrl: null });
    await answer({ key: body.event_id, what: "mention", tell }, () =>
      dispatch({ command: ROOT_COMMAND, invocation, tell }, registry, context),
    );
  });

  app.action<BlockAction>({ type: "block_actions" }, async ({ body, ack }) => {
    await ack();
    const click = clickOf(body);
    const tell = tellAt(parts, { ...click, responseUrl: body.response_url ?? null });
    await answer({ key: body.trigger_id, what: `button ${click.actionId}`, tell }, async () => {
      const button = registry.buttons.find(({ actionId }) => actionId === click.actionId);
      if (button === undefined) throw outdated("button");
      await button.run(click, context);
    });
  });

  app.shortcut<MessageShortcut>({ type: "message_action" }, async ({ body, ack }) => {
    await ack();
    const message = shortcutMessageOf(body);
    const tell = tellAt(parts, { ...message, responseUrl: body.response_url ?? null });
    await answer({ key: body.trigger_id, what: `shortcut ${body.callback_id}`, tell }, async () => {
      const shortcut = registry.shortcuts.find(({ callbackId }) => callbackId === body.callback_id);
      if (shortcut === undefined) throw outdated("shortcut");
      await shortcut.run(message, context);
    });
  });

  app.view<ViewSubmitAction>({ type: "view_submission" }, async ({ body, ack }) => {
    const submission = submissionOf(body);
    const modal = registry.modals.find(({ callbackId }) => callbackId === submission.callbackId);
    const errors = modal === undefined ? {} : fieldErrors(modal, submission, parts);
    if (Object.keys(errors).length > 0) {
      await ack({ response_action: "errors", errors: { ...errors } });
      return;
    }
    await ack();
    const origin = readOrigin(submission.privateMetadata);
    const at = { channelId: origin?.channelId ?? null, threadTs: origin?.threadTs ?? null };
    const tell = tellAt(parts, { ...at, userId: submission.userId, responseUrl: null });
    await answer({ key: body.trigger_id, what: `modal ${submission.callbackId}`, tell }, async () => {
      if (modal === undefined) throw outdated("form");
      await modal.run(submission, context);
    });
  });

  app.event("reaction_added", ({ event, body }) => onReaction("added", event, body.event_id, parts));
  app.event("reaction_removed", ({ event, body }) => onReaction("removed", event, body.event_id, parts));

  app.event("app_home_opened", async ({ event, body }) => {
    if (event.tab !== "home") return;
    const publish = async (blocks: readonly object[]) => {
      const fitted = fitBlocks(blocks as readonly KnownBlock[], MAX_HOME_BLOCKS);
      await parts.api.call("views.publish", { user_id: event.user, view: { type: "home", blocks: fitted } });
    };
    const tell = (message: Message) => publish(message.blocks);
    await answer({ key: body.event_id, what: "home", tell }, async () =>
      publish(await registry.home(event.user, context)),
    );
  });
}

const MAX_HOME_BLOCKS = 100;

async function onReaction<Context>(
  change: "added" | "removed",
  event: ReactionAddedEvent | ReactionRemovedEvent,
  eventId: string,
  parts: Parts<Context>,
): Promise<void> {
  // Skin tones come after two colons.
  const [name] = event.reaction.split("::");
  const handler = parts.registry.reactions.find(({ reaction }) => reaction === name);
  if (handler === undefined || event.item.type !== "message") return;
  const message = reactedMessageOf(event);
  const tell = tellAt(parts, { ...message, responseUrl: null });
  await parts.answer({ key: eventId, what: `reaction ${change}`, tell }, () => handler[change](message, parts.context));
}

function tellAt<Context>(parts: Parts<Context>, at: AskedAt) {
  const { userId, channelId, threadTs, responseUrl } = at;
  return (message: Message) => parts.tell({ userId, channelId, threadTs, responseUrl }, message);
}

/** Errors beside the fields; what a check throws stands beside the first field rather than nowhere. */
function fieldErrors<Context>(
  modal: ModalHandler<Context>,
  submission: Submission,
  { context, log, newErrorId }: Parts<Context>,
): Readonly<Record<string, string>> {
  try {
    return modal.check(submission, context);
  } catch (error) {
    const [firstField = ""] = Object.keys(submission.values);
    return { [firstField]: failureOf(error, `modal ${modal.callbackId}`, log, newErrorId).text };
  }
}

function outdated(what: string): UserError {
  return new UserError(
    "control-outdated",
    `This ${what} belongs to an older version of Spillway and does nothing any more; \`/spillway help\` shows what does.`,
  );
}
