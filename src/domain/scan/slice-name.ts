import type { SliceValues } from "./cube.ts";

/**
 * Writes values as one text, the same in whatever order the dimensions come.
 *
 * @example
 * sliceName({ path: "/login", ip: "203.0.113.9" }); // "ip=203.0.113.9&path=/login"
 */
export function sliceName(values: SliceValues): string {
  return Object.entries(values)
    .map(([dimension, value]) => `${dimension}=${value}`)
    .sort()
    .join("&");
}
