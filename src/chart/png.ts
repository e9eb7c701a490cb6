import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Resvg } from "@resvg/resvg-js";

/**
 * Turns an SVG into a PNG with the fonts that come with the program, so that
 * it looks the same on every machine. About 45 ms for a chart.
 *
 * Without a font file resvg would drop every text and say nothing.
 */
export function renderPng(svg: string): Uint8Array {
  const fonts = dirname(createRequire(import.meta.url).resolve("@expo-google-fonts/inter/package.json"));
  const image = new Resvg(svg, {
    font: {
      loadSystemFonts: false,
      fontFiles: [join(fonts, "400Regular/Inter_400Regular.ttf"), join(fonts, "600SemiBold/Inter_600SemiBold.ttf")],
      defaultFontFamily: "Inter",
    },
  });
  return image.render().asPng();
}
