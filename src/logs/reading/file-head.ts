/** What the first bytes of a file are, before any of its lines is read. */
import { splitConcatenatedJson } from "../formats/concatenated-json.ts";

/** Gives the lines at the start, so many at most, without one that is cut; `isWhole` where the file ends with them. */
export function linesOf(head: Buffer, isWhole: boolean, limit: number): string[] {
  const lines = withoutByteOrderMark(head)
    .toString("utf8")
    .split("\n", limit + 1)
    .map((line) => line.replace(/\r$/, ""));
  // What the head cuts in two is no line; the last one of a file may have no newline.
  const isCut = lines.length > limit || !isWhole || lines.at(-1) === "";
  return lines.length > 1 && isCut ? lines.slice(0, -1) : lines;
}

/** Several objects on a line are told one by one; of those, the last may be cut. */
export function partsOf(lines: readonly string[], limit: number): readonly string[] {
  if (!lines.some((line) => line.startsWith("{"))) return lines;
  return lines
    .flatMap((line) => {
      const parts = line.startsWith("{") ? splitConcatenatedJson(line) : [line];
      return parts.length > 1 ? parts.slice(0, -1) : parts;
    })
    .slice(0, limit);
}

/** Gives what follows the mark that UTF-8 may begin with. */
export function withoutByteOrderMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** What follows the zero bytes at the start: files have them where something was to be written, and was not. */
export function behindHole(bytes: Buffer): Buffer {
  let start = 0;
  while (bytes[start] === 0) start += 1;
  return bytes.subarray(start);
}

/** Whether there is too much in it that no text has. */
export function looksBinary(head: Buffer): boolean {
  const sample = head.subarray(0, 4_096);
  const controls = sample.filter((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d).length;
  return sample.includes(0) || controls > sample.length / 20;
}
