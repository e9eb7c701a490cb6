import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { FORMAT_SAMPLES, type FormatSample } from "../../support/format-samples.ts";
import { mutatedLines } from "../../support/mutated-lines.ts";

/** A file of a folder that is made up. */
export interface RandomFile {
  readonly name: string;
  readonly content: Buffer;
  /** As `wc -l` counts them, and the last one without a newline; null where damage leaves that open. */
  readonly lines: number | null;
}

/** Formats that a file's lines tell. */
const TOLD = FORMAT_SAMPLES.filter(({ name }) => !/^(nginx|apache) /.test(name));

/** Makes a folder: the same one for the same seed. */
export function randomFolder(seed: number): readonly RandomFile[] {
  const [folder = []] = fc.sample(fc.array(file, { minLength: 1, maxLength: 5 }), { seed, numRuns: 1 });
  return folder.map((each, index) => ({ ...each, name: `${index}.log` }));
}

/** Half of a file's lines are as they should be, so that it is read at all. */
const file: fc.Arbitrary<Omit<RandomFile, "name">> = fc
  .tuple(
    fc.constantFrom(...TOLD).chain(linesOf),
    fc.constantFrom(...TOLD).chain(linesOf),
    fc.constantFrom<Mix>("one", "one", "one", "one behind the other", "by turns"),
    fc.constantFrom("\n", "\n", "\r\n", "\n\n", "\n\0\n"),
    fc.constantFrom("", "", "\ufeff", "\n", "\0"),
    fc.boolean(),
    fc.constantFrom<Packing>("plain", "plain", "gzip", "members", "padded", "cut", "damaged", "bytes"),
    fc.nat(),
  )
  .map(([one, other, mix, newline, start, isTerminated, packing, at]) => {
    const lines = mixed(one, other, mix);
    const text = Buffer.concat([
      Buffer.from(start),
      ...lines.map((line, index) =>
        Buffer.concat([line, Buffer.from(isTerminated || index + 1 < lines.length ? newline : "")]),
      ),
    ]);
    return packed(text, packing, at);
  });

type Mix = "one" | "one behind the other" | "by turns";
type Packing = "plain" | "gzip" | "members" | "padded" | "cut" | "damaged" | "bytes";

function linesOf(sample: FormatSample): fc.Arbitrary<readonly Buffer[]> {
  const lines = sample.lines.map((line) => Buffer.from(line));
  const line = fc.oneof(fc.constantFrom(...lines), mutatedLines(lines));
  return fc
    .array(line, { minLength: 1, maxLength: 150, size: "max" })
    .map((others) => [...sample.headers.map((header) => Buffer.from(header)), ...lines, ...others]);
}

function mixed(one: readonly Buffer[], other: readonly Buffer[], mix: Mix): readonly Buffer[] {
  if (mix === "one") return one;
  if (mix === "one behind the other") return [...one, ...other];
  return one.flatMap((line, index) => [line, ...other.slice(index, index + 1)]);
}

function packed(text: Buffer, packing: Packing, at: number): Omit<RandomFile, "name"> {
  const lines = physicalLines(text);
  const half = at % (text.length + 1);
  switch (packing) {
    case "plain":
      return { content: text, lines };
    case "bytes": {
      const content = Buffer.from(text);
      for (let index = at % 50; index < content.length; index += 1 + (at % 997)) content[index] = (at * index) % 256;
      return { content, lines: physicalLines(content) };
    }
    case "gzip":
      return { content: gzipSync(text), lines };
    case "members":
      return { content: Buffer.concat([gzipSync(text.subarray(0, half)), gzipSync(text.subarray(half))]), lines };
    case "padded":
      return { content: Buffer.concat([gzipSync(text), Buffer.alloc(at % 600)]), lines };
    case "cut": {
      const whole = gzipSync(text);
      return { content: whole.subarray(0, at % whole.length), lines: null };
    }
    case "damaged": {
      const whole = gzipSync(text);
      const index = at % whole.length;
      whole[index] = (whole[index] ?? 0) ^ (1 + (at % 255));
      return { content: whole, lines: null };
    }
  }
}

function physicalLines(bytes: Buffer): number {
  const newlines = bytes.filter((byte) => byte === 0x0a).length;
  return newlines + (bytes.length > 0 && bytes.at(-1) !== 0x0a ? 1 : 0);
}
