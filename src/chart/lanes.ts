/** Something that wants to stand above a point. */
export interface LaneItem {
  /** Where it points to. */
  readonly x: number;
  readonly widthPx: number;
}

export interface Place {
  /** Left edge of the item. */
  readonly left: number;
  /** 0 is the lane next to the plot. */
  readonly lane: number;
}

/**
 * Gives every item a place in which it covers no other, within `[minX, maxX]`; null where no lane has room.
 *
 * Items come in order of importance: the first always gets the lowest lane.
 */
export function placeInLanes(
  items: readonly LaneItem[],
  bounds: { readonly minX: number; readonly maxX: number; readonly lanes: number; readonly gapPx: number },
): readonly (Place | null)[] {
  const taken: (Place & LaneItem)[] = [];
  return items.map((item) => {
    const left = Math.max(bounds.minX, Math.min(bounds.maxX - item.widthPx, item.x - item.widthPx / 2));
    const isFree = (lane: number) =>
      taken.every(
        (other) =>
          other.lane !== lane ||
          left >= other.left + other.widthPx + bounds.gapPx ||
          left + item.widthPx + bounds.gapPx <= other.left,
      );
    for (let lane = 0; lane < bounds.lanes; lane++) {
      if (!isFree(lane)) continue;
      taken.push({ ...item, left, lane });
      return { left, lane };
    }
    return null;
  });
}
