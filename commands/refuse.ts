import { decideRefusal } from "../src/domain/approval.ts";
import type { Person, Proposal } from "../src/domain/proposal.ts";
import { UserError } from "../src/errors.ts";
import { recordDone } from "../src/record.ts";
import { ACTION } from "../src/slack/action-ids.ts";
import type { ButtonHandler } from "../src/slack/command.ts";
import { changeTitle } from "../src/slack/views/change.ts";
import { actorOf } from "./actor.ts";
import { type Asker, answerQuietly } from "./answer-quietly.ts";
import { proposalClicked, refreshCard } from "./card.ts";
import type { CommandContext } from "./context.ts";
import { endedText } from "./ended.ts";

/** Turns a proposal down; whoever asked for it withdraws it. */
export const refuse: ButtonHandler<CommandContext> = {
  actionId: ACTION.refuse,
  run: async (click, context) => {
    const proposal = await proposalClicked(click, context);
    const by = await actorOf(click, context);
    const decision = decideRefusal({ proposal, by, nowMs: context.clock.now() });
    if (!decision.allowed) {
      await refreshCard(proposal.id, context);
      throw new UserError(decision.code, (await endedText(proposal, context)) ?? decision.reason);
    }
    await turnDown({ proposal, by, to: decision.to, from: click }, context);
  },
};

/** @throws {UserError} `refusal-lost` where somebody else decided meanwhile */
export async function turnDown(
  {
    proposal,
    by,
    to,
    from,
  }: {
    readonly proposal: Proposal;
    readonly by: Person;
    readonly to: "refused" | "withdrawn";
    readonly from: Asker;
  },
  context: CommandContext,
): Promise<void> {
  const atMs = context.clock.now();
  const isFirst = await context.store.moveProposal({ id: proposal.id, from: "pending", to, by, atMs });
  await refreshCard(proposal.id, context);
  if (!isFirst) throw new UserError("refusal-lost", "Somebody else was faster; the card shows what they decided.");
  await answerQuietly(from, `${to === "withdrawn" ? "Withdrawn" : "Refused"}; nothing of it is done.`, context);
  await recordDone(context, {
    key: `refusal:${proposal.id}`,
    kind: "refusal",
    channelId: proposal.channelId,
    incidentId: proposal.incidentId,
    actor: by,
    text: `${to === "withdrawn" ? "Withdrew" : "Refused"}: ${changeTitle(proposal.change)}.`,
    occurredMs: atMs,
    messageTs: proposal.messageTs,
  });
}
