import { SECOND_MS } from "../../src/domain/time-window.ts";
import type { Kill } from "./killer.ts";
import type { Outcome } from "./random-kills.ts";
import { VIOLATIONS, type Violation } from "./verdict.ts";

const STEP_WIDTH = 62;

/**
 * Writes a row for each step at which processes died, with what was broken. A violation counts at the last death before
 * it, which need not be its cause.
 */
export function killTable(outcomes: readonly Outcome[]): string {
  const rows = new Map<string, { kills: number; readonly broken: number[] }>();
  const rowOf = (name: string) => {
    const row = rows.get(name) ?? { kills: 0, broken: VIOLATIONS.map(() => 0) };
    rows.set(name, row);
    return row;
  };
  for (const { kills, violations } of outcomes) {
    for (const kill of kills) rowOf(placeOf(kill)).kills += 1;
    for (const violation of violations) {
      const { broken } = rowOf(placeBefore(violation, kills));
      const column = VIOLATIONS.indexOf(violation.kind);
      broken[column] = (broken[column] ?? 0) + 1;
    }
  }
  const line = (name: string, cells: readonly (string | number)[]) =>
    name.padEnd(STEP_WIDTH) + cells.map((cell) => String(cell).padStart(15)).join("");
  const all = [...rows.values()];
  const sum = (column: number) => all.reduce((total, { broken }) => total + (broken[column] ?? 0), 0);
  return [
    line("killed", ["kills", ...VIOLATIONS]),
    ...[...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, row]) => line(name, [row.kills, ...row.broken])),
    line("in all", [all.reduce((total, { kills }) => total + kills, 0), ...VIOLATIONS.map((_, column) => sum(column))]),
  ].join("\n");
}

/** What was asked for, and how late the latest was, in a sentence each. */
export function killSummary({ ended, latest, longestGapMs, tookMs, kills }: Outcome): string {
  const secs = (ms: number) => `${(ms / SECOND_MS).toFixed(1)} s`;
  const ends = Object.entries(ended).map(([state, count]) => `${count} ${state}`);
  return [
    `${kills.length} kills in ${secs(tookMs)}; proposals: ${ends.join(", ")};`,
    `latest end of an entry ${secs(latest.entryMs)} after its time (half within ${secs(latest.medianEntryMs)}),`,
    `of capacity ${secs(latest.capacityMs)}; longest time that an active block was not in its set ${secs(longestGapMs)}`,
  ].join(" ");
}

function placeBefore({ atMs }: Violation, kills: readonly Kill[]): string {
  const last = kills.findLast((kill) => kill.atMs <= atMs);
  return last === undefined ? "nowhere yet" : placeOf(last);
}

function placeOf({ member, step, moment }: Kill): string {
  return `${member.padEnd(7)}${moment.padEnd(7)}${step.source.padEnd(9)}${step.name}`;
}
