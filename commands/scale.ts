import { mostInstances } from "../src/domain/capacity.ts";
import { startNote } from "../src/domain/scale-notes.ts";
import { UserError } from "../src/errors.ts";
import { optional, rest } from "../src/slack/argument-slots.ts";
import { grammar } from "../src/slack/arguments.ts";
import { defineCommand, type Invocation } from "../src/slack/command.ts";
import { capacityMessage } from "../src/slack/views/capacity.ts";
import { actorOf } from "./actor.ts";
import type { CommandContext } from "./context.ts";
import { whisperPreview } from "./preview.ts";
import { propose } from "./propose.ts";
import { DEFAULT_SCALE_SECS, notesOn, scaleChange } from "./scale-request.ts";
import { serviceFor } from "./service.ts";
import { startTime } from "./start-time.ts";
import { durationWord, instancesWord, moreInstancesWord, previewWord, serviceWord, startWord } from "./words.ts";

export const scale = defineCommand({
  name: "scale",
  summary: "proposes more instances for a time, for somebody else to approve; without a number, shows what there is",
  examples: [
    "/scale web",
    "/scale +2",
    "/scale web +4 at 20:00 for 90m because the show starts",
    "/scale web to 8 for 90m preview",
  ],
  args: grammar("scale", {
    service: optional(serviceWord),
    more: optional(moreInstancesWord),
    to: optional(instancesWord, "to"),
    start: optional(startWord, "at"),
    durationSecs: optional(durationWord, "for"),
    preview: optional(previewWord),
    reason: rest("…", { keyword: "because", isRequired: false }),
  }),
  handle: async ({ service, more, to, start, durationSecs, preview, reason }, invocation, context: CommandContext) => {
    const wanted = more ?? to;
    if (more !== null && to !== null) {
      throw new UserError("scale-unclear", "How many instances? Write `/scale +2` or `/scale to 8`, one of them.");
    }
    const { name, port } = serviceFor({ named: service, needs: "scaler", command: "scale" }, context);
    const capacity = await port.read();
    if (wanted === null) return showCapacity(name, capacity, invocation, context);
    const begin = start === null ? null : await startTime(start, invocation.userId, context);
    const change = scaleChange(
      {
        service: name,
        wanted,
        capacity,
        durationSecs: durationSecs ?? DEFAULT_SCALE_SECS,
        reason: reason ?? "more room was asked for",
        ...(begin !== null && { startMs: begin.next.atMs }),
      },
      context,
    );
    if (preview !== null) return whisperPreview(change, invocation, context);
    const notes = [
      ...(begin === null ? [] : [startNote(begin.next, begin.zone)]),
      ...(begin?.caution ? [begin.caution] : []),
      ...(await notesOn(change, capacity, context)),
    ];
    const by = await actorOf(invocation, context);
    await propose({ change, predicted: null, notes, by, channelId: invocation.channelId, findingId: null }, context);
  },
});

async function showCapacity(
  service: string,
  capacity: Parameters<typeof capacityMessage>[0]["capacity"],
  to: Invocation,
  { config, store, messenger }: CommandContext,
): Promise<void> {
  const hold = (await store.capacityHolds()).find((held) => held.service === service) ?? null;
  const most = mostInstances(capacity, config.services[service]?.scaling);
  await messenger.whisper(to, capacityMessage({ service, capacity, most, hold }));
}
