import { type EncodedCube, sumsByValue } from "./encoded-cube.ts";

/**
 * Takes values with less than `minSpike` for no value, and adds up the cells that are then alike.
 *
 * A slice has no more than any value that it is told by, so that whatever has at least `minSpike` is found in what is
 * left as it was before. Texts and codes stay as they are. Linear in cells; gives the cube itself where there would be
 * too many kinds of cells to tell apart by a number.
 */
export function foldSmallValues(cube: EncodedCube, minSpike: number): EncodedCube {
  const kept = cube.codes.map((_, dimension) => largeCodes(cube, dimension, minSpike));
  const kinds = kept.reduce((product, { count }) => product * (count + 1), 1);
  if (kinds > Number.MAX_SAFE_INTEGER) return cube;

  const columns = kept.flatMap(({ numberOf, count }, dimension) =>
    count === 0 ? [] : [{ codes: cube.codes[dimension] as Int32Array, numberOf, count }],
  );
  const places = new Map<number, number>();
  const firstCells: number[] = [];
  const placeOf = new Int32Array(cube.spike.length);
  for (let cell = 0; cell < placeOf.length; cell += 1) {
    let kind = 0;
    for (const { codes, numberOf, count } of columns) {
      const code = codes[cell] as number;
      kind = kind * (count + 1) + (code < 0 ? 0 : (numberOf[code] as number));
    }
    let place = places.get(kind);
    if (place === undefined) {
      place = firstCells.push(cell) - 1;
      places.set(kind, place);
    }
    placeOf[cell] = place;
  }
  return {
    ...cube,
    codes: kept.map(({ numberOf }, dimension) =>
      Int32Array.from(firstCells, (cell) => {
        const code = cube.codes[dimension]?.[cell] ?? -1;
        return code >= 0 && numberOf[code] !== 0 ? code : -1;
      }),
    ),
    baseline: addUp(cube.baseline, placeOf, firstCells.length),
    spike: addUp(cube.spike, placeOf, firstCells.length),
  };
}

/** Numbers the codes that have enough from 1; the others are 0. */
function largeCodes(cube: EncodedCube, dimension: number, minSpike: number): { numberOf: Int32Array; count: number } {
  const { spike } = sumsByValue(cube, dimension);
  const numberOf = new Int32Array(spike.length - 1);
  let count = 0;
  for (let code = 0; code < numberOf.length; code += 1) {
    if ((spike[code] as number) >= minSpike) numberOf[code] = ++count;
  }
  return { numberOf, count };
}

function addUp(column: Float64Array, placeOf: Int32Array, places: number): Float64Array {
  const sums = new Float64Array(places);
  for (let cell = 0; cell < column.length; cell += 1) {
    const place = placeOf[cell] as number;
    sums[place] = (sums[place] as number) + (column[cell] as number);
  }
  return sums;
}
