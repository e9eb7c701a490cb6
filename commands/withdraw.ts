import { decideWithdrawal } from "../src/domain/approval.ts";
import { UserError } from "../src/errors.ts";
import { ACTION } from "../src/slack/action-ids.ts";
import type { ButtonHandler } from "../src/slack/command.ts";
import { actorOf } from "./actor.ts";
import { proposalClicked, refreshCard } from "./card.ts";
import type { CommandContext } from "./context.ts";
import { endedText } from "./ended.ts";
import { turnDown } from "./refuse.ts";

/** Takes back a proposal; only whoever asked for it can. */
export const withdraw: ButtonHandler<CommandContext> = {
  actionId: ACTION.withdraw,
  run: async (click, context) => {
    const proposal = await proposalClicked(click, context);
    const by = await actorOf(click, context);
    const decision = decideWithdrawal({ proposal, by, nowMs: context.clock.now() });
    if (!decision.allowed) {
      if (decision.code !== "not-the-requester") await refreshCard(proposal.id, context);
      throw new UserError(decision.code, (await endedText(proposal, context)) ?? decision.reason);
    }
    await turnDown({ proposal, by, to: "withdrawn", from: click }, context);
  },
};
