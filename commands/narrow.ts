import type { Dimension, TrafficFilter } from "../src/domain/traffic.ts";
import { UserError } from "../src/errors.ts";
import { ACTION } from "../src/slack/action-ids.ts";
import type { ButtonHandler, Click } from "../src/slack/command.ts";
import { actorOf } from "./actor.ts";
import type { CommandContext } from "./context.ts";
import { investigationFor, startBreakdown, startInvestigation } from "./investigation.ts";

/** Asks the same again, with nothing but what the verdict blames. */
export const only: ButtonHandler<CommandContext> = {
  actionId: ACTION.only,
  run: (click, context) =>
    askAgain(click, (filter, slice) => ({ ...filter, only: { ...filter.only, ...slice } }), context),
};

/** Asks the same again, without what the verdict blames: is the rest as usual? */
export const without: ButtonHandler<CommandContext> = {
  actionId: ACTION.without,
  run: (click, context) =>
    askAgain(click, (filter, slice) => ({ ...filter, not: { ...filter.not, ...slice } }), context),
};

export const topAddresses = topButton(ACTION.topAddresses, "ip");
export const topPaths = topButton(ACTION.topPaths, "path");

type Slice = Readonly<Partial<Record<Dimension, string>>>;

async function askAgain(
  click: Click,
  narrow: (filter: TrafficFilter, slice: Slice) => TrafficFilter,
  context: CommandContext,
): Promise<void> {
  const { service, window, filter, finding } = await investigationFor(click.value, context);
  const slice = finding?.causes[0].slice ?? {};
  if (Object.keys(slice).length === 0) {
    throw new UserError("nobody-guilty", "This verdict blames nobody in particular, so there is nothing to narrow to.");
  }
  const { channelId, threadTs } = click;
  const question = { service, window, filter: narrow(filter, slice), channelId, threadTs };
  await startInvestigation(question, await actorOf(click, context), context);
}

function topButton(actionId: string, dimension: Dimension): ButtonHandler<CommandContext> {
  return {
    actionId,
    run: async (click, context) => {
      const { service, window, filter } = await investigationFor(click.value, context);
      const { channelId, threadTs, userId } = click;
      await startBreakdown({ service, dimension, window, filter, channelId, threadTs }, userId, context);
    },
  };
}
