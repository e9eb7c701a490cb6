import type { Candidate } from "./candidates.ts";
import type { EncodedCube } from "./encoded-cube.ts";
import { cellsOf, spikeWithin } from "./naming.ts";

/** So much of a slice's excess has to be in one part of it for the part to stand for it. */
const MIN_PART = 0.9;

/** A part is all within its whole; sums of the same numbers may differ in later digits. */
const WITHIN = 1 - 1e-9;

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
  const inside = cellsOf(cube, slice, "inside");
  const parts = candidates.filter(
    (part) =>
      isFinerLevel(slice, part, trees) &&
      part.excess >= MIN_PART * slice.excess &&
      spikeWithin(cube, inside, part) >= WITHIN * part.spike,
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
