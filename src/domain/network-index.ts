import { boundsOf, type Network, parseNetwork } from "./address.ts";

/** Finds among many networks one that has an address in common with another. */
export interface NetworkIndex<Entry> {
  /** One such entry, the one that ends last; null where there is none. Takes the logarithm of how many there are. */
  overlapping(network: Network): Entry | null;
}

interface Interval<Entry> {
  readonly first: bigint;
  readonly last: bigint;
  readonly entry: Entry;
}

/** Makes an index of entries by their `cidr`; one that cannot be read is in no index, so check that before. */
export function indexNetworks<Entry extends { readonly cidr: string }>(entries: readonly Entry[]): NetworkIndex<Entry> {
  const families = { 4: [] as Interval<Entry>[], 6: [] as Interval<Entry>[] };
  for (const entry of entries) {
    const network = parseNetwork(entry.cidr);
    if (network.ok) families[network.family].push({ ...boundsOf(network), entry });
  }
  const searchable = { 4: prepare(families[4]), 6: prepare(families[6]) };
  return {
    overlapping(network) {
      const { first, last } = boundsOf(network);
      const reaching = lastBeginningBy(last, searchable[network.family]);
      return reaching !== undefined && reaching.furthest.last >= first ? reaching.furthest.entry : null;
    },
  };
}

interface Step<Entry> {
  readonly first: bigint;
  /** Of all that begin up to here, the one that ends last. */
  readonly furthest: Interval<Entry>;
}

function prepare<Entry>(intervals: readonly Interval<Entry>[]): readonly Step<Entry>[] {
  const sorted = [...intervals].sort((a, b) => (a.first < b.first ? -1 : Number(a.first > b.first)));
  const steps: Step<Entry>[] = [];
  for (const interval of sorted) {
    const before = steps.at(-1)?.furthest;
    steps.push({ first: interval.first, furthest: before && before.last > interval.last ? before : interval });
  }
  return steps;
}

function lastBeginningBy<Entry>(address: bigint, steps: readonly Step<Entry>[]): Step<Entry> | undefined {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] as Step<Entry>).first <= address) low = middle + 1;
    else high = middle;
  }
  return steps[low - 1];
}
