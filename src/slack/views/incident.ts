import type { KnownBlock } from "@slack/types";
import { formatDuration } from "../../domain/duration.ts";
import type { Incident } from "../../domain/incident.ts";
import { formatUtc } from "../../domain/utc.ts";
import type { Message } from "../../ports/messenger.ts";
import { ACTION } from "../action-ids.ts";
import { actions, button, confirm, context, section } from "../block-kit.ts";
import { bold, plain } from "../escape.ts";
import { moment } from "../moment.ts";
import { plural } from "./numbers.ts";

/** What people call an incident. */
export function incidentName(incident: Pick<Incident, "number">): string {
  return `INC-${incident.number}`;
}

/** An incident's card, open or resolved. */
export function incidentMessage({ incident }: { readonly incident: Incident }): Message {
  const title = `${incidentName(incident)}${incident.isDrill ? " (drill)" : ""}: ${incident.title}`;
  const shown = bold(title, 210);
  const text = incident.state === "open" ? `:rotating_light: ${shown}` : `:white_check_mark: ${shown} (resolved)`;
  const blocks: KnownBlock[] = [
    section(`${text}\n${facts(incident).join("\n")}`),
    actions("incident", ...incidentButtons(incident)),
    context(
      incident.isDrill
        ? "A drill: what is approved in this channel until it is resolved is not carried out."
        : incident.state === "open"
          ? "Everything Spillway does here lands on its timeline. Add a message with :pushpin: or the shortcut “Add to timeline”."
          : "Its timeline stays; the postmortem can be refreshed at any time.",
    ),
  ];
  return { text: plain(title, 210), blocks };
}

function facts(incident: Incident): string[] {
  const lines = [`Declared by ${bold(incident.declaredBy.name)} at ${moment(incident.declaredMs)}`];
  if (incident.service !== null) lines.push(`Service: ${bold(incident.service)}`);
  lines.push(
    incident.startedMs === null ? "Impact began: not known yet" : `Impact began: ${moment(incident.startedMs)}`,
  );
  if (incident.resolvedMs !== null) {
    const took = formatDuration((incident.resolvedMs - (incident.startedMs ?? incident.declaredMs)) / 1_000);
    lines.push(
      `Resolved by ${bold(incident.resolvedBy?.name ?? "somebody")} at ${moment(incident.resolvedMs)}, after ${took}`,
    );
  }
  return lines;
}

function incidentButtons(incident: Incident) {
  const timeline = button(ACTION.timeline, "Timeline", incident.id);
  if (incident.state === "resolved") {
    return [button(ACTION.postmortem, "Draft postmortem", incident.id, { style: "primary" }), timeline];
  }
  const resolve = button(ACTION.resolve, "Resolve", incident.id, {
    style: "primary",
    confirm: confirm("Resolve?", `${incidentName(incident)} is over, and its postmortem can be drafted.`, "Resolve"),
  });
  return [resolve, timeline];
}

const MAX_INCIDENTS = 20;

/** Incidents, one line each, newest first. */
export function incidentsMessage({ incidents }: { readonly incidents: readonly Incident[] }): Message {
  if (incidents.length === 0) {
    const text = "No incident yet. Declare one with `/incident declare TITLE`.";
    return { text, blocks: [section(text)] satisfies KnownBlock[] };
  }
  const open = incidents.filter((incident) => incident.state === "open").length;
  const text = `${plural(incidents.length, "incident")}, ${open} open`;
  const left = incidents.length - MAX_INCIDENTS;
  return {
    text,
    blocks: [
      section(`*${text}*\n${incidents.slice(0, MAX_INCIDENTS).map(incidentLine).join("\n")}`),
      ...(left > 0 ? [context(`${plural(left, "older one", "older ones")} not shown.`)] : []),
    ] satisfies KnownBlock[],
  };
}

/** One incident in one line. */
export function incidentLine(incident: Incident): string {
  const sign = incident.state === "open" ? ":rotating_light:" : ":white_check_mark:";
  const where = `<#${incident.channelId}>`;
  const drill = incident.isDrill ? " (drill)" : "";
  return `${sign} *${incidentName(incident)}*${drill} ${plain(incident.title, 120)} · ${where} · declared ${formatUtc(incident.declaredMs)}`;
}
