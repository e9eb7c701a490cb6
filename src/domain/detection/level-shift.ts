import { DAY_MS } from "../time-window.ts";
import { createSortedWindow } from "./sorted-window.ts";
import type { View } from "./view.ts";

/** A level is the median of so many points. */
const LEVEL_POINTS = 48;
/** It is held against the median of the three days before; where days have few or very many points, of these. */
const BEFORE_DAYS = 3;
const MIN_DAY_POINTS = 48;
const MAX_DAY_POINTS = 400;
const MIN_BEFORE_POINTS = 20;

/** Tells how far the level of the last 48 points lies from the level of some days before: it sees what stays. */
export function createLevelShift(stepMs: number): View {
  const dayPoints = Math.min(Math.max(Math.round(DAY_MS / stepMs), MIN_DAY_POINTS), MAX_DAY_POINTS);
  const before = createSortedWindow(BEFORE_DAYS * dayPoints);
  const level = createSortedWindow(LEVEL_POINTS);
  const recent: number[] = [];
  return ({ root }) => {
    level.push(root);
    recent.push(root);
    const past = recent.length > LEVEL_POINTS ? recent.shift() : undefined;
    const distance = before.size() >= MIN_BEFORE_POINTS ? Math.abs(level.quantile(0.5) - before.quantile(0.5)) : null;
    if (past !== undefined) before.push(past);
    return distance;
  };
}
