import { createSortedWindow } from "./sorted-window.ts";
import { MEMORY_POINTS, type View } from "./view.ts";

/** Tells how far a value lies from the nearest one ever seen: a value in a gap between usual ones counts too. */
export function createLevelNovelty(): View {
  const seen = createSortedWindow(MEMORY_POINTS);
  return ({ root }) => {
    const distance = seen.nearestDistance(root);
    seen.push(root);
    return distance;
  };
}
