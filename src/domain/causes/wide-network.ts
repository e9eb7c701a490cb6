import { contains, parseNetwork } from "../address.ts";
import { formatExcessShare, formatShare } from "../quantity.ts";
import { sum } from "../robust.ts";
import { leadingSlice } from "../slices.ts";
import { WIDEST_PREFIX } from "../widest-prefix.ts";
import type { Scene } from "./scene.ts";

/** A network that is wider than a block may be, and carries most of what the guilty leave. */
export interface WideNetwork {
  /** In CIDR notation: a /16, or a /32 of IPv6. */
  readonly network: string;
  readonly excessShare: number;
  /** What of it may be blocked and carries a good part: /24s or /48s, the largest first. */
  readonly parts: readonly string[];
  /** What these carry of the excess together. */
  readonly partsShare: number;
}

/** Of all excess: with less there is more to tell than whose network it is. */
const MIN_SHARE = 0.5;
/** Of all excess: less is nobody's in particular. */
const MIN_PART_SHARE = 0.02;

/** Finds the wide network that most of the excess comes from and not many came from before; null for none. */
export function wideNetworkOf({ breakdown, comparison, guiltyShare }: Scene): WideNetwork | null {
  const leading = leadingSlice(breakdown, comparison, "wideNet", guiltyShare + MIN_SHARE);
  if (leading === null) return null;
  const network = leading.row.value;
  const shareOf = ({ spike, baseline }: typeof leading.row) =>
    (spike.requests - comparison.commonRatio * comparison.timeFactor * baseline.requests) / comparison.excess;
  const parts = (breakdown.by.net?.rows ?? [])
    .filter(({ value }) => contains(network, value))
    .map((row) => ({ value: row.value, share: shareOf(row) }))
    .filter(({ share }) => share >= MIN_PART_SHARE)
    .sort((a, b) => b.share - a.share || (a.value < b.value ? -1 : 1));
  return {
    network,
    excessShare: leading.excessShare,
    parts: parts.map(({ value }) => value),
    partsShare: sum(parts.map(({ share }) => share)),
  };
}

const MAX_NAMED = 3;

/** Says in a clause that it is too wide to be blocked, and what can be done about it. */
export function wideNetworkClause({ network, excessShare, parts, partsShare }: WideNetwork): string {
  const parsed = parseNetwork(network);
  const widest = `/${WIDEST_PREFIX[parsed.ok ? parsed.family : 4]}`;
  const more = parts.length > MAX_NAMED ? ` and ${parts.length - MAX_NAMED} more` : "";
  const whole = `${formatExcessShare(excessShare)} is network ${network}, which is wider than a block may be (${widest}): limit the rate of its addresses`;
  return parts.length === 0
    ? whole
    : `${whole}, or block its ${widest}s that carry ${formatShare(Math.min(1, partsShare))} (${parts.slice(0, MAX_NAMED).join(", ")}${more})`;
}
