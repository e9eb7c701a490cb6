import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { sliceName } from "../../src/domain/scan/slice-name.ts";
import { CaseError } from "./cases.ts";

/** What really caused a case. */
export interface Label {
  /** As `Answer.named`. */
  readonly causes: readonly string[];
  /** When somebody noticed, in the seconds of the case's minutes. */
  readonly alarm: number;
}

const FILE = "anomaly.yaml";
const cause = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const labels = z.array(z.object({ data: z.string(), timestamp: z.number(), cause: z.union([cause, z.array(cause)]) }));

/** Reads what caused each case, by its name; null where the folder does not tell. @throws CaseError on another shape. */
export function readLabels(folder: string): ReadonlyMap<string, Label> | null {
  const path = join(folder, FILE);
  if (!existsSync(path)) return null;
  const read = labels.safeParse(parseYaml(readFileSync(path, "utf8")));
  if (!read.success) throw new CaseError(`${FILE} is not a list of data, timestamp and cause`);
  return new Map(
    read.data.map(({ data, timestamp, cause }) => {
      const causes = [cause].flat().map((values) => sliceName(mapValues(values)));
      return [data, { causes: [...new Set(causes)], alarm: timestamp }];
    }),
  );
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return null;
  }
}

function mapValues(values: Readonly<Record<string, string | number | boolean>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([dimension, value]) => [dimension, String(value)]));
}
