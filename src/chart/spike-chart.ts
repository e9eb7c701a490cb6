import { type ScaleLinear, scaleLinear, scaleUtc } from "d3-scale";
import type { Onset } from "../domain/finding.ts";
import { MINUTE_MS } from "../domain/time-window.ts";
import type { TrafficSeries } from "../domain/traffic.ts";
import { countAxis, countAxisWidth, type Plot, timeAxis } from "./axes.ts";
import { curve, type Point, pointsOf } from "./curve.ts";
import { type LegendItem, legend } from "./legend.ts";
import { type Annotation, drawMarks, LANE_PX, lanesOf, placeMarks, spikeShade } from "./marks.ts";
import { fitText, px, textAt, textWidth } from "./text.ts";
import { COLOUR, SIZE } from "./theme.ts";

export interface SpikeChart {
  readonly series: TrafficSeries;
  /** Requests in each step, were nothing unusual; null where unknown. */
  readonly expectedPerStep: number | null;
  readonly onset: Onset | null;
  /** What the guilty slice accounts for, on the same steps as `series`. */
  readonly guilty: TrafficSeries | null;
  /** Names the guilty slice in the legend: "198.51.100.14". */
  readonly guiltyLabel?: string;
  readonly title: string;
  readonly annotations: readonly Annotation[];
}

/**
 * Draws requests over time with the usual level, the onset, what the guilty slice accounts for, and what was done.
 *
 * The same input gives the same SVG on every machine. A series that is empty,
 * or holds no request, is drawn as what it is and says so in words.
 */
export function spikeChartSvg(chart: SpikeChart): string {
  const { onset, expectedPerStep, guilty } = chart;
  const points = pointsOf(chart.series);
  const y = scaleLinear([0, highest(points, expectedPerStep)], [0, 1]).nice(5);
  const left = SIZE.marginPx + countAxisWidth(y);
  const right = SIZE.widthPx - SIZE.marginPx;
  const { startMs } = chart.series;
  const x = scaleUtc([startMs, points.at(-1)?.endMs ?? startMs + MINUTE_MS], [left, right]);
  const marks = points.length > 0 ? placeMarks(onset, chart.annotations, x) : [];
  const plot: Plot = { left, right, top: 164 + lanesOf(marks) * LANE_PX, bottom: SIZE.heightPx - 116 };
  y.range([plot.bottom, plot.top]);
  const style = { stroke: COLOUR.requests, fill: "url(#under)", strokePx: points.length > 400 ? 2.5 : 4 };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE.widthPx}" height="${SIZE.heightPx}" viewBox="0 0 ${SIZE.widthPx} ${SIZE.heightPx}">`,
    UNDER_REQUESTS,
    `<rect width="${SIZE.widthPx}" height="${SIZE.heightPx}" fill="${COLOUR.paper}"/>`,
    title(chart.title),
    legend(legendItems(chart), SIZE.marginPx, 116, right - SIZE.marginPx),
    onset ? spikeShade(onset, x, plot) : "",
    countAxis(y, plot),
    points.length > 0 ? timeAxis(x, plot) : "",
    curve(points, { x, y }, style),
    guilty
      ? curve(pointsOf(guilty), { x, y }, { ...style, stroke: COLOUR.guiltyEdge, fill: COLOUR.guilty, strokePx: 2.5 })
      : "",
    expectedPerStep === null ? "" : usualLine(y(expectedPerStep), plot),
    drawMarks(marks, plot),
    peak(points, x, y, plot),
    note(points, plot),
    "</svg>",
  ].join("");
}

const UNDER_REQUESTS = `<defs><linearGradient id="under" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${COLOUR.requests}" stop-opacity="0.28"/><stop offset="1" stop-color="${COLOUR.requests}" stop-opacity="0.06"/></linearGradient></defs>`;

function title(text: string): string {
  const { titlePx: sizePx, marginPx, widthPx } = SIZE;
  const shown = fitText(text, widthPx - 2 * marginPx, sizePx, 600);
  return textAt(marginPx, 64, shown, { sizePx, weight: 600, fill: COLOUR.ink });
}

function legendItems({ expectedPerStep, guilty, guiltyLabel }: SpikeChart): readonly LegendItem[] {
  const items: LegendItem[] = [{ mark: "line", colour: COLOUR.requests, text: "All requests" }];
  if (guilty) items.push({ mark: "area", colour: COLOUR.guilty, text: guiltyLabel ?? "What explains the excess" });
  if (expectedPerStep !== null) {
    const level = Math.round(expectedPerStep).toLocaleString("en-US");
    items.push({ mark: "dashes", colour: COLOUR.usual, text: `Usual: ${level}` });
  }
  return items;
}

/** Leaves room above the highest point for its number. */
function highest(points: readonly Point[], expectedPerStep: number | null): number {
  const top = points.reduce((most, { requests }) => Math.max(most, requests), expectedPerStep ?? 0);
  return Math.max(1, top * 1.12);
}

function usualLine(y: number, plot: Plot): string {
  return `<line x1="${px(plot.left)}" x2="${px(plot.right)}" y1="${px(y)}" y2="${px(y)}" stroke="${COLOUR.usual}" stroke-width="4" stroke-dasharray="14 9"/>`;
}

/** Marks the first highest point with its number. */
function peak(
  points: readonly Point[],
  x: (atMs: number) => number,
  y: ScaleLinear<number, number>,
  plot: Plot,
): string {
  const top = points.reduce<Point | null>(
    (best, point) => (best && best.requests >= point.requests ? best : point),
    null,
  );
  if (top === null || top.requests === 0) return "";
  const text = Math.round(top.requests).toLocaleString("en-US");
  const [atX, atY] = [x((top.startMs + top.endMs) / 2), y(top.requests)];
  const half = textWidth(text, SIZE.labelPx, 600) / 2;
  const textX = Math.min(plot.right - half, Math.max(plot.left + half, atX));
  return (
    `<circle cx="${px(atX)}" cy="${px(atY)}" r="8" fill="${COLOUR.requests}" stroke="${COLOUR.paper}" stroke-width="3"/>` +
    textAt(textX, atY - 18, text, {
      sizePx: SIZE.labelPx,
      weight: 600,
      fill: COLOUR.ink,
      anchor: "middle",
      halo: COLOUR.paper,
    })
  );
}

/** An empty plot is not the same as no traffic, so it says what it is. */
function note(points: readonly Point[], plot: Plot): string {
  if (points.some(({ requests }) => requests > 0)) return "";
  const text = points.length === 0 ? "Nothing was read for this time" : "No request in the log for this time";
  return textAt((plot.left + plot.right) / 2, (plot.top + plot.bottom) / 2, text, {
    sizePx: SIZE.titlePx,
    fill: COLOUR.muted,
    anchor: "middle",
    halo: COLOUR.paper,
  });
}
