import { sum } from "./robust.ts";
import type { TrafficCounts } from "./traffic.ts";

/** One factor of a product, at one time. */
export interface Factor {
  readonly name: string;
  /** 0 or more; null where it has no value (bytes a request without a request): it is taken as in the other window. */
  readonly value: number | null;
}

/** What one factor did to the product. */
export interface Effect {
  readonly name: string;
  readonly before: number | null;
  readonly after: number | null;
  /** In the product's unit; negative where the factor made it smaller. */
  readonly effect: number;
}

/** How the change of a product is made up: `change` is the sum of the effects, up to rounding. */
export interface Decomposition {
  readonly before: number;
  readonly after: number;
  readonly change: number;
  /** In the order of the factors. */
  readonly effects: readonly Effect[];
}

/**
 * Divides the change of a product among its factors by additive LMDI-I: effect = L(V₁, V₀) · ln(x₁/x₀).
 *
 * No factor takes what the others leave over, and before and after may change places: the effects only change signs.
 * A product that was or becomes zero changes by what made it so: of several factors that are zero then, each takes an
 * equal part, and the others none, which is the limit for factors that go to zero alike.
 *
 * @throws {RangeError} where the factors are not the same ones in the same order, or one is negative
 * @source Ang, "The LMDI approach to decomposition analysis", Energy Policy 33 (2005); for zeros Ang & Liu, "Handling
 *   zero values in the logarithmic mean Divisia index decomposition approach", Energy Policy 35 (2007), and Wood &
 *   Lenzen, Energy Policy 34 (2006), on why a small number in their place will not do
 * @example
 * decompose({
 *   before: [{ name: "requests", value: 66 }, { name: "kB", value: 21.2 }],
 *   after: [{ name: "requests", value: 130 }, { name: "kB", value: 16.9 }],
 * }).effects.map(({ effect }) => Math.round(effect)); // [1199, -401]
 */
export function decompose(product: {
  readonly before: readonly Factor[];
  readonly after: readonly Factor[];
}): Decomposition {
  const factors = pairUp(product.before, product.after);
  const before = multiply(factors.map((factor) => factor.before ?? factor.after ?? 0));
  const after = multiply(factors.map((factor) => factor.after ?? factor.before ?? 0));
  const isVanished = (factor: PairedFactor) => (before === 0 ? factor.before : factor.after) === 0;
  const effectOf =
    before > 0 && after > 0
      ? (factor: PairedFactor) => logarithmicMean(after, before) * logRatio(factor)
      : (factor: PairedFactor) =>
          before !== after && isVanished(factor) ? (after - before) / factors.filter(isVanished).length : 0;
  return {
    before,
    after,
    change: after - before,
    effects: factors.map((each) => ({ ...each, effect: effectOf(each) })),
  };
}

type PairedFactor = Omit<Effect, "effect">;

function pairUp(before: readonly Factor[], after: readonly Factor[]): readonly PairedFactor[] {
  if (before.length !== after.length) throw new RangeError(`${before.length} factors before and ${after.length} after`);
  return before.map((factor, index) => {
    const other = after[index];
    if (other?.name !== factor.name) throw new RangeError(`"${factor.name}" before is "${other?.name}" after`);
    for (const value of [factor.value, other.value]) {
      if (value !== null && !(value >= 0)) throw new RangeError(`"${factor.name}" is ${value}, not 0 or more`);
    }
    return { name: factor.name, before: factor.value, after: other.value };
  });
}

function multiply(values: readonly number[]): number {
  return values.reduce((product, value) => product * value, 1);
}

function logRatio({ before, after }: PairedFactor): number {
  return before === null || after === null ? 0 : Math.log(after / before);
}

/** `(a − b) / ln(a/b)`, and a where both are equal. */
function logarithmicMean(a: number, b: number): number {
  const growth = (a - b) / b;
  // Of nearly equal values the quotient's logarithm has no digits left.
  const log = Math.abs(growth) < 0.5 ? Math.log1p(growth) : Math.log(a / b);
  return log === 0 ? a : (a - b) / log;
}

