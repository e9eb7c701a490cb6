import { type CleanLine, readCleanLine } from "../clean-line.ts";
import type { LineReader, LogFormat } from "../format.ts";
import type { LineTemplate } from "../line-template.ts";
import { createTemplateReader, hasEscapes } from "../template-reader.ts";
import { countFittingFields } from "./damaged-line.ts";
import { slotsOf } from "./line-slots.ts";

/** A text format as data. */
export interface TextFormat extends Pick<LogFormat, "name" | "title" | "holds" | "continues" | "opening"> {
  /** The layouts that its lines come in, the usual one first; a file has one of them. */
  readonly templates: readonly [LineTemplate, ...LineTemplate[]];
  /** What a line must have beside the layout, where others share that. */
  isOwn?(line: CleanLine): boolean;
}

/** Makes a format of templates: a line is recognised where it is clean, and read where it is not, too. */
export function templateFormat({ templates, isOwn, ...format }: TextFormat): LogFormat {
  const fits = ({ parts }: LineTemplate, line: string) => {
    const clean = readCleanLine(parts, line.endsWith("\r") ? line.slice(0, -1) : line);
    return clean !== null && (isOwn?.(clean) ?? true);
  };
  // There may be a hundred thousand files.
  const readers = new Map(templates.map((template) => [template, createTemplateReader(template)]));
  return {
    ...format,
    recognises: (line) => templates.some((template) => fits(template, line)),
    open: (head) => {
      const template = bestOf(
        templates,
        (candidate) => head.filter((line) => fits(candidate, line)).length,
        ({ parts, escaping }) => {
          const slots = slotsOf(parts);
          const counts = head
            .slice(0, DAMAGED_LOOKED_AT)
            .map((line) => countFittingFields(slots, line, hasEscapes(escaping)));
          return counts.reduce((sum, count) => sum + count, 0);
        },
      );
      return { template, read: readers.get(template) as LineReader["read"] };
    },
  };
}

/** Where no line of the head is clean. */
const DAMAGED_LOOKED_AT = 5;

/** The first of those with the highest score; the scores count one behind the other. */
function bestOf<T>(items: readonly [T, ...T[]], ...scores: readonly ((item: T) => number)[]): T {
  const [score, ...others] = scores;
  if (items.length === 1 || score === undefined) return items[0];
  const scored = items.map((item) => ({ item, value: score(item) }));
  const highest = Math.max(...scored.map(({ value }) => value));
  const [first = items[0], ...rest] = scored.filter(({ value }) => value === highest).map(({ item }) => item);
  return bestOf([first, ...rest], ...others);
}
