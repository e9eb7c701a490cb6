/** Text in a chart: escaped, cut, and measured without a font engine. */

export interface TextStyle {
  readonly sizePx: number;
  readonly weight?: 400 | 600;
  readonly fill: string;
  readonly anchor?: "start" | "middle" | "end";
  /** Draws a rim in this colour, so that the text can be read on top of lines. */
  readonly halo?: string;
}

/** Draws a line of text with its baseline at `y`. */
export function textAt(x: number, y: number, text: string, style: TextStyle): string {
  const { sizePx, weight = 400, fill, anchor = "start", halo } = style;
  const rim = halo ? ` stroke="${halo}" stroke-width="6" stroke-linejoin="round" paint-order="stroke"` : "";
  return `<text x="${px(x)}" y="${px(y)}" font-family="Inter" font-size="${sizePx}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}"${rim}>${escapeXml(text)}</text>`;
}

/** Makes text from outside safe inside SVG; characters that XML does not allow become U+FFFD. */
function escapeXml(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\p{Cc}\p{Cs}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** Cuts text to a width, with an ellipsis. */
export function fitText(text: string, maxPx: number, sizePx: number, weight: 400 | 600 = 400): string {
  if (textWidth(text, sizePx, weight) <= maxPx) return text;
  const points = Array.from(text.slice(0, 1_000));
  while (points.length > 0 && textWidth(`${points.join("")}…`, sizePx, weight) > maxPx) points.pop();
  return `${points.join("").trimEnd()}…`;
}

/** Gives a width in pixels: as in Inter's tables for ASCII, without kerning; rather too wide for all else. */
export function textWidth(text: string, sizePx: number, weight: 400 | 600 = 400): number {
  let hundredths = 0;
  for (const character of text.slice(0, 1_000)) hundredths += ADVANCES[character.charCodeAt(0) - 32] ?? 100;
  return (hundredths / 100) * sizePx * (weight === 600 ? 1.04 : 1);
}

/** Rounds a coordinate, which keeps the file small and the same everywhere. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/**
 * How far Inter Regular moves on after each character from the space on, in hundredths of the size.
 * @source the `hmtx` table of Inter_400Regular.ttf
 */
const ADVANCES: readonly number[] = [
  28, 29, 47, 63, 64, 98, 64, 30, 36, 36, 50, 66, 29, 46, 29, 36, 63, 41, 61, 62, 65, 59, 62, 57, 62, 62, 29, 30, 66,
  66, 66, 51, 97, 69, 65, 73, 72, 60, 59, 75, 74, 27, 57, 67, 57, 90, 75, 76, 64, 76, 64, 64, 65, 74, 69, 99, 68, 68,
  63, 36, 36, 36, 47, 46, 32, 56, 61, 57, 61, 58, 37, 61, 59, 24, 24, 55, 24, 88, 59, 60, 61, 61, 38, 53, 33, 59, 56,
  82, 55, 56, 55, 43, 33, 43, 66,
];
