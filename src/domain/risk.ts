import { parseNetwork } from "./address.ts";
import { wordsOf } from "./address-measure.ts";
import { formatDuration } from "./duration.ts";
import type { Prediction } from "./prediction.ts";
import type { BlockChange, Change, ScaleChange } from "./proposal.ts";
import { sum } from "./robust.ts";

/** What goes beyond any of these takes two people. */
export interface RiskLimits {
  /** Prefix lengths, 0–32 and 0–128: a network of a shorter one is wide. */
  readonly ipv4Prefix: number;
  readonly ipv6Prefix: number;
  readonly addresses: number;
  readonly durationSecs: number;
  /** Of the requests, or of the clients, of the time before; 0–1. */
  readonly baselineShare: number;
  /** Instances more than now. */
  readonly addedInstances: number;
  /** Whether to block a network whose usual visitors nobody has counted is a risk. */
  readonly unmeasuredNetworks: boolean;
}

export const RISK_RULES = [
  "guard-overridden",
  "wide-network",
  "many-addresses",
  "long",
  "baseline-touched",
  "unmeasured-network",
  "large-scale-out",
] as const;
/** Static labels that never change. */
export type RiskRule = (typeof RISK_RULES)[number];

export interface Risk {
  readonly rule: RiskRule;
  /** A clause with the value and the limit: "it lasts 48 h, over 24 h". */
  readonly reason: string;
}

/**
 * Says why a change is more than one person should answer for; empty where it is not.
 *
 * @example
 * risksOf({ kind: "block", addresses: ["198.51.100.7/32"], durationSecs: 172_800, … }, null, limits);
 * // [{ rule: "long", reason: "it lasts 2 d, over 1 d" }]
 */
export function risksOf(change: Change, predicted: Prediction | null, limits: RiskLimits): readonly Risk[] {
  const risks = change.kind === "block" ? blockRisks(change, predicted, limits) : scaleRisks(change, limits);
  return [...risks, lastsLong(change, limits)].filter((risk) => risk !== null);
}

/** What is milder is judged alike: who is in a network is as little known, and a challenge fails whoever is no browser. */
function blockRisks(change: BlockChange, predicted: Prediction | null, limits: RiskLimits): readonly (Risk | null)[] {
  return [
    overrides(change),
    wideNetwork(change, limits),
    manyAddresses(change, limits),
    baselineTouched(predicted, limits),
    unmeasuredNetwork(change, predicted, limits),
  ];
}

function overrides({ overrides: rules = [] }: BlockChange): Risk | null {
  return rules.length === 0
    ? null
    : { rule: "guard-overridden", reason: `it goes against what guards refuse (${rules.join(", ")})` };
}

function wideNetwork({ addresses }: BlockChange, { ipv4Prefix, ipv6Prefix }: RiskLimits): Risk | null {
  for (const address of addresses) {
    const network = parseNetwork(address);
    if (!network.ok) continue;
    const widest = network.family === 4 ? ipv4Prefix : ipv6Prefix;
    if (network.prefix < widest) return { rule: "wide-network", reason: `${network.cidr} is wider than /${widest}` };
  }
  return null;
}

/** Addresses that are named singly become networks where they lie beside each other; so small a one counts as its addresses. */
const MOST_NAMED_SINGLY = 16;

function manyAddresses(change: BlockChange, limits: RiskLimits): Risk | null {
  const count = sum(change.addresses.map((address) => namedSingly(address) ?? 1));
  return count <= limits.addresses
    ? null
    : {
        rule: "many-addresses",
        reason: `it ${wordsOf(change).verb.toLowerCase()}s ${count} at once, over ${limits.addresses}`,
      };
}

/** How many addresses a network has, where it is so small that each could have been named; null where it is larger. */
function namedSingly(address: string): number | null {
  const network = parseNetwork(address);
  if (!network.ok) return null;
  const count = 2 ** ((network.family === 4 ? 32 : 128) - network.prefix);
  return count <= MOST_NAMED_SINGLY ? count : null;
}

function lastsLong({ durationSecs }: Change, limits: RiskLimits): Risk | null {
  return durationSecs <= limits.durationSecs
    ? null
    : {
        rule: "long",
        reason: `it lasts ${formatDuration(durationSecs)}, over ${formatDuration(limits.durationSecs)}`,
      };
}

function baselineTouched(predicted: Prediction | null, { baselineShare }: RiskLimits): Risk | null {
  if (predicted === null) return null;
  const touched = Math.max(predicted.baselineHarmed, predicted.baselineClientsHarmed);
  if (touched <= baselineShare) return null;
  return {
    rule: "baseline-touched",
    reason: `it would also hit ${percentText(touched)} of the usual traffic, over ${percentText(baselineShare)}`,
  };
}

/** A single address is one client, or one office; who is in a network, only a log can tell. */
function unmeasuredNetwork(
  { addresses }: BlockChange,
  predicted: Prediction | null,
  { unmeasuredNetworks }: RiskLimits,
): Risk | null {
  if (!unmeasuredNetworks || predicted !== null) return null;
  const wide = addresses.find((address) => namedSingly(address) === null);
  return wide === undefined
    ? null
    : { rule: "unmeasured-network", reason: `nobody has counted who else is in ${wide}` };
}

function scaleRisks(
  { fromInstances, toInstances }: ScaleChange,
  { addedInstances }: RiskLimits,
): readonly (Risk | null)[] {
  const added = toInstances - fromInstances;
  return [
    added <= addedInstances
      ? null
      : { rule: "large-scale-out", reason: `it adds ${added} instances, over ${addedInstances}` },
  ];
}

function percentText(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
