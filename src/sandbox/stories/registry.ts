import { UserError } from "../../errors.ts";
import { crawler } from "./crawler.ts";
import { doubling } from "./doubling.ts";
import { previewLinks } from "./preview-links.ts";
import { quiet } from "./quiet.ts";
import { slowProxy } from "./slow-proxy.ts";
import type { Story } from "./story.ts";
import { tvShow } from "./tv-show.ts";

/** Every story that the sandbox can play, the default first. */
export const STORIES: readonly [Story, ...Story[]] = [crawler, previewLinks, tvShow, doubling, slowProxy, quiet];

/** @throws {UserError} `story-unknown`, naming the stories that there are */
export function findStory(name: string): Story {
  const story = STORIES.find((candidate) => candidate.name === name);
  if (story !== undefined) return story;
  const available = STORIES.map((candidate) => candidate.name).join(", ");
  throw new UserError("story-unknown", `There is no story "${name}"; the sandbox plays ${available}.`);
}
