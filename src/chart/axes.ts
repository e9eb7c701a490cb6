import type { ScaleLinear, ScaleTime } from "d3-scale";
import { DAY_MS, MINUTE_MS } from "../domain/time-window.ts";
import { formatUtcClock, formatUtcDay } from "../domain/utc.ts";
import { px, textAt, textWidth } from "./text.ts";
import { COLOUR, SIZE } from "./theme.ts";

export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const MIN_GAP_PX = 30;
const TICK_STYLE = { sizePx: SIZE.labelPx, fill: COLOUR.muted } as const;

/** Draws the horizontal grid with its numbers. */
export function countAxis(scale: ScaleLinear<number, number>, plot: Plot): string {
  return countTicks(scale)
    .map((value) => {
      const y = scale(value);
      const colour = value === 0 ? COLOUR.axis : COLOUR.grid;
      return (
        `<line x1="${px(plot.left)}" x2="${px(plot.right)}" y1="${px(y)}" y2="${px(y)}" stroke="${colour}" stroke-width="2"/>` +
        textAt(plot.left - 16, y + SIZE.labelPx * 0.36, value.toLocaleString("en-US"), { ...TICK_STYLE, anchor: "end" })
      );
    })
    .join("");
}

/** Gives the room that the numbers of the count axis need. */
export function countAxisWidth(scale: ScaleLinear<number, number>): number {
  const widths = countTicks(scale).map((value) => textWidth(value.toLocaleString("en-US"), SIZE.labelPx));
  return Math.max(...widths) + 16;
}

/** Draws the times under the plot, a new day by its date, and beneath them the day or days and the zone. */
export function timeAxis(scale: ScaleTime<number, number>, plot: Plot): string {
  const [startMs, endMs] = scale.domain().map(Number) as [number, number];
  let freeFromX = 0;
  const ticks = scale.ticks(8).map((date) => {
    const x = scale(date);
    const label = labelOf(Number(date), endMs - startMs);
    const half = textWidth(label, SIZE.labelPx) / 2;
    const tick = `<line x1="${px(x)}" x2="${px(x)}" y1="${px(plot.bottom)}" y2="${px(plot.bottom + 10)}" stroke="${COLOUR.axis}" stroke-width="2"/>`;
    if (x - half < freeFromX || x + half > SIZE.widthPx - 12) return tick;
    freeFromX = x + half + MIN_GAP_PX;
    return tick + textAt(x, plot.bottom + 44, label, { ...TICK_STYLE, anchor: "middle" });
  });
  const [first, last] = [formatUtcDay(startMs), formatUtcDay(Math.max(startMs, endMs - 1))];
  const days = first === last ? first : `${first} to ${last}`;
  return ticks.join("") + textAt(plot.left, plot.bottom + 86, `${days}, times in UTC`, TICK_STYLE);
}

/** Requests are whole: no tick stands between two of them. */
function countTicks(scale: ScaleLinear<number, number>): readonly number[] {
  return scale.ticks(5).filter(Number.isInteger);
}

function labelOf(atMs: number, spanMs: number): string {
  if (atMs % DAY_MS === 0) return formatUtcDay(atMs).slice(5);
  const clock = formatUtcClock(atMs);
  return spanMs < 8 * MINUTE_MS ? clock : clock.slice(0, 5);
}
