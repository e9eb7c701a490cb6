import type { Block, Change, Proposal } from "../src/domain/proposal.ts";
import { UserError } from "../src/errors.ts";
import { othersHolding } from "../src/firewall-entries.ts";
import { previewChange, previewRestore, previewUnblock } from "../src/preview.ts";
import { ACTION } from "../src/slack/action-ids.ts";
import type { ButtonHandler } from "../src/slack/command.ts";
import { doubtsAbout } from "../src/slack/rule-doubts.ts";
import { measureNote } from "../src/slack/views/change.ts";
import { previewMessage } from "../src/slack/views/preview.ts";
import { proposalFor, refreshCard } from "./card.ts";
import type { CommandContext } from "./context.ts";

type Asker = { readonly channelId: string; readonly userId: string; readonly threadTs: string | null };

/** Shows whoever asks which calls a card's next button would make: those of the change, or those that undo it. */
export const preview: ButtonHandler<CommandContext> = {
  actionId: ACTION.preview,
  run: async (click, context) => {
    const proposal = await proposalFor(click.value, context);
    if (proposal.state === "pending" || proposal.state === "approved") {
      return whisperPreview(proposal.change, click, context, proposal.incidentId);
    }
    const calls = await undoCalls(proposal, context);
    if (calls === null) {
      await refreshCard(proposal.id, context);
      throw new UserError("preview-nothing", "There is nothing left to undo: it ended already.");
    }
    await context.messenger.whisper(click, previewMessage({ what: "Undo", calls, isDrill: false }));
  },
};

/** Shows one person the calls that a change would make. For a drill nothing is asked of the vendor. */
export async function whisperPreview(
  change: Change,
  to: Asker,
  context: CommandContext,
  incidentId: string | null = null,
): Promise<void> {
  const { store, services, messenger } = context;
  const incident = incidentId === null ? await store.openIncident(to.channelId) : await store.incident(incidentId);
  const isDrill = incident?.isDrill ?? false;
  const calls = isDrill ? [] : await previewChange(change, { services });
  const note = change.kind === "block" ? measureNote(change).trim() : "";
  const doubts = await doubtsAbout(change, context);
  await messenger.whisper(to, previewMessage({ what: "Approve", calls, isDrill, note, doubts }));
}

/** Null where nothing of a proposal is in force. */
async function undoCalls({ id, change }: Proposal, context: CommandContext): Promise<readonly string[] | null> {
  const { store, services } = context;
  if (change.kind === "scale") {
    const hold = (await store.capacityHolds()).find(({ proposalId }) => proposalId === id);
    return hold === undefined ? null : previewRestore(hold, change.toInstances, { services });
  }
  const held = await store.blocks({ proposalId: id, state: ["pending", "active"] });
  if (held.length === 0) return null;
  return unblockCalls(change, held, context);
}

/**
 * Gives the calls that end these blocks, all of the same sets: what another block holds, of whichever service behind
 * them, or was there before us, stays.
 */
export async function unblockCalls(
  of: Pick<Block, "service" | "measure">,
  ending: readonly Block[],
  context: CommandContext,
): Promise<readonly string[]> {
  const { services, clock } = context;
  const others = (await othersHolding(ending, context)).filter(({ expiresMs }) => expiresMs > clock.now());
  const held = new Set(others.map(({ address }) => address));
  const freed = ending.filter(({ isOurs, address }) => isOurs && !held.has(address)).map(({ address }) => address);
  return freed.length === 0 ? [] : previewUnblock(of, freed, { services });
}
