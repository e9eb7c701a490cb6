import type { FirewallReport } from "../src/ports.ts";
import { optional } from "../src/slack/argument-slots.ts";
import { grammar } from "../src/slack/arguments.ts";
import { defineCommand } from "../src/slack/command.ts";
import { blocksMessage } from "../src/slack/views/blocks.ts";
import type { CommandContext } from "./context.ts";
import { serviceWord } from "./words.ts";

export const blocks = defineCommand({
  name: "blocks",
  summary: "lists what is blocked now, with the time left",
  examples: ["/blocks", "/blocks web"],
  args: grammar("blocks", { service: optional(serviceWord) }),
  handle: async ({ service }, invocation, context: CommandContext) => {
    const standing = await context.store.blocks({
      state: ["pending", "active"],
      ...(service !== null && { service }),
    });
    const reports = newestOf(await context.store.firewallReports()).filter(
      ({ services }) => service === null || services.includes(service),
    );
    const message = blocksMessage({ blocks: standing, reports, nowMs: context.clock.now() });
    await context.messenger.whisper(invocation, message);
  },
});

/** A service that has other sets now leaves the report of those before. */
function newestOf(reports: readonly FirewallReport[]): readonly FirewallReport[] {
  const newest = new Map<string, FirewallReport>();
  for (const report of reports) {
    for (const service of report.services) {
      if ((newest.get(service)?.checkedMs ?? 0) <= report.checkedMs) newest.set(service, report);
    }
  }
  return reports.filter((report) => report.services.some((service) => newest.get(service) === report));
}
