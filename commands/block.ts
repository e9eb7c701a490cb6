import { contains, formatNetworks } from "../src/domain/address.ts";
import { type MilderMeasure, wordsOf } from "../src/domain/address-measure.ts";
import type { BlockChange, Person } from "../src/domain/proposal.ts";
import { formatUtc } from "../src/domain/utc.ts";
import { UserError } from "../src/errors.ts";
import { oneOrMore, optional, rest } from "../src/slack/argument-slots.ts";
import { grammar } from "../src/slack/arguments.ts";
import { defineCommand } from "../src/slack/command.ts";
import { actorOf } from "./actor.ts";
import { type BlockRequest, blockChange } from "./block-request.ts";
import type { CommandContext } from "./context.ts";
import { policyRefusal } from "./policy-refusal.ts";
import { whisperPreview } from "./preview.ts";
import { propose } from "./propose.ts";
import { serviceFor } from "./service.ts";
import { addressWord, breakGlassWord, durationWord, previewWord, serviceWord } from "./words.ts";

/** What a command does to addresses, and how it is shown. */
interface Shown {
  readonly measure?: MilderMeasure;
  readonly summary: string;
  readonly examples: readonly string[];
}

/** Makes the commands that are typed alike, whatever they do to the addresses. */
export function addressCommand({ measure, summary, examples }: Shown) {
  const measured = measure === undefined ? {} : { measure };
  const name = wordsOf(measured).command;
  return defineCommand({
    name,
    summary,
    examples,
    args: grammar(name, {
      addresses: oneOrMore(addressWord),
      service: optional(serviceWord),
      durationSecs: optional(durationWord, "for"),
      preview: optional(previewWord),
      breaksGlass: optional(breakGlassWord),
      reason: rest("…", { keyword: "because", isRequired: true }),
    }),
    handle: async (args, invocation, context: CommandContext) => {
      const { addresses, service, durationSecs, preview, breaksGlass, reason } = args;
      const asked = { named: service, needs: measure ?? "firewall", command: `${name} ADDRESS` } as const;
      const by = await actorOf(invocation, context);
      const change = await changeOrRefusal(
        {
          service: serviceFor(asked, context).name,
          ...measured,
          addresses,
          durationSecs: durationSecs ?? context.config.blocks.defaultSecs,
          reason: reason ?? "",
          breaksGlass: breaksGlass ?? false,
        },
        by,
        context,
      );
      await refuseBlocked(change, context);
      if (preview !== null) return whisperPreview(change, invocation, context);
      await propose({ change, predicted: null, by, channelId: invocation.channelId, findingId: null }, context);
    },
  });
}

export const block = addressCommand({
  summary: "proposes to block addresses for a time, for somebody else to approve",
  examples: [
    "/block 198.51.100.7 because it scrapes every page",
    "/block 198.51.100.7 203.0.113.0/24 for 2h because they flood the login",
    "/block 198.51.100.7 preview because it scrapes every page",
  ],
});

/** Makes the change; what guards refuse goes into the audit log, as somebody tried. */
async function changeOrRefusal(request: BlockRequest, actor: Person, context: CommandContext): Promise<BlockChange> {
  try {
    return await blockChange(request, context);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== "block-refused") throw error;
    const { code, message: reason } = error;
    const { service, addresses, measure } = request;
    const details = { service, addresses, ...(measure !== undefined && { measure }) };
    throw await policyRefusal({ code, reason, actor, act: "ask", details }, context);
  }
}

/**
 * What is blocked needs nothing milder; what is limited or challenged may be blocked all the same. What should have ended
 * by now stands in nobody's way.
 *
 * @throws {UserError} `block-standing` where every address is under the measure, or blocked, already
 */
export async function refuseBlocked(change: BlockChange, { store, clock }: CommandContext): Promise<void> {
  const { service, addresses } = change;
  const rows = await store.blocks({ service, state: ["pending", "active"] });
  const holding = rows.filter(({ expiresMs }) => expiresMs > clock.now());
  const standing = holding.filter((row) => row.measure === undefined || row.measure === change.measure);
  const covering = addresses.map((address) => standing.find((row) => contains(row.address, address)));
  const [first] = covering;
  if (first === undefined || covering.includes(undefined)) return;
  throw new UserError(
    "block-standing",
    `${wordsOf(first).done} already: ${formatNetworks(addresses)}, until ${formatUtc(first.expiresMs)}. \`/blocks\` lists what is blocked.`,
  );
}
