import { expect, it } from "@jest/globals";
import fc from "fast-check";
import { placeInLanes } from "../../src/chart/lanes.ts";

const bounds = { minX: 100, maxX: 1_500, lanes: 3, gapPx: 12 };

it("never lets two labels touch or leave the plot, and always places the first in the lowest lane", () => {
  const item = fc.record({ x: fc.integer({ min: 100, max: 1_500 }), widthPx: fc.integer({ min: 10, max: 600 }) });

  fc.assert(
    fc.property(fc.array(item, { minLength: 1, maxLength: 12 }), (items) => {
      const places = placeInLanes(items, bounds);
      const taken = places.flatMap((place, index) =>
        place ? [{ ...place, right: place.left + (items[index]?.widthPx ?? 0) }] : [],
      );

      expect(places[0]?.lane).toBe(0);
      for (const [index, one] of taken.entries()) {
        expect(one.left).toBeGreaterThanOrEqual(bounds.minX);
        expect(one.right).toBeLessThanOrEqual(bounds.maxX);
        for (const other of taken.slice(index + 1)) {
          const apart = one.right + bounds.gapPx <= other.left || other.right + bounds.gapPx <= one.left;
          expect(one.lane !== other.lane || apart).toBe(true);
        }
      }
    }),
  );
});
