import { formatNetworks } from "../src/domain/address.ts";
import { wordsOf } from "../src/domain/address-measure.ts";
import { decideExtension } from "../src/domain/approval.ts";
import { formatDuration } from "../src/domain/duration.ts";
import type { Block, Person, Proposal } from "../src/domain/proposal.ts";
import { SECOND_MS } from "../src/domain/time-window.ts";
import { formatUtc } from "../src/domain/utc.ts";
import { UserError } from "../src/errors.ts";
import { record } from "../src/record.ts";
import { ACTION } from "../src/slack/action-ids.ts";
import type { ButtonHandler } from "../src/slack/command.ts";
import { readExtendValue } from "../src/slack/extend-value.ts";
import { actorOf } from "./actor.ts";
import { proposalFor, refreshCard } from "./card.ts";
import type { CommandContext } from "./context.ts";
import { policyRefusal } from "./policy-refusal.ts";
import { standingOf } from "./standing.ts";

/** Lets a block last as long again, within the limit for one block. Whoever may approve a block of that length may extend it. */
export const extend: ButtonHandler<CommandContext> = {
  actionId: ACTION.extend,
  run: async (click, context) => {
    const { proposalId, endsMs } = readExtendValue(click.value);
    const proposal = await proposalFor(proposalId, context);
    const by = await actorOf(click, context);
    const { noun } = wordsOf(proposal.change.kind === "block" ? proposal.change : {});
    const active = await context.store.blocks({ proposalId: proposal.id, state: ["active"] });
    // One whose time is up is being taken out; what is promised for it now would not hold.
    const held = active.filter((row) => row.expiresMs > context.clock.now());
    if (held.length === 0) {
      await refreshCard(proposal.id, context);
      throw new UserError(
        "extend-nothing",
        `There is nothing left to extend: the ${noun} ended already. Ask for it again.`,
      );
    }
    refuseExtended(held, endsMs);
    const expiresMs = extendedEnd(proposal, held, context);
    await refuseUnlessApprover({ proposal, by, totalMs: expiresMs - beganMs(held) }, context);
    const ids = held.filter((row) => row.expiresMs === endsMs).map((row) => row.id);
    const moved = await context.store.extendBlocks(ids, expiresMs, { by, onlyWhereEndsMs: endsMs });
    await refreshCard(proposal.id, context);
    if (moved.length === 0) refuseExtended(await context.store.blocks({ proposalId, state: ["active"] }), endsMs);
    await record(context, {
      key: `extend:${proposal.id}:${expiresMs}`,
      kind: "approval",
      channelId: proposal.channelId,
      incidentId: proposal.incidentId,
      actor: by,
      text: `Extended the ${noun} of ${formatNetworks(held.map((row) => row.address))} until ${formatUtc(expiresMs)}.`,
      messageTs: proposal.messageTs,
    });
  },
};

/**
 * Of two clicks on one button the second finds another end than the one it was shown.
 *
 * @throws {UserError} `extend-twice`
 */
function refuseExtended(held: readonly Block[], shownMs: number): void {
  if (held.some((row) => row.expiresMs === shownMs)) return;
  const endsMs = Math.max(...held.map((row) => row.expiresMs));
  throw new UserError(
    "extend-twice",
    `It was extended already, until ${formatUtc(endsMs)}; nothing was changed by this click.`,
  );
}

/** To go on blocking is to block, for as long as it then lasts in all. */
async function refuseUnlessApprover(
  { proposal, by, totalMs }: { readonly proposal: Proposal; readonly by: Person; readonly totalMs: number },
  context: CommandContext,
): Promise<void> {
  const policy = context.config.approvals;
  const standing = await standingOf(by.id, policy.approvers, context);
  const decision = decideExtension({ proposal, by: standing, policy, totalSecs: Math.round(totalMs / SECOND_MS) });
  if (decision.allowed) return;
  const { id: proposalId, incidentId } = proposal;
  throw await policyRefusal({ ...decision, actor: by, act: "extend", proposalId, incidentId }, context);
}

function beganMs(held: readonly Block[]): number {
  return Math.min(...held.map((row) => row.createdMs));
}

function extendedEnd({ change }: Proposal, held: readonly Block[], { config }: CommandContext): number {
  const endMs = Math.max(...held.map((row) => row.expiresMs));
  const latestMs = beganMs(held) + config.blocks.maxSecs * SECOND_MS;
  if (endMs >= latestMs) {
    throw new UserError(
      "extend-over-max",
      `A ${wordsOf(held[0] ?? {}).noun} may last ${formatDuration(config.blocks.maxSecs)} at most, and this one does; propose it anew where it is still needed.`,
    );
  }
  return Math.min(endMs + change.durationSecs * SECOND_MS, latestMs);
}
