import { UserError } from "../src/errors.ts";
import { ACTION, FORM } from "../src/slack/action-ids.ts";
import type { ButtonHandler, ModalHandler, ShortcutHandler } from "../src/slack/command.ts";
import { readOrigin } from "../src/slack/origin.ts";
import { DECLARE_FIELDS, declareForm } from "../src/slack/views/forms.ts";
import { actorOf } from "./actor.ts";
import type { CommandContext } from "./context.ts";
import { declareIncident } from "./incident-declare.ts";
import { investigationFor } from "./investigation.ts";

const MAX_TITLE_CHARS = 120;

/** "Declare incident" of a verdict: opens the form with a title made from it. */
export const openDeclareForm: ButtonHandler<CommandContext> = {
  actionId: ACTION.declareForm,
  run: async (click, context) => {
    const { finding, id, service } = await investigationFor(click.value, context);
    const [firstSentence = ""] = finding?.verdict.split(/(?<=[.!?])\s+(?=\p{Lu})/u) ?? [];
    const title = firstSentence.replace(/\.$/, "").slice(0, MAX_TITLE_CHARS) || service;
    const origin = { channelId: click.channelId, threadTs: click.threadTs, about: id };
    await context.messenger.openModal(click.triggerId, declareForm({ origin, title }));
  },
};

/** "Declare incident" on any message. */
export const declareShortcut: ShortcutHandler<CommandContext> = {
  callbackId: "declare-incident",
  title: "Declare incident",
  summary: "declares an incident in this channel",
  run: async (message, context) => {
    if (message.triggerId === null) return;
    const title = message.text.replace(/\s+/g, " ").slice(0, MAX_TITLE_CHARS);
    const origin = { channelId: message.channelId, threadTs: message.threadTs, about: "" };
    await context.messenger.openModal(message.triggerId, declareForm({ origin, title }));
  },
};

export const declareFormSent: ModalHandler<CommandContext> = {
  callbackId: FORM.declare,
  check: ({ values }) =>
    (values[DECLARE_FIELDS.title] ?? "").trim() === "" ? { [DECLARE_FIELDS.title]: "A few words, please." } : {},
  run: async (submission, context) => {
    const origin = readOrigin(submission.privateMetadata);
    if (origin === null) throw new UserError("form-outdated", "This form is too old; open it anew from the message.");
    const wish = {
      title: (submission.values[DECLARE_FIELDS.title] ?? "").trim(),
      by: await actorOf(submission, context),
      channelId: origin.channelId,
      investigationId: origin.about === "" ? null : origin.about,
    };
    await declareIncident(wish, context);
  },
};
