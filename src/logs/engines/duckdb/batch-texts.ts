import { isAscii } from "node:buffer";
import type { NewTexts } from "../../reading/batch.ts";

/** Gives the texts of a batch, in order. What is no UTF-8 has U+FFFD in its place. */
export function decodeTexts({ bytes, ends }: Pick<NewTexts, "bytes" | "ends">): string[] {
  const buffer = Buffer.from(bytes);
  const texts = new Array<string>(ends.length);
  let start = 0;
  if (isAscii(buffer)) {
    // One long text that is cut costs a third of many short ones.
    const all = buffer.toString("latin1");
    ends.forEach((end, index) => {
      texts[index] = all.slice(start, end);
      start = end;
    });
  } else {
    ends.forEach((end, index) => {
      texts[index] = buffer.toString("utf8", start, end);
      start = end;
    });
  }
  return texts;
}
