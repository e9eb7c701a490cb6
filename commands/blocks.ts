import { firewallIn } from "../src/firewall-sets.ts";
import { optional } from "../src/slack/argument-slots.ts";
import { grammar } from "../src/slack/arguments.ts";
import { defineCommand } from "../src/slack/command.ts";
import { newestReports } from "../src/slack/rule-doubts.ts";
import { blocksMessage } from "../src/slack/views/blocks.ts";
import type { CommandContext } from "./context.ts";
import { serviceWord } from "./words.ts";

export const blocks = defineCommand({
  name: "blocks",
  summary: "lists what is blocked, limited or challenged now, with the time left",
  examples: ["/blocks", "/blocks web"],
  args: grammar("blocks", { service: optional(serviceWord) }),
  handle: async ({ service }, invocation, context: CommandContext) => {
    const standing = await context.store.blocks({
      state: ["pending", "active"],
      ...(service !== null && { service }),
    });
    // What spillway.yaml does not name any more is not looked at, and its last report says nothing of now.
    const reports = newestReports(await context.store.firewallReports()).filter(({ services, measure }) =>
      services.some(
        (name) =>
          (service === null || name === service) && firewallIn(context.services, { service: name, measure }) !== null,
      ),
    );
    const message = blocksMessage({ blocks: standing, reports, nowMs: context.clock.now() });
    await context.messenger.whisper(invocation, message);
  },
});
