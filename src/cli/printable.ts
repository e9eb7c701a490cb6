const MAX_VALUE_CHARS = 72;

/** Makes text from a log safe for a terminal: what clients sent must not reach it as commands, nor turn a line around. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "�");
}

/** Cuts what is longer than a line of a table wants it, and says so with an ellipsis. */
export function cut(text: string, maxChars = MAX_VALUE_CHARS): string {
  if (text.length <= maxChars) return text;
  // By code points, so that no character is halved; of text that may be a megabyte, only the start is looked at.
  const points = Array.from(text.slice(0, 2 * maxChars));
  return points.length <= maxChars && text.length <= 2 * maxChars ? text : `${points.slice(0, maxChars - 1).join("")}…`;
}
