import type { ScaleTime } from "d3-scale";
import type { Onset } from "../domain/finding.ts";
import { formatUtcTime } from "../domain/utc.ts";
import type { Plot } from "./axes.ts";
import { type Place, placeInLanes } from "./lanes.ts";
import { fitText, px, textAt, textWidth } from "./text.ts";
import { COLOUR, SIZE } from "./theme.ts";

export interface Annotation {
  readonly atMs: number;
  readonly label: string;
}

/** A moment with a line through the plot, and with a label above it where there is room. */
export interface Mark {
  readonly x: number;
  readonly text: string;
  readonly widthPx: number;
  readonly colour: string;
  readonly place: Place | null;
}

/** Room above the plot for one row of labels. */
export const LANE_PX = 50;
/** With more rows than this the plot would have little left. */
const MAX_LANES = 3;
const PILL_PX = 40;
const PADDING_PX = 16;
const MAX_TEXT_PX = 520;

/** Finds the place of every moment that is marked: the onset first, then actions, then the end. */
export function placeMarks(
  onset: Onset | null,
  annotations: readonly Annotation[],
  x: ScaleTime<number, number>,
): readonly Mark[] {
  const [minX, maxX] = x.range() as [number, number];
  const moments = [
    ...(onset ? [{ atMs: onset.onsetMs, label: `Began ${formatUtcTime(onset.onsetMs)}`, colour: COLOUR.onset }] : []),
    ...annotations.map(({ atMs, label }) => ({ atMs, label: `${clock(atMs)} ${label}`, colour: COLOUR.action })),
    ...(onset?.endMs != null
      ? [{ atMs: onset.endMs, label: `Over ${formatUtcTime(onset.endMs)}`, colour: COLOUR.usual }]
      : []),
  ].filter(({ atMs }) => x(atMs) >= minX && x(atMs) <= maxX);
  const measured = moments.map(({ atMs, label, colour }) => {
    const text = fitText(label, MAX_TEXT_PX, SIZE.labelPx, 600);
    return { x: x(atMs), text, colour, widthPx: textWidth(text, SIZE.labelPx, 600) + 2 * PADDING_PX };
  });
  const places = placeInLanes(measured, { minX, maxX, lanes: MAX_LANES, gapPx: 12 });
  return measured.map((mark, index) => ({ ...mark, place: places[index] ?? null }));
}

/** Gives how many rows of labels there are. */
export function lanesOf(marks: readonly Mark[]): number {
  return Math.max(0, ...marks.map(({ place }) => (place ? place.lane + 1 : 0)));
}

/** Draws the lines of all marks, then their labels on top. */
export function drawMarks(marks: readonly Mark[], plot: Plot): string {
  return [...marks.map((mark) => stem(mark, plot)), ...marks.map((mark) => pill(mark, plot))].join("");
}

/** Shades the time of the spike, and darker the time in which its true onset lies. */
export function spikeShade(onset: Onset, x: ScaleTime<number, number>, plot: Plot): string {
  const endMs = onset.endMs ?? Number(x.domain()[1]);
  return (
    shade(x(onset.onsetMs), x(endMs), plot, COLOUR.spike) + shade(x(onset.lowMs), x(onset.highMs), plot, COLOUR.doubt)
  );
}

function stem({ x, colour, place }: Mark, plot: Plot): string {
  const top = place ? laneTop(place.lane, plot) + PILL_PX / 2 : plot.top;
  return `<line x1="${px(x)}" x2="${px(x)}" y1="${px(top)}" y2="${px(plot.bottom)}" stroke="${colour}" stroke-width="3" stroke-dasharray="3 7" stroke-linecap="round"/>`;
}

function pill({ text, colour, widthPx, place }: Mark, plot: Plot): string {
  if (place === null) return "";
  const top = laneTop(place.lane, plot);
  return (
    `<rect x="${px(place.left)}" y="${px(top)}" width="${px(widthPx)}" height="${PILL_PX}" rx="${PILL_PX / 2}" fill="${colour}"/>` +
    textAt(place.left + widthPx / 2, top + 29, text, {
      sizePx: SIZE.labelPx,
      weight: 600,
      fill: COLOUR.paper,
      anchor: "middle",
    })
  );
}

function laneTop(lane: number, plot: Plot): number {
  return plot.top - (lane + 1) * LANE_PX;
}

function shade(fromX: number, toX: number, plot: Plot, fill: string): string {
  const [left, right] = [Math.max(plot.left, fromX), Math.min(plot.right, toX)];
  if (right <= left) return "";
  return `<rect x="${px(left)}" y="${px(plot.top)}" width="${px(right - left)}" height="${px(plot.bottom - plot.top)}" fill="${fill}"/>`;
}

function clock(atMs: number): string {
  return formatUtcTime(atMs).slice(0, 5);
}
