import type { KnownBlock } from "@slack/types";
import type { EventKind, Incident, TimelineEvent } from "../../domain/incident.ts";
import { formatUtcClock, formatUtcDay } from "../../domain/utc.ts";
import type { Message } from "../../ports/messenger.ts";
import { context, section } from "../block-kit.ts";
import { plain } from "../escape.ts";
import { incidentName } from "./incident.ts";
import { plural } from "./numbers.ts";

/** The newest are shown; the postmortem has all. */
const MAX_EVENTS = 40;
const EVENTS_PER_SECTION = 8;
/** Of so many events, what one message may hold. */
const MAX_EVENT_CHARS = 280;

const SIGNS: Readonly<Record<EventKind, string>> = {
  "incident-declared": ":rotating_light:",
  "incident-resolved": ":white_check_mark:",
  investigation: ":mag:",
  finding: ":bar_chart:",
  breakdown: ":bar_chart:",
  proposal: ":raised_hand:",
  approval: ":thumbsup:",
  refusal: ":no_entry_sign:",
  action: ":shield:",
  check: ":mag_right:",
  undo: ":leftwards_arrow_with_hook:",
  failure: ":warning:",
  note: ":memo:",
  message: ":speech_balloon:",
  postmortem: ":page_facing_up:",
};

/** The timeline of an incident in UTC, oldest first. */
export function timelineMessage(timeline: {
  readonly incident: Incident;
  readonly events: readonly TimelineEvent[];
}): Message {
  const { incident, events } = timeline;
  const text = `Timeline of ${incidentName(incident)}: ${plural(events.length, "entry", "entries")}`;
  const shown = events.slice(-MAX_EVENTS);
  const left = events.length - shown.length;
  const blocks: KnownBlock[] = [
    section(`*${text}*`),
    ...(left > 0
      ? [context(`${plural(left, "earlier entry", "earlier entries")} not shown; \`/postmortem\` has them all.`)]
      : []),
    ...inGroups(linesWithDays(shown), EVENTS_PER_SECTION).map((lines) => section(lines.join("\n"))),
    context("Times in UTC."),
  ];
  return { text, blocks };
}

/** One line an event, with a line in between where another day begins. */
function linesWithDays(events: readonly TimelineEvent[]): string[] {
  return events.flatMap((event, index) => {
    const day = formatUtcDay(event.occurredMs);
    const previous = events[index - 1];
    const isNewDay = previous === undefined || formatUtcDay(previous.occurredMs) !== day;
    return isNewDay ? [`*${day}*`, eventLine(event)] : [eventLine(event)];
  });
}

function eventLine(event: TimelineEvent): string {
  const link = event.permalink === null ? "" : ` <${event.permalink.replace(/[<>|\s]/g, "")}|↗>`;
  return `\`${formatUtcClock(event.occurredMs)}\` ${SIGNS[event.kind]} ${plain(shorten(event.text), MAX_EVENT_CHARS)} · ${plain(event.actor.name, 60)}${link}`;
}

/** Ends with a whole sentence where one ends late enough, and else with a whole word. */
function shorten(text: string): string {
  if (text.length <= MAX_EVENT_CHARS) return text;
  const head = text.slice(0, MAX_EVENT_CHARS - 2);
  const sentenceEnd = head.lastIndexOf(". ") + 1;
  const end = sentenceEnd > MAX_EVENT_CHARS / 2 ? sentenceEnd : head.lastIndexOf(" ");
  return end > MAX_EVENT_CHARS / 2 ? `${head.slice(0, end)} …` : text;
}

function inGroups<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
