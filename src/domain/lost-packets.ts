import { poissonLlr } from "./poisson.ts";
import { sum } from "./robust.ts";
import type { DurationHistogram, Endings } from "./traffic.ts";

interface Span {
  readonly fromSecs: number;
  readonly toSecs: number;
}

/**
 * When a connection stands whose first one, two or three SYNs (or the answers to them) were lost: TCP waits one second,
 * then twice as long each time. A quarter of a second and more is left for the way and for TLS.
 *
 * @source RFC 6298, section 2: an initial timeout of 1 s, doubled each time (5.5)
 */
const RETRIES: readonly Span[] = [
  { fromSecs: 0.95, toSecs: 1.35 },
  { fromSecs: 2.95, toSecs: 3.35 },
  { fromSecs: 6.95, toSecs: 7.35 },
];

/** What lies between, where lost SYNs leave nothing, but a server that is slow to accept leaves its share. */
const BETWEEN: readonly Span[] = [
  { fromSecs: 0.5, toSecs: 0.95 },
  { fromSecs: 1.35, toSecs: 2.95 },
  { fromSecs: 3.35, toSecs: 6.95 },
  { fromSecs: 7.35, toSecs: 14.95 },
];

/** What `LogSlice` is to be asked with for the histogram of `connect` that `findLostSyns` takes. Ascending, in seconds. */
export const CONNECT_EDGES_SECS: readonly number[] = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.95, 1.35, 2.95, 3.35, 6.95, 7.35, 14.95,
];

/** Connections that look as if packets were lost while they were made, in one window. */
export interface LostSyns {
  /** Requests whose time to connect is known. */
  readonly known: number;
  /** Of these, those near 1, 3 and 7 s, and those from 0.5 to 15 s that are near none of them. */
  readonly near: number;
  readonly between: number;
  /** `near` over `known`, 0–1: about the share of SYNs lost on the way there or back, where each request connects anew. */
  readonly lossShare: number | null;
  /**
   * How much likelier the counts near 1, 3 and 7 s are with retries than as the denser of their two neighbours has it,
   * in nats, together; 0 where none of them stands out. Above 5 they are no chance.
   */
  readonly gain: number;
}

/**
 * Counts connections that stood just when a lost SYN would have been sent again, in both windows. Lost SYNs come from
 * lossy links and from servers whose queue of new connections is full.
 *
 * @param connect its edges have to include those of `CONNECT_EDGES_SECS` from 0.5 s on; what lies in classes that
 *   reach over one of them is counted as neither near nor between
 */
export function findLostSyns(connect: DurationHistogram): { readonly baseline: LostSyns; readonly spike: LostSyns } {
  return {
    baseline: lostIn(connect.edgesSecs, connect.baseline),
    spike: lostIn(connect.edgesSecs, connect.spike),
  };
}

function lostIn(edgesSecs: readonly number[], counts: readonly number[]): LostSyns {
  const countIn = (span: Span) => within(span, edgesSecs, counts);
  const known = sum(counts);
  const near = sum(RETRIES.map(countIn));
  const gains = RETRIES.map((retry, i) => {
    const neighbours = BETWEEN.slice(i, i + 2).map((span) => (countIn(span) + HALF_A_COUNT) / widthOf(span));
    const expected = Math.max(...neighbours) * widthOf(retry);
    return countIn(retry) > expected ? poissonLlr(countIn(retry), expected) : 0;
  });
  return {
    known,
    near,
    between: sum(BETWEEN.map(countIn)),
    lossShare: known > 0 ? near / known : null,
    gain: sum(gains),
  };
}

/** Where none was seen, one may have been near: a single slow connection proves nothing. */
const HALF_A_COUNT = 0.5;

function widthOf({ fromSecs, toSecs }: Span): number {
  return toSecs - fromSecs;
}

function within(span: Span, edgesSecs: readonly number[], counts: readonly number[]): number {
  return sum(
    counts.filter((_, i) => {
      const fromSecs = i === 0 ? 0 : (edgesSecs[i - 1] ?? Number.POSITIVE_INFINITY);
      const toSecs = edgesSecs[i] ?? Number.POSITIVE_INFINITY;
      return span.fromSecs <= fromSecs && toSecs <= span.toSecs;
    }),
  );
}

/**
 * Gives the share of requests that at least one lost packet slows down: 1 − (1 − p)^k, 0–1.
 *
 * @param lossShare p, the share of packets that are lost, 0–1
 * @param packets k, how many packets a request takes
 * @example
 * expectedSlowShare(0.003, 20); // 0.058
 */
export function expectedSlowShare(lossShare: number, packets: number): number {
  return 1 - (1 - lossShare) ** packets;
}

/** Gives the share of packets that are lost where so many requests are slow: the inverse of `expectedSlowShare`. */
export function impliedLossShare(slowShare: number, packets: number): number {
  return 1 - (1 - slowShare) ** (1 / packets);
}

/**
 * Gives which share of the slow requests ended together though they began apart, 0–1; null where none was slow. Near 1,
 * a machine or a link stood still and went on; loss makes each wait for itself.
 */
export function stallShare({ slow, together }: Endings): number | null {
  return slow > 0 ? together / slow : null;
}
