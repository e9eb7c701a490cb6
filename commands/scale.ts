import { UserError } from "../src/errors.ts";
import { optional, rest } from "../src/slack/argument-slots.ts";
import { grammar } from "../src/slack/arguments.ts";
import { defineCommand } from "../src/slack/command.ts";
import { actorOf } from "./actor.ts";
import type { CommandContext } from "./context.ts";
import { propose } from "./propose.ts";
import { DEFAULT_SCALE_SECS, scaleChange } from "./scale-request.ts";
import { serviceFor } from "./service.ts";
import { durationWord, instancesWord, moreInstancesWord, serviceWord } from "./words.ts";

export const scale = defineCommand({
  name: "scale",
  summary: "proposes more instances for a time, for somebody else to approve",
  examples: ["/scale +2", "/scale web to 8 for 90m because the show starts at 20:00"],
  args: grammar("scale", {
    service: optional(serviceWord),
    more: optional(moreInstancesWord),
    to: optional(instancesWord, "to"),
    durationSecs: optional(durationWord, "for"),
    reason: rest("…", { keyword: "because", isRequired: false }),
  }),
  handle: async ({ service, more, to, durationSecs, reason }, invocation, context: CommandContext) => {
    const wanted = more ?? to;
    if (wanted === null || (more !== null && to !== null)) {
      throw new UserError("scale-unclear", "How many instances? Write `/scale +2` or `/scale to 8`, one of them.");
    }
    const { name, port } = serviceFor({ named: service, needs: "scaler", command: "scale" }, context);
    const capacity = await port.read();
    const change = scaleChange(
      {
        service: name,
        wanted,
        capacity,
        durationSecs: durationSecs ?? DEFAULT_SCALE_SECS,
        reason: reason ?? "more room was asked for",
      },
      context,
    );
    const by = await actorOf(invocation, context);
    await propose({ change, predicted: null, by, channelId: invocation.channelId, findingId: null }, context);
  },
});