/**
 * Divides the change of the bytes sent: clients × requests a client × bytes a request; requests × bytes a request where
 * the log names no clients.
 *
 * @param timeFactor length of the spike's window over that of the baseline; the baseline's requests are multiplied by
 *   it, and its clients too. Distinct clients do not grow with time so steadily: windows of equal length tell most.
 */
export function decomposeBytes(baseline: TrafficCounts, spike: TrafficCounts, timeFactor: number): Decomposition {
  const namesClients = [baseline, spike].every(({ clients, requests }) => clients > 0 || requests === 0);
  const factorsOf = ({ clients, requests, bytes }: TrafficCounts, factor: number): Factor[] => [
    ...(namesClients
      ? [
          { name: "clients", value: factor * clients },
          { name: "requests-per-client", value: over(requests, clients) },
        ]
      : [{ name: "requests", value: factor * requests }]),
    { name: "bytes-per-request", value: over(bytes, requests) },
  ];
  return decompose({ before: factorsOf(baseline, timeFactor), after: factorsOf(spike, 1) });
}

/**
 * Divides the change of the seconds that the servers behind took: requests × miss ratio × seconds a miss, or requests ×
 * seconds a request where nothing is known of a cache. Null where the log does not give the seconds of both windows.
 *
 * @param timeFactor length of the spike's window over that of the baseline
 */
export function decomposeBackendSecs(
  baseline: TrafficCounts,
  spike: TrafficCounts,
  timeFactor: number,
): Decomposition | null {
  if (baseline.backendSecs === null || spike.backendSecs === null) return null;
  // Seconds without a miss are those of refreshes and of what goes past the cache: then misses explain nothing.
  const hasCache = [baseline, spike].every(
    ({ cacheMisses, backendSecs }) => cacheMisses !== null && (cacheMisses > 0 || backendSecs === 0),
  );
  const factorsOf = ({ requests, cacheMisses, backendSecs }: TrafficCounts, factor: number): Factor[] => [
    { name: "requests", value: factor * requests },
    ...(hasCache
      ? [
          { name: "miss-ratio", value: over(cacheMisses ?? 0, requests) },
          { name: "secs-per-miss", value: over(backendSecs ?? 0, cacheMisses ?? 0) },
        ]
      : [{ name: "secs-per-request", value: over(backendSecs ?? 0, requests) }]),
  ];
  return decompose({ before: factorsOf(baseline, timeFactor), after: factorsOf(spike, 1) });
}

function over(count: number, of: number): number | null {
  return of > 0 ? count / of : null;
}

/** What requests beyond the usual number carry on average, against the usual ones. */
export interface ExtraRequests {
  /** Requests beyond those expected, above 0. */
  readonly requests: number;
  readonly usualBytes: number;
  /** Negative where more requests brought fewer bytes. */
  readonly extraBytes: number;
  /** Null where the log does not give the seconds of the servers behind. */
  readonly usualBackendSecs: number | null;
  readonly extraBackendSecs: number | null;
}

/**
 * Tells what the extra requests carry each, as if all others were as usual: lighter ones than usual are no copies of
 * everything. Null where there is no baseline or no request too many.
 *
 * @param timeFactor length of the spike's window over that of the baseline
 */
export function weighExtraRequests(
  baseline: TrafficCounts,
  spike: TrafficCounts,
  timeFactor: number,
): ExtraRequests | null {
  const requests = spike.requests - timeFactor * baseline.requests;
  if (baseline.requests === 0 || requests <= 0) return null;
  const knowsSecs = baseline.backendSecs !== null && spike.backendSecs !== null;
  const extraSecs = (spike.backendSecs ?? 0) - timeFactor * (baseline.backendSecs ?? 0);
  return {
    requests,
    usualBytes: baseline.bytes / baseline.requests,
    extraBytes: (spike.bytes - timeFactor * baseline.bytes) / requests,
    usualBackendSecs: knowsSecs ? (baseline.backendSecs ?? 0) / baseline.requests : null,
    extraBackendSecs: knowsSecs ? extraSecs / requests : null,
  };
}

/** Adds up what named factors did; the whole change for all of them. */
export function effectOf(decomposition: Decomposition, ...names: readonly string[]): number {
  return sum(decomposition.effects.filter(({ name }) => names.includes(name)).map(({ effect }) => effect));
}
