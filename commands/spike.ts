import { optional } from "../src/slack/argument-slots.ts";
import { grammar } from "../src/slack/arguments.ts";
import { defineCommand } from "../src/slack/command.ts";
import { actorOf } from "./actor.ts";
import type { CommandContext } from "./context.ts";
import { startInvestigation } from "./investigation.ts";
import { serviceFor } from "./service.ts";
import { windowOf } from "./window.ts";
import { serviceWord, windowWord } from "./words.ts";

export const spike = defineCommand({
  name: "spike",
  summary: "says what is going on: when it began, what changed, who or what explains it, and what to do",
  examples: ["/spike", "/spike web 30m", "/spike web 14:00-15:30"],
  args: grammar("spike", { service: optional(serviceWord), window: optional(windowWord) }),
  handle: async ({ service, window }, invocation, context: CommandContext) => {
    const { name } = serviceFor({ named: service, needs: "logs", command: "spike" }, context);
    const { channelId, threadTs } = invocation;
    const question = {
      service: name,
      window: windowOf(window, { command: "spike", service: name }, context),
      filter: {},
      channelId,
      threadTs,
    };
    await startInvestigation(question, await actorOf(invocation, context), context);
  },
});
