/** Tells files whose bytes are text, or hold some, but none that could be read line by line. */

/** Of UTF-16, half of the bytes of what is ASCII is zero. */
const UTF16_SAMPLE_BYTES = 512;
/** Where a tar archive says that it is one, within the header of its first file. */
const TAR_MARK = { text: "ustar", at: 257 };

/** Says why the file cannot be read that begins so, for people, to be read behind its name; null where it may be. */
export function whyNotLines(head: Buffer): string | null {
  if (isUtf16(head)) return "is UTF-16, which is not read here: convert it to UTF-8";
  if (head.toString("latin1", TAR_MARK.at, TAR_MARK.at + TAR_MARK.text.length) === TAR_MARK.text && head.includes(0)) {
    return "is a tar archive, which is not read here: unpack it";
  }
  if (!head.includes(0x0a) && /\r[^\r]/.test(head.toString("latin1"))) {
    return "has lines that end with a carriage return alone, which are not read here: end them with a newline";
  }
  return null;
}

function isUtf16(head: Buffer): boolean {
  const mark = head.toString("latin1", 0, 2);
  if (mark === "\xff\xfe" || mark === "\xfe\xff") return true;
  const sample = head.subarray(0, UTF16_SAMPLE_BYTES);
  const isZero = (parity: number) => sample.every((byte, index) => index % 2 !== parity || byte === 0);
  const isNone = (parity: number) => sample.every((byte, index) => index % 2 !== parity || byte !== 0);
  return sample.length > 1 && ((isZero(0) && isNone(1)) || (isZero(1) && isNone(0)));
}
