import { contains } from "../src/domain/address.ts";
import { formatUtc } from "../src/domain/utc.ts";
import { UserError } from "../src/errors.ts";
import { oneOrMore, optional, rest } from "../src/slack/argument-slots.ts";
import { grammar } from "../src/slack/arguments.ts";
import { defineCommand } from "../src/slack/command.ts";
import { actorOf } from "./actor.ts";
import { blockChange } from "./block-request.ts";
import type { CommandContext } from "./context.ts";
import { propose } from "./propose.ts";
import { serviceFor } from "./service.ts";
import { addressWord, durationWord, serviceWord } from "./words.ts";

export const block = defineCommand({
  name: "block",
  summary: "proposes to block addresses for a time, for somebody else to approve",
  examples: [
    "/block 198.51.100.7 because it scrapes every page",
    "/block 198.51.100.7 203.0.113.0/24 for 2h because they flood the login",
  ],
  args: grammar("block", {
    addresses: oneOrMore(addressWord),
    service: optional(serviceWord),
    durationSecs: optional(durationWord, "for"),
    reason: rest("…", { keyword: "because", isRequired: true }),
  }),
  handle: async ({ addresses, service, durationSecs, reason }, invocation, context: CommandContext) => {
    const { name } = serviceFor({ named: service, needs: "firewall", command: "block ADDRESS" }, context);
    const change = await blockChange(
      {
        service: name,
        addresses,
        durationSecs: durationSecs ?? context.config.blocks.defaultSecs,
        reason: reason ?? "",
      },
      context,
    );
    await refuseBlocked(name, change.addresses, context);
    const by = await actorOf(invocation, context);
    await propose({ change, predicted: null, by, channelId: invocation.channelId, findingId: null }, context);
  },
});

/** @throws {UserError} `block-standing` where every address is blocked already */
export async function refuseBlocked(
  service: string,
  addresses: readonly string[],
  { store }: CommandContext,
): Promise<void> {
  const standing = await store.blocks({ service, state: ["pending", "active"] });
  const covering = addresses.map((address) => standing.find((row) => contains(row.address, address)));
  const [first] = covering;
  if (first === undefined || covering.includes(undefined)) return;
  throw new UserError(
    "block-standing",
    `Blocked already: ${addresses.join(", ")}, until ${formatUtc(first.expiresMs)}. \`/blocks\` lists what is blocked.`,
  );
}
