import { poissonLlr } from "../poisson.ts";
import type { Cuboid } from "./cuboids.ts";
import type { EncodedCube } from "./encoded-cube.ts";

/** What turns a cube's numbers into counts and expectations, in units of the dispersion. */
export interface Scale {
  /** Expected over baseline: time factor × common ratio ÷ dispersion. */
  readonly expectedPerBaseline: number;
  /** Counted over spike: 1 ÷ dispersion. */
  readonly countedPerSpike: number;
  /** See `RankOptions.cellShape`. */
  readonly cellShape: number;
}

/** Nothing at all is never quite expected: a newcomer is held against one. */
const MIN_EXPECTED = 1;
/** The same for one of the many cells that a newcomer may have. */
const MIN_CELL_EXPECTED = MIN_EXPECTED / 100;
/** The growth of a slice has settled to a thousandth by then, in all cases tried. */
const ROUNDS = 12;

/**
 * Gives, for each slice of a cuboid, the log-likelihood gained by a growth of its own over growing as everybody, in nats;
 * 0 where it grew less.
 *
 * Without a shape it is Kulldorff's `c ln(c/e) − (c − e)`. With one, the growth of each cell is its slice's times a gamma
 * variate of mean 1, so that counts are negative binomial, and a slice whose cells all grew gains more than one in which
 * a single heavy cell did.
 *
 * @source Kulldorff, "A spatial scan statistic", Communications in Statistics 26 (1997)
 * @source Tango, Takahashi and Kohriyama, "A space-time scan statistic for detecting emerging outbreaks", Biometrics 67
 *   (2011), for negative binomial counts
 */
export function gainsOf(cube: EncodedCube, cuboid: Cuboid, scale: Scale): Float64Array {
  if (Number.isFinite(scale.cellShape)) return negativeBinomialGains(cube, cuboid, scale);
  return cuboid.spike.map((spike, slice) => {
    const counted = spike * scale.countedPerSpike;
    const expected = Math.max(MIN_EXPECTED, (cuboid.baseline[slice] as number) * scale.expectedPerBaseline);
    return counted > expected ? poissonLlr(counted, expected) : 0;
  });
}

function negativeBinomialGains(cube: EncodedCube, cuboid: Cuboid, scale: Scale): Float64Array {
  const { cells, sliceOf } = cuboid;
  const shape = scale.cellShape;
  const counted = Float64Array.from(cells, (cell) => (cube.spike[cell] as number) * scale.countedPerSpike);
  const expected = Float64Array.from(cells, (cell) =>
    Math.max(MIN_CELL_EXPECTED, (cube.baseline[cell] as number) * scale.expectedPerBaseline),
  );
  const growth = growthOf(cuboid, counted, expected, shape);
  const gains = new Float64Array(cuboid.spike.length);
  for (let at = 0; at < cells.length; at += 1) {
    const slice = sliceOf[at] as number;
    const own = growth[slice] as number;
    if (own <= 1) continue;
    const e = expected[at] as number;
    const c = counted[at] as number;
    const gain = c * Math.log(own) - (c + shape) * Math.log((shape + own * e) / (shape + e));
    gains[slice] = (gains[slice] as number) + gain;
  }
  return gains.map((gain) => Math.max(0, gain));
}

/** The growth of each slice by maximum likelihood: each cell is weighted by how well its own growth can be known. */
function growthOf(
  { spike, sliceOf }: Cuboid,
  counted: Float64Array,
  expected: Float64Array,
  shape: number,
): Float64Array {
  const growth = new Float64Array(spike.length).fill(1);
  const above = new Float64Array(spike.length);
  const below = new Float64Array(spike.length);
  for (let round = 0; round < ROUNDS; round += 1) {
    above.fill(0);
    below.fill(0);
    for (let at = 0; at < sliceOf.length; at += 1) {
      const slice = sliceOf[at] as number;
      const weight = shape / (shape + (growth[slice] as number) * (expected[at] as number));
      above[slice] = (above[slice] as number) + weight * (counted[at] as number);
      below[slice] = (below[slice] as number) + weight * (expected[at] as number);
    }
    for (let slice = 0; slice < growth.length; slice += 1) {
      growth[slice] = (above[slice] as number) / (below[slice] as number);
    }
  }
  return growth;
}
