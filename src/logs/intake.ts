import type { Coverage, Intake } from "../domain/traffic.ts";
import type { ReadFile } from "./reading/read-files.ts";

type Skipped = Intake["skipped"][number];
type Counts = Pick<Intake, "lines" | "parsed" | "headers" | "recovered" | "unparsed">;

const SAMPLES = 10;

/**
 * Adds up what became of every line of every file. A file without one readable line gave nothing: it is named among
 * the skipped, and its lines are not counted.
 */
export function summariseIntake(
  read: readonly ReadFile[],
  more: {
    readonly skipped: readonly Skipped[];
    readonly firstMs: number | null;
    readonly lastMs: number | null;
    readonly coverage: Coverage | null;
  },
): Intake {
  const files = gather(read);
  const used = files.filter(({ counts }) => counts !== null && counts.parsed - counts.headers + counts.recovered > 0);
  const isUsed = new Set(used);
  const totals: Counts = { lines: 0, parsed: 0, headers: 0, recovered: 0, unparsed: 0 };
  const sum = used.reduce((before, { counts }) => add(before, counts as Counts), totals);
  return {
    files: used.length,
    ...sum,
    unparsedSamples: used
      .flatMap(({ name, samples }) => samples.map((line) => ({ file: name, line })))
      .slice(0, SAMPLES),
    skipped: [...more.skipped, ...files.flatMap((file) => whatIsMissing(file, isUsed.has(file)))].toSorted(byFile),
    firstMs: more.firstMs,
    lastMs: more.lastMs,
    formats: countFormats(used),
    detected: detectedAs(used),
    coverage: more.coverage,
  };
}

/** A file, its parts put together. */
interface WholeFile {
  readonly name: string;
  readonly format: string | null;
  readonly because: string;
  /** Null where it was not read. */
  readonly counts: Counts | null;
  readonly samples: readonly string[];
  /** Why it was not read, or not to its end. */
  readonly reason: string | null;
}

function gather(read: readonly ReadFile[]): readonly WholeFile[] {
  const files = new Map<string, WholeFile>();
  for (const { file, result } of read) {
    const whole = wholeOf(file.name, result);
    const before = files.get(file.name);
    files.set(file.name, before === undefined ? whole : join(before, whole));
  }
  return [...files.values()].sort((a, b) => compare(a.name, b.name));
}

function wholeOf(name: string, result: ReadFile["result"]): WholeFile {
  switch (result.kind) {
    case "read": {
      const { counts, format, because, damage } = result;
      return { name, format, because, counts, samples: counts.samples, reason: damage };
    }
    case "skipped":
      return { name, format: null, because: "", counts: null, samples: [], reason: result.reason };
    case "set-aside":
      return {
        name,
        format: null,
        because: "",
        counts: null,
        samples: [],
        reason: `is ${article(result.title)}, and others here tell of the requests themselves`,
      };
    case "parquet":
      return { name, format: null, because: "", counts: null, samples: [], reason: "is Parquet, which was not read" };
  }
}

function join(one: WholeFile, other: WholeFile): WholeFile {
  return {
    ...(one.counts === null ? other : one),
    counts: one.counts === null || other.counts === null ? (one.counts ?? other.counts) : add(one.counts, other.counts),
    samples: [...one.samples, ...other.samples].slice(0, SAMPLES),
    reason: one.reason ?? other.reason,
  };
}

function whatIsMissing(file: WholeFile, isUsed: boolean): Skipped[] {
  const { name, counts, reason, format } = file;
  if (isUsed) {
    return reason === null
      ? []
      : [{ file: name, reason: `${reason}; the ${counts?.lines ?? 0} lines before that are read` }];
  }
  if (counts === null || reason !== null) return [{ file: name, reason: reason ?? "was not read" }];
  const requests = counts.lines - counts.headers;
  return [
    {
      file: name,
      reason:
        requests === 0
          ? "holds the names of its columns alone"
          : `none of its ${counts.lines} lines is a request in the format ${format}`,
    },
  ];
}

function countFormats(files: readonly WholeFile[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { format } of files) if (format !== null) counts[format] = (counts[format] ?? 0) + 1;
  return counts;
}

/** One file of each format stands for all. */
function detectedAs(files: readonly WholeFile[]): Intake["detected"] {
  const formats = [...new Set(files.map(({ format }) => format))].filter((format) => format !== null);
  return formats.map((format) => {
    const first = files.find((file) => file.format === format);
    return { format, file: first?.name ?? "", because: first?.because ?? "" };
  });
}

function add(one: Counts, other: Counts): Counts {
  return {
    lines: one.lines + other.lines,
    parsed: one.parsed + other.parsed,
    headers: one.headers + other.headers,
    recovered: one.recovered + other.recovered,
    unparsed: one.unparsed + other.unparsed,
  };
}

function article(title: string): string {
  return /^[aeiou]/i.test(title) ? `an ${title}` : `a ${title}`;
}

function byFile(one: Skipped, other: Skipped): number {
  return compare(one.file, other.file);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
