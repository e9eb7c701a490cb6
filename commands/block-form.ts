import { z } from "zod";
import { formatNetwork, parseNetwork, sortNetworks } from "../src/domain/address.ts";
import { isSameLimit, MILDER_MEASURES, type MilderMeasure, wordsOf } from "../src/domain/address-measure.ts";
import { aggregateNetworks } from "../src/domain/aggregate.ts";
import { parseDuration } from "../src/domain/duration.ts";
import type { Prediction } from "../src/domain/prediction.ts";
import type { BlockChange } from "../src/domain/proposal.ts";
import { UserError } from "../src/errors.ts";
import { firewallIn } from "../src/firewall-sets.ts";
import { ACTION, FORM } from "../src/slack/action-ids.ts";
import type { ButtonHandler, ModalHandler, Submission } from "../src/slack/command.ts";
import { readOrigin } from "../src/slack/origin.ts";
import { BLOCK_FIELDS, blockForm } from "../src/slack/views/forms.ts";
import { actorOf } from "./actor.ts";
import { refuseBlocked } from "./block.ts";
import { addressProblem, blockChange } from "./block-request.ts";
import type { CommandContext } from "./context.ts";
import { durationProblem } from "./duration-limits.ts";
import { propose } from "./propose.ts";
import { readSuggestionReference, suggestionFor } from "./suggestion.ts";
import { shortDuration } from "./window.ts";

/** What the form is about, carried through the modal. */
const About = z.object({
  service: z.string(),
  suggestion: z.string().nullable(),
  measure: z.enum(MILDER_MEASURES).exactOptional(),
});
/** What a button of a breakdown carries. */
const Row = z.object({ service: z.string(), addresses: z.array(z.string()) });

/** "Block for 2 h…" or "Rate-limit for 2 h…" of a verdict, or "Block 198.51.100.7…" of a breakdown: opens the form, filled in. */
export const openBlockForm: ButtonHandler<CommandContext> = {
  actionId: ACTION.blockForm,
  run: async (click, context) => {
    const { about, addresses, durationSecs, reason } = await prefilled(click.value, context);
    const origin = { channelId: click.channelId, threadTs: click.threadTs, about: JSON.stringify(about) };
    const form = blockForm({
      origin,
      service: about.service,
      ...measured(about),
      addresses: addresses.map(formatNetwork),
      duration: shortDuration(durationSecs),
      reason,
    });
    await context.messenger.openModal(click.triggerId, form);
  },
};

async function prefilled(value: string, context: CommandContext) {
  const reference = readSuggestionReference(value);
  if (reference === null) {
    const { service, addresses } = Row.parse(JSON.parse(value));
    const durationSecs = context.config.blocks.defaultSecs;
    const about: z.output<typeof About> = { service, suggestion: null };
    return { about, addresses, durationSecs, reason: "" };
  }
  const { suggestion } = await suggestionFor(reference, context);
  const { change, because } = suggestion;
  if (change.kind !== "block") throw new Error("a block button on a suggestion that blocks nothing");
  const reason = change.reason || because;
  const about = { service: change.service, suggestion: value, ...measured(change) };
  return { about, addresses: change.addresses, durationSecs: change.durationSecs, reason };
}

export const blockFormSent: ModalHandler<CommandContext> = {
  callbackId: FORM.block,
  check: (submission, context) => {
    const { about } = originOf(submission);
    const entered = read(submission);
    const problems = {
      [BLOCK_FIELDS.addresses]: entered.addressProblem ?? addressProblem(about, entered.addresses, context),
      [BLOCK_FIELDS.duration]:
        entered.durationSecs === null
          ? `"${submission.values[BLOCK_FIELDS.duration] ?? ""}" is no duration; write 30m, 2h or 1d.`
          : durationProblem(entered.durationSecs, `a ${wordsOf(about).noun}`, context),
      [BLOCK_FIELDS.reason]: entered.reason === "" ? "Say why, for those who approve and for the postmortem." : null,
    };
    return Object.fromEntries(Object.entries(problems).filter((entry): entry is [string, string] => entry[1] !== null));
  },
  run: async (submission, context) => {
    const { about, channelId } = originOf(submission);
    const { addresses, durationSecs, reason } = read(submission);
    if (durationSecs === null) throw new Error("a form that was checked has a duration");
    if (firewallIn(context.services, about) === null) {
      const { setting } = wordsOf(about);
      throw new UserError("service-lacks", `${about.service} has no \`${setting}\` in spillway.yaml any more.`);
    }
    const asked = { service: about.service, ...measured(about), addresses, durationSecs, reason };
    const change = await blockChange(asked, context);
    await refuseBlocked(change, context);
    const offered = await offeredBy(about.suggestion, change, context);
    await propose({ change, ...offered, by: await actorOf(submission, context), channelId }, context);
  },
};

function measured({ measure }: { readonly measure?: MilderMeasure }): { readonly measure?: MilderMeasure } {
  return measure === undefined ? {} : { measure };
}

function originOf(submission: Submission) {
  const origin = readOrigin(submission.privateMetadata);
  if (origin === null) throw new UserError("form-outdated", "This form is too old; open it anew from the message.");
  return { about: About.parse(JSON.parse(origin.about)), channelId: origin.channelId };
}

/** What was entered, as far as it can be read. */
function read({ values }: Submission) {
  const words = (values[BLOCK_FIELDS.addresses] ?? "").split(/[\s,;]+/).filter((word) => word !== "");
  const networks = words.map((word) => parseNetwork(word));
  const wrong = networks.find((network) => !network.ok);
  const addresses = networks.flatMap((network) => (network.ok ? [network.cidr] : []));
  return {
    addresses: sortNetworks(addresses),
    addressProblem:
      wrong !== undefined && !wrong.ok ? `${wrong.reason}.` : words.length === 0 ? "Name an address." : null,
    durationSecs: parseDuration(values[BLOCK_FIELDS.duration] ?? ""),
    reason: (values[BLOCK_FIELDS.reason] ?? "").trim(),
  };
}

/** A prediction holds for exactly the addresses, the measure and the limit that it was made for. */
async function offeredBy(
  suggestionValue: string | null,
  { measure, rateLimit, addresses }: BlockChange,
  context: CommandContext,
): Promise<{ readonly predicted: Prediction | null; readonly findingId: string | null }> {
  const reference = suggestionValue === null ? null : readSuggestionReference(suggestionValue);
  if (reference === null) return { predicted: null, findingId: null };
  const { investigation, suggestion } = await suggestionFor(reference, context);
  const { change, predicted } = suggestion;
  const isSame =
    change.kind === "block" &&
    change.measure === measure &&
    isSameLimit(change.rateLimit, rateLimit) &&
    aggregateNetworks(change.addresses).join() === addresses.join();
  return { predicted: isSame ? predicted : null, findingId: investigation.id };
}
