import type { ScaleLinear, ScaleTime } from "d3-scale";
import { area, curveMonotoneX, curveStepAfter, line } from "d3-shape";
import type { TrafficSeries } from "../domain/traffic.ts";
import { px } from "./text.ts";

export interface Point {
  readonly startMs: number;
  readonly endMs: number;
  /** In one step of the series. */
  readonly requests: number;
}

export interface Scales {
  readonly x: ScaleTime<number, number>;
  readonly y: ScaleLinear<number, number>;
}

/** More points than this would fall on the same pixels. */
const MAX_POINTS = 1_440;
/** So few are drawn as the steps that they are; a curve through them would invent a course. */
const FEW_POINTS = 12;

/** Gives what is drawn of a series; of a long one the highest of every few steps, so that no peak is lost. */
export function pointsOf({ startMs, stepMs, requests }: TrafficSeries): readonly Point[] {
  const stepsEach = Math.ceil(requests.length / MAX_POINTS) || 1;
  const points: Point[] = [];
  for (let index = 0; index < requests.length; index += stepsEach) {
    const steps = requests.slice(index, index + stepsEach);
    points.push({
      startMs: startMs + index * stepMs,
      endMs: startMs + (index + steps.length) * stepMs,
      requests: Math.max(...steps),
    });
  }
  return points;
}

/** Draws points as a filled curve with its edge. */
export function curve(
  points: readonly Point[],
  { x, y }: Scales,
  style: { readonly stroke: string; readonly fill: string; readonly strokePx: number },
): string {
  const vertices = points.length <= FEW_POINTS ? stairs(points) : points.map(centre);
  const shape = points.length <= FEW_POINTS ? curveStepAfter : curveMonotoneX;
  const at = ([atMs]: Vertex) => x(atMs);
  const height = ([, requests]: Vertex) => y(requests);
  const filled = area<Vertex>().x(at).y0(y(0)).y1(height).curve(shape).digits(1)(vertices) ?? "";
  // Where there is nothing, the edge would only draw over the axis.
  const isNearSomething = (_: Vertex, index: number) =>
    [index - 1, index, index + 1].some((near) => (vertices[near]?.[1] ?? 0) > 0);
  const edge = line<Vertex>().x(at).y(height).defined(isNearSomething).curve(shape).digits(1)(vertices) ?? "";
  return (
    `<path d="${filled}" fill="${style.fill}"/>` +
    `<path d="${edge}" fill="none" stroke="${style.stroke}" stroke-width="${px(style.strokePx)}" stroke-linejoin="round" stroke-linecap="round"/>`
  );
}

type Vertex = readonly [atMs: number, requests: number];

function centre({ startMs, endMs, requests }: Point): Vertex {
  return [(startMs + endMs) / 2, requests];
}

function stairs(points: readonly Point[]): readonly Vertex[] {
  const last = points.at(-1);
  const rising = points.map(({ startMs, requests }): Vertex => [startMs, requests]);
  return last ? [...rising, [last.endMs, last.requests]] : rising;
}
