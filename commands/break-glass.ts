import { UserError } from "../src/errors.ts";
import { ACTION, FORM } from "../src/slack/action-ids.ts";
import type { ButtonHandler, ModalHandler } from "../src/slack/command.ts";
import { readOrigin } from "../src/slack/origin.ts";
import { changeTitle } from "../src/slack/views/change.ts";
import { BREAK_GLASS_FIELDS, breakGlassForm } from "../src/slack/views/forms.ts";
import { giveApproval } from "./approve.ts";
import { proposalClicked } from "./card.ts";
import type { CommandContext } from "./context.ts";

/** "Break the glass…": asks for the reason. Who may is decided when it comes. */
export const openBreakGlass: ButtonHandler<CommandContext> = {
  actionId: ACTION.breakGlass,
  run: async (click, context) => {
    const proposal = await proposalClicked(click, context);
    const origin = { channelId: click.channelId, threadTs: click.threadTs, about: proposal.id };
    await context.messenger.openModal(click.triggerId, breakGlassForm({ origin, what: changeTitle(proposal.change) }));
  },
};

export const breakGlassSent: ModalHandler<CommandContext> = {
  callbackId: FORM.breakGlass,
  check: ({ values }): Readonly<Record<string, string>> =>
    (values[BREAK_GLASS_FIELDS.reason] ?? "").trim() === ""
      ? { [BREAK_GLASS_FIELDS.reason]: "Say why it cannot wait; everybody will read it." }
      : {},
  run: async (submission, context) => {
    const origin = readOrigin(submission.privateMetadata);
    if (origin === null) throw new UserError("form-outdated", "This form is too old; open it anew from the message.");
    const { userId, userName, values } = submission;
    const from = { userId, userName, channelId: origin.channelId, threadTs: origin.threadTs };
    const reason = values[BREAK_GLASS_FIELDS.reason] ?? "";
    await giveApproval({ proposalId: origin.about, from, act: { kind: "break-glass", reason } }, context);
  },
};
