import { type CleanLine, readCleanLine } from "./clean-line.ts";
import type { LineReader, LogFormat } from "./format.ts";
import type { LineTemplate } from "./line-template.ts";
import { createTemplateReader } from "./template-reader.ts";

/** A text format as data. */
export interface TextFormat extends Pick<LogFormat, "name" | "title" | "holds"> {
  /** The layouts that its lines come in, the usual one first; a file has one of them. */
  readonly templates: readonly [LineTemplate, ...LineTemplate[]];
  /** What a line must have beside the layout, where others share that. */
  isOwn?(line: CleanLine): boolean;
}

/** Makes a format of templates: a line is recognised where it is clean, and read where it is not, too. */
export function templateFormat({ name, title, holds, templates, isOwn }: TextFormat): LogFormat {
  const fits = ({ parts }: LineTemplate, line: string) => {
    const clean = readCleanLine(parts, line.endsWith("\r") ? line.slice(0, -1) : line);
    return clean !== null && (isOwn?.(clean) ?? true);
  };
  const readers = new Map(templates.map((template) => [template, createTemplateReader(template)]));
  return {
    name,
    title,
    holds,
    recognises: (line) => templates.some((template) => fits(template, line)),
    open: (head) => {
      const template = mostFitting(templates, (candidate) => head.filter((line) => fits(candidate, line)).length);
      return { template, read: readers.get(template) as LineReader["read"] };
    },
  };
}

/** The first of those with the highest score. */
function mostFitting<T>(items: readonly [T, ...T[]], score: (item: T) => number): T {
  const [first, ...others] = items;
  let best = { item: first, score: score(first) };
  for (const item of others) {
    const itemScore = score(item);
    if (itemScore > best.score) best = { item, score: itemScore };
  }
  return best.item;
}
