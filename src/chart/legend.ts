import { fitText, px, textAt, textWidth } from "./text.ts";
import { COLOUR, SIZE } from "./theme.ts";

export interface LegendItem {
  readonly mark: "line" | "area" | "dashes";
  readonly colour: string;
  readonly text: string;
}

const SWATCH_PX = 40;
const GAP_PX = 14;
const BETWEEN_PX = 44;

/** Draws the items side by side with their baseline at `y`; a long one is cut, so that all have room. */
export function legend(items: readonly LegendItem[], x: number, y: number, maxPx: number): string {
  const room = (maxPx - (items.length - 1) * BETWEEN_PX) / items.length - SWATCH_PX - GAP_PX;
  const wanted = items.map((item) => textWidth(item.text, SIZE.labelPx));
  const spare = wanted.reduce((sum, width) => sum + Math.max(0, room - width), 0);
  const longest = Math.max(...wanted);
  let left = x;
  return items
    .map((item, index) => {
      // What short items leave over goes to the longest one.
      const width = wanted[index] === longest ? room + spare : room;
      const text = fitText(item.text, width, SIZE.labelPx);
      const drawn = swatch(item, left, y) + textAt(left + SWATCH_PX + GAP_PX, y, text, labelStyle);
      left += SWATCH_PX + GAP_PX + textWidth(text, SIZE.labelPx) + BETWEEN_PX;
      return drawn;
    })
    .join("");
}

const labelStyle = { sizePx: SIZE.labelPx, fill: COLOUR.muted } as const;

function swatch({ mark, colour }: LegendItem, x: number, y: number): string {
  const middle = y - SIZE.labelPx * 0.36;
  if (mark === "area") {
    return `<rect x="${px(x)}" y="${px(middle - 10)}" width="${SWATCH_PX}" height="20" rx="4" fill="${colour}"/>`;
  }
  const dashes = mark === "dashes" ? ' stroke-dasharray="10 6"' : "";
  return `<line x1="${px(x)}" x2="${px(x + SWATCH_PX)}" y1="${px(middle)}" y2="${px(middle)}" stroke="${colour}" stroke-width="5"${dashes}/>`;
}
