import { formatNetwork, parseNetwork } from "./address.ts";
import { type AddressMeasure, type MilderMeasure, measureOf, wordsOf } from "./address-measure.ts";
import { indexNetworks } from "./network-index.ts";
import type { Check } from "./proposal.ts";
import { formatCount, shortenForeign } from "./quantity.ts";
import { sum } from "./robust.ts";
import { formatUtcClock } from "./utc.ts";

/** One request that a firewall remembers of many. Its words are those of outsiders. */
export interface SampledRequest {
  readonly atMs: number;
  /** How many requests it stands for, beside the others of the same rule; above 0. */
  readonly weight: number;
  /** Whom a rule for our sets looks at: who connects, or whom a header names. */
  readonly clients: readonly string[];
  readonly connectedFrom: string;
  /** Whom X-Forwarded-For names. */
  readonly forwardedFor: readonly string[];
  /** Two letters; null where it is not known. */
  readonly country: string | null;
  readonly method: string;
  readonly uri: string;
  /** "BLOCK", "ALLOW", "COUNT", "CAPTCHA", "CHALLENGE". */
  readonly action: string;
}

/** What a firewall remembers of the requests that one rule was applied to. */
export interface SampledRule {
  readonly webAcl: string;
  /** Null for the requests that no rule decided. */
  readonly rule: string | null;
  /** Whether it asks for a set that Spillway fills; the others may let somebody pass before. */
  readonly isOurs: boolean;
  readonly keepsSamples: boolean;
  /** How many requests were sampled from; 0 where it is not known. */
  readonly population: number;
  readonly samples: readonly SampledRequest[];
}

/** What a firewall does to a request that a rule of the measure stops, and how that is told. */
const STOPS: Readonly<Record<AddressMeasure, { readonly action: string; readonly past: string }>> = {
  block: { action: "BLOCK", past: "blocked" },
  "rate-limit": { action: "BLOCK", past: "stopped above the limit" },
  challenge: { action: "CHALLENGE", past: "challenged" },
};

/**
 * Says what a firewall's samples tell of a block or a milder measure, in a sentence or more: how many requests of its addresses were
 * stopped, and where it has no effect, what else became of them. Null where they tell nothing.
 *
 * @param seen.measure a block where it is left out
 * @param seen.rules sampled since the block took effect; empty where no rule asks for a set that Spillway fills
 */
export function tellSamples(seen: {
  readonly service: string;
  readonly addresses: readonly string[];
  readonly measure?: MilderMeasure | undefined;
  readonly verdict: Check["verdict"];
  readonly rules: readonly SampledRule[];
}): string | null {
  const { addresses, rules, verdict } = seen;
  const isTarget = isWithin(addresses);
  const stop = STOPS[measureOf(seen)];
  const found = rules.map((rule) => ({
    ...rule,
    samples: rule.samples.filter(({ clients }) => clients.some(isTarget)),
    standsFor: requestsIn(rule) / sum(rule.samples.map(({ weight }) => weight)),
  }));
  const stopped = found.flatMap(({ samples, standsFor }) =>
    samples.filter(({ action }) => action === stop.action).map((one) => ({ ...one, requests: one.weight * standsFor })),
  );
  const ways = found.flatMap((rule) => waysPast(rule, stop.action));
  const passed = ways.filter(({ isEnd }) => isEnd).flatMap(({ samples }) => samples);
  const who =
    addresses.length === 1 ? formatNetwork(addresses[0] ?? "") : `the ${formatCount(addresses.length)} addresses`;

  const total = stopped.length + passed.length;
  if (total + ways.length === 0) return verdict === "no-effect" ? whyUnseen({ ...seen, who, isTarget }) : null;
  // Below the limit, and once a challenge is solved, requests are let through as they should be.
  const isReason = ({ isDecided }: Way) => isDecided || measureOf(seen) === "block";
  const reasons = verdict === "no-effect" ? ways.filter(isReason).map(({ sentence }) => sentence) : [];
  const counted = total === 0 ? [] : [countStopped({ stopped, total, who, past: stop.past })];
  return counted.length + reasons.length === 0 ? null : ["WAF samples:", ...counted, ...reasons].join(" ");
}

