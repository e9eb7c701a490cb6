import type { Dimension, TrafficFilter } from "../src/domain/traffic.ts";
import { many, optional, required } from "../src/slack/argument-slots.ts";
import { grammar } from "../src/slack/arguments.ts";
import { defineCommand } from "../src/slack/command.ts";
import type { CommandContext } from "./context.ts";
import { startBreakdown } from "./investigation.ts";
import { serviceFor } from "./service.ts";
import { windowOf } from "./window.ts";
import { dimensionWord, filterWord, serviceWord, type ValueFilter, windowWord } from "./words.ts";

export const top = defineCommand({
  name: "top",
  summary: "lists the largest by one dimension, compared with the same time before",
  examples: ["/top ip", "/top path web 15m only ip=198.51.100.7", "/top ua not status=404"],
  args: grammar("top", {
    dimension: required(dimensionWord),
    service: optional(serviceWord),
    window: optional(windowWord),
    only: many(filterWord, "only"),
    not: many(filterWord, "not"),
  }),
  handle: async ({ dimension, service, window, only, not }, invocation, context: CommandContext) => {
    const { name } = serviceFor({ named: service, needs: "logs", command: `top ${dimension}` }, context);
    const question = {
      service: name,
      dimension,
      window: windowOf(window, { command: `top ${dimension}`, service: name }, context),
      filter: filterOf(only, not),
      channelId: invocation.channelId,
      threadTs: invocation.threadTs,
    };
    await startBreakdown(question, invocation.userId, context);
  },
});

/** Of two values for one dimension the last counts, as it was typed last. */
function filterOf(only: readonly ValueFilter[], not: readonly ValueFilter[]): TrafficFilter {
  return { ...(only.length > 0 && { only: valuesOf(only) }), ...(not.length > 0 && { not: valuesOf(not) }) };
}

function valuesOf(filters: readonly ValueFilter[]): Partial<Record<Dimension, string>> {
  return Object.fromEntries(filters.map(({ dimension, value }) => [dimension, value]));
}
