import type { Candidate } from "./candidates.ts";
import type { EncodedCube } from "./encoded-cube.ts";
import { cellsOf } from "./naming.ts";

/** So much of a slice's excess has to be in one part of it for the part to stand for it. */
const MIN_PART = 0.9;

/**
 * Gives the narrowest part of a slice, by levels of the trees, that carries at least nine tenths of its excess: an
 * address rather than the network that it is in. The slice itself where no part does.
 */
export function narrow(
  cube: EncodedCube,
  slice: Candidate,
  candidates: readonly Candidate[],
  trees: readonly (readonly string[])[],
): Candidate {
  const within = cellsOf(cube, slice);
  const parts = candidates.filter(
    (part) =>
      isFinerLevel(slice, part, trees) &&
      part.excess >= MIN_PART * slice.excess &&
      isWithin(cellsOf(cube, part), within),
  );
  // The largest of a level; a part of a part is found from there.
  const part = parts.toSorted((a, b) => b.excess - a.excess)[0];
  return part === undefined ? slice : narrow(cube, part, candidates, trees);
}

/** Whether `part` has the dimensions of `slice`, but for one that is replaced by a finer level of its tree. */
function isFinerLevel(slice: Candidate, part: Candidate, trees: readonly (readonly string[])[]): boolean {
  const has = Object.keys(slice.values);
  const gives = Object.keys(part.values);
  const coarse = has.filter((dimension) => part.values[dimension] !== slice.values[dimension]);
  const fine = gives.filter((dimension) => slice.values[dimension] !== part.values[dimension]);
  const [from, to] = [coarse[0], fine[0]];
  if (has.length !== gives.length || coarse.length !== 1 || from === undefined || to === undefined) return false;
  return trees.some((levels) => levels.includes(from) && levels.indexOf(to) > levels.indexOf(from));
}

function isWithin(part: Uint8Array, whole: Uint8Array): boolean {
  return part.every((isIn, cell) => isIn === 0 || whole[cell] === 1);
}