function countStopped(counted: {
  readonly stopped: readonly (SampledRequest & { readonly requests: number })[];
  readonly total: number;
  readonly who: string;
  readonly past: string;
}): string {
  const { stopped, total, who, past } = counted;
  const of = `of ${formatCount(total)} sampled ${total === 1 ? "request" : "requests"} of ${who}`;
  if (stopped.length === 0) return `none ${of} was ${past}.`;
  const requests = Math.round(sum(stopped.map((one) => one.requests)));
  const more = requests > stopped.length ? ` for about ${formatCount(requests)} in all` : "";
  const verb = stopped.length === 1 ? "was" : "were";
  return `${formatCount(stopped.length)} ${of} ${verb} ${past}${more && `, which stand${more}`}, the last at ${timeOf(stopped)}.`;
}

interface Way {
  readonly samples: readonly SampledRequest[];
  /** Whether it ends there: what is only counted goes on to the next rule. */
  readonly isEnd: boolean;
  /** Whether a rule did it, and not that there was none. */
  readonly isDecided: boolean;
  readonly sentence: string;
}

function waysPast({ samples, ...rule }: SampledRule, stopping: string): readonly Way[] {
  const notStopped = samples.filter(({ action }) => action !== stopping);
  return [...new Set(notStopped.map(({ action }) => action))].map((action) => {
    const those = notStopped.filter((one) => one.action === action);
    const isDecided = rule.rule !== null;
    return { samples: those, isEnd: action !== "COUNT", isDecided, sentence: sentenceOn(those, action, rule) };
  });
}

function sentenceOn(
  samples: readonly SampledRequest[],
  action: string,
  { rule, webAcl, isOurs }: Omit<SampledRule, "samples">,
): string {
  const last = samples.reduce((latest, one) => (one.atMs > latest.atMs ? one : latest));
  const example = `the last ${shortenForeign(last.method)} ${shortenForeign(last.uri)} at ${timeOf(samples)}`;
  const count = formatCount(samples.length);
  if (rule === null)
    return `No rule of web ACL ${webAcl} decided ${count}, ${example}: its rule for the set does not match them.`;
  const name = `Rule ${rule} of web ACL ${webAcl}`;
  if (!isOurs) return `${name} let ${count} pass before ours came to it, ${example}.`;
  if (action === "COUNT") return `${name} only counted ${count}, ${example}: its action is Count.`;
  return `${name} answered ${count} with ${shortenForeign(action)}, ${example}.`;
}

function whyUnseen(seen: {
  readonly service: string;
  readonly rules: readonly SampledRule[];
  readonly who: string;
  readonly measure?: MilderMeasure | undefined;
  readonly isTarget: (address: string) => boolean;
}): string {
  const { service, rules, who, isTarget } = seen;
  if (rules.length === 0)
    return `No web ACL has a rule for the sets that Spillway fills: nobody in them is ${wordsOf(seen).past}.`;
  const acls = [...new Set(rules.map(({ webAcl }) => webAcl))].join(", ");
  const all = rules.flatMap(({ samples }) => samples);
  if (all.length === 0) {
    return rules.every(({ keepsSamples }) => !keepsSamples)
      ? `WAF samples: web ACL ${acls} keeps none (SampledRequestsEnabled is off).`
      : `WAF samples: web ACL ${acls} saw no request at all since: it may not stand in front of ${service}.`;
  }
  const behind = all.filter(({ forwardedFor }) => forwardedFor.some(isTarget));
  const [proxied] = behind;
  if (proxied !== undefined) {
    return `WAF samples: ${formatCount(behind.length)} name ${who} in X-Forwarded-For, but came from a proxy such as ${shortenForeign(proxied.connectedFrom)}: the rule looks at who connects, the log does not.`;
  }
  return `WAF samples: none of ${formatCount(all.length)} is of ${who}: the log's address may be that of a proxy, which the firewall does not see, or web ACL ${acls} does not stand in front of ${service}.`;
}

/** Where all requests were kept, each stands for itself. */
function requestsIn({ population, samples }: SampledRule): number {
  return Math.max(population, samples.length);
}

function timeOf(samples: readonly SampledRequest[]): string {
  return `${formatUtcClock(Math.max(...samples.map(({ atMs }) => atMs)))} UTC`;
}

function isWithin(networks: readonly string[]): (address: string) => boolean {
  const index = indexNetworks(networks.map((cidr) => ({ cidr })));
  return (address) => {
    const network = parseNetwork(address);
    return network.ok && index.overlapping(network) !== null;
  };
}
