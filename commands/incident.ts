import { optional, rest } from "../src/slack/argument-slots.ts";
import { grammar } from "../src/slack/arguments.ts";
import { defineCommand } from "../src/slack/command.ts";
import { subcommands } from "../src/slack/subcommands.ts";
import { actorOf } from "./actor.ts";
import type { CommandContext } from "./context.ts";
import { declareIncident } from "./incident-declare.ts";
import { listIncidents } from "./incident-list.ts";
import { incidentFor, openIncidentOf } from "./incident-lookup.ts";
import { addNote } from "./incident-note.ts";
import { resolveIncident } from "./incident-resolve.ts";
import { showTimeline } from "./incident-timeline.ts";
import { incidentNameWord, incidentWord } from "./words.ts";

const words = (name: string, isRequired: boolean) => rest<CommandContext>(name, { keyword: null, isRequired });

export const incident = defineCommand({
  name: "incident",
  summary: "keeps the incident of this channel: its timeline writes itself",
  examples: [
    "/incident declare web: five times its requests",
    "/incident drill a crawler at night",
    "/incident note the database is at its limit",
    "/incident timeline",
    "/incident resolve",
  ],
  args: subcommands("incident", {
    declare: grammar("incident declare", { title: words("TITLE", true) }),
    drill: grammar("incident drill", { title: words("TITLE", true) }),
    note: grammar("incident note", { text: words("TEXT", true) }),
    timeline: grammar("incident timeline", { number: optional(incidentWord) }),
    resolve: grammar("incident resolve", { number: optional(incidentNameWord), text: words("TEXT", false) }),
    list: grammar("incident list", {}),
  }),
  handle: async (asked, invocation, context: CommandContext) => {
    const { channelId } = invocation;
    switch (asked.form) {
      case "declare":
      case "drill": {
        const by = await actorOf(invocation, context);
        const isDrill = asked.form === "drill";
        const wish = { title: asked.args.title ?? "", by, channelId, investigationId: null, isDrill };
        await declareIncident(wish, context);
        return;
      }
      case "note":
        return addNote({ text: asked.args.text ?? "", by: await actorOf(invocation, context), invocation }, context);
      case "timeline":
        return showTimeline(await incidentFor(asked.args.number, channelId, context), invocation, context);
      case "resolve": {
        const { number, text } = asked.args;
        const found =
          number === null ? await openIncidentOf(channelId, context) : await incidentFor(number, channelId, context);
        return resolveIncident(found, { by: await actorOf(invocation, context), how: text }, context);
      }
      case "list":
        return listIncidents(invocation, context);
    }
  },
});
