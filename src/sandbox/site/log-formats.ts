import type { ServiceName, StorySite } from "../stories/story.ts";
import { LINE_FORMATS, type LineFormat } from "./line-format.ts";

/** How the services write their logs. */
export type LogFormats = Readonly<Record<ServiceName, LineFormat>>;

/** Gives the formats of a story's site; those of every day where it says nothing. */
export function logFormats(site: StorySite = {}): LogFormats {
  return { web: LINE_FORMATS.alb, forum: LINE_FORMATS[site.forumFormat ?? "nginx-combined"] };
}
