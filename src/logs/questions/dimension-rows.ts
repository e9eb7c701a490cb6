import type { Dimension, DimensionBreakdown, Rank } from "../../domain/traffic.ts";
import type { Engine } from "./engine.ts";
import { compareTexts, inOrder, type Largest, textsOf } from "./largest.ts";

/** Makes a dimension's rows of its largest groups. */
export async function dimensionBreakdown(
  engine: Engine,
  largest: Largest,
  { dimension, rankBy }: { dimension: Dimension; rankBy: Rank },
): Promise<DimensionBreakdown> {
  const texts = await textsOf(engine, dimension, largest.keys[0] ?? []);
  const rows = largest.groups.map(({ baseline, spike, firstSeenMs }, index) => ({
    value: texts[index] ?? "",
    baseline,
    spike,
    firstSeenMs,
  }));
  return {
    rows: inOrder(rows, rankBy, (a, b) => compareTexts(a.value, b.value)),
    distinct: largest.distinct,
    unknown: largest.unknown,
  };
}
