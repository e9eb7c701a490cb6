import type { TableBlock } from "@slack/types";
import { minutesIn } from "../../domain/time-window.ts";
import type { Breakdown, Dimension, SliceRow } from "../../domain/traffic.ts";
import { table } from "../block-kit.ts";
import { DIMENSION_NAMES } from "./names.ts";
import { count, percent } from "./numbers.ts";

const MAX_ROWS = 6;
/** What explains less is not worth a tired reader's line. */
const MIN_SHARE = 0.1;

/** A value that nearly everything has at any time, such as the only host, explains no excess. */
const USUAL_SHARE = 0.9;

/** By itself a status or a method explains nothing. */
const EXPLAINING: readonly Dimension[] = [
  "ip",
  "net",
  "userAgent",
  "pathTemplate",
  "path",
  "host",
  "refererHost",
  "referer",
];

/** A network with one busy address in it says nothing that the address does not. */
const NARROWER: Readonly<Partial<Record<Dimension, Dimension>>> = {
  net: "ip",
  pathTemplate: "path",
  refererHost: "referer",
};

/** The value of each dimension that accounts for most of the excess; null where nothing stands out. */
export function excessTable(breakdown: Breakdown): TableBlock | null {
  const baselineMins = minutesIn(breakdown.baselineWindow);
  const spikeMins = minutesIn(breakdown.spikeWindow);
  if (baselineMins === 0 || spikeMins === 0) return null;
  const rates = (row: Pick<SliceRow, "baseline" | "spike">) => ({
    before: row.baseline.requests / baselineMins,
    during: row.spike.requests / spikeMins,
  });
  const whole = rates(breakdown);
  const excess = whole.during - whole.before;
  if (excess <= 0) return null;

  const largestRows = EXPLAINING.flatMap((dimension) => {
    const shares = (breakdown.by[dimension]?.rows ?? [])
      .map((row) => {
        const { before, during } = rates(row);
        return { dimension, value: row.value, before, during, share: (during - before) / excess };
      })
      .filter(({ before }) => before < whole.before * USUAL_SHARE);
    const largest = shares.reduce<(typeof shares)[number] | null>(
      (best, row) => (best === null || row.share > best.share ? row : best),
      null,
    );
    return largest !== null && largest.share >= MIN_SHARE ? [largest] : [];
  });
  const rows = largestRows
    .filter(({ dimension, during }) =>
      largestRows.every((other) => other.dimension !== NARROWER[dimension] || other.during !== during),
    )
    .sort((a, b) => b.share - a.share)
    .slice(0, MAX_ROWS);
  if (rows.length === 0) return null;

  return table(
    [
      ["What", "Value", "Requests a minute", "Share of the excess"],
      ...rows.map((row) => [
        DIMENSION_NAMES[row.dimension].one,
        row.value,
        `${count(row.before)} → ${count(row.during)}`,
        // More than all of it, where others sent less than before.
        row.share >= 0.9995 ? "all of it" : percent(row.share),
      ]),
    ],
    ["left", "wrapped", "right", "right"],
  );
}
