import { parseDuration } from "../src/domain/duration.ts";
import { UserError } from "../src/errors.ts";
import { ACTION, FORM } from "../src/slack/action-ids.ts";
import type { ButtonHandler, ModalHandler, Submission } from "../src/slack/command.ts";
import { readOrigin } from "../src/slack/origin.ts";
import { SCALE_FIELDS, scaleForm } from "../src/slack/views/forms.ts";
import { actorOf } from "./actor.ts";
import type { CommandContext } from "./context.ts";
import { durationProblem } from "./duration-limits.ts";
import { propose } from "./propose.ts";
import { notesOn, scaleChange } from "./scale-request.ts";
import { serviceFor } from "./service.ts";
import { readSuggestionReference, suggestionFor } from "./suggestion.ts";
import { shortDuration } from "./window.ts";

/** "Scale out…" of a verdict: opens the form, filled in. */
export const openScaleForm: ButtonHandler<CommandContext> = {
  actionId: ACTION.scaleForm,
  run: async (click, context) => {
    const { change, because } = await suggestedScale(click.value, context);
    const form = scaleForm({
      origin: { channelId: click.channelId, threadTs: click.threadTs, about: click.value },
      service: change.service,
      toInstances: change.toInstances,
      duration: shortDuration(change.durationSecs),
      reason: change.reason || because,
    });
    await context.messenger.openModal(click.triggerId, form);
  },
};

export const scaleFormSent: ModalHandler<CommandContext> = {
  callbackId: FORM.scale,
  check: (submission, context) => {
    const { instances, durationSecs, reason } = read(submission);
    const length =
      durationSecs === null
        ? "Write a duration such as 30m, 2h or 1d."
        : durationProblem(durationSecs, "a scale-out", context);
    return {
      ...(instances === null && { [SCALE_FIELDS.instances]: "Write a whole number such as 8." }),
      ...(length !== null && { [SCALE_FIELDS.duration]: length }),
      ...(reason === "" && { [SCALE_FIELDS.reason]: "Say why, for those who approve and for the postmortem." }),
    };
  },
  run: async (submission, context) => {
    const origin = readOrigin(submission.privateMetadata);
    if (origin === null) throw new UserError("form-outdated", "This form is too old; open it anew from the message.");
    const { instances, durationSecs, reason } = read(submission);
    if (instances === null || durationSecs === null) throw new Error("a form that was checked has its numbers");
    const { change, predicted, findingId } = await suggestedScale(origin.about, context);
    const { name, port } = serviceFor({ named: change.service, needs: "scaler", command: "scale" }, context);
    const capacity = await port.read();
    const wanted = { kind: "to", instances } as const;
    const asked = scaleChange({ service: name, wanted, capacity, durationSecs, reason }, context);
    const isSame = asked.toInstances === change.toInstances && asked.fromInstances === change.fromInstances;
    const notes = await notesOn(asked, capacity, context);
    const wish = { change: asked, predicted: isSame ? predicted : null, notes, channelId: origin.channelId, findingId };
    await propose({ ...wish, by: await actorOf(submission, context) }, context);
  },
};

async function suggestedScale(value: string, context: CommandContext) {
  const reference = readSuggestionReference(value);
  if (reference === null) throw new Error("a scale button without a suggestion");
  const { investigation, suggestion } = await suggestionFor(reference, context);
  const { change, predicted, because } = suggestion;
  if (change.kind !== "scale") throw new Error("a scale button on a suggestion that does not scale");
  return { change, predicted, because, findingId: investigation.id };
}

function read({ values }: Submission) {
  const instances = (values[SCALE_FIELDS.instances] ?? "").trim();
  return {
    instances: /^\d{1,4}$/.test(instances) ? Number(instances) : null,
    durationSecs: parseDuration(values[SCALE_FIELDS.duration] ?? ""),
    reason: (values[SCALE_FIELDS.reason] ?? "").trim(),
  };
}
