import { contains } from "../../src/domain/address.ts";
import type { Cause, CauseKind, Finding } from "../../src/domain/finding.ts";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import { type IncidentTruth, primaryKind, type SeenClient } from "../../src/sandbox/incidents/truth.ts";
import type { CaseRun } from "./run-case.ts";

/** How one verdict compares with the truth. */
export interface CaseScore {
  readonly seed: number;
  readonly format: string;
  readonly lines: number;
  readonly truth: readonly { readonly kind: CauseKind; readonly variant: string; readonly addedShare: number }[];
  readonly primary: CauseKind;
  readonly answer: CauseKind;
  /** Of the first cause. */
  readonly score: number;
  /** Kinds of the causes that the product would act on. */
  readonly named: readonly CauseKind[];
  readonly suspects: SuspectScore;
  /** Minutes after (+) or before (−) the true one; null where there is none, or none was found. */
  readonly onsetErrorMins: number | null;
  readonly hasOnset: boolean;
  /** For each block that is offered, shares 0–1 of the excess. */
  readonly effects: readonly { readonly predicted: number; readonly actual: number }[];
  readonly readMs: number;
  readonly analyseMs: number;
}

export interface SuspectScore {
  readonly named: number;
  /** Of them, those at least half of whose requests are a guilty cause's. */
  readonly right: number;
  /** Requests of guilty causes, and those of them that some right one covers. */
  readonly guiltyRequests: number;
  readonly covered: number;
}

/** The product offers nothing for what it is less sure of. */
const ACTED_ON = 0.5;
const SUSPECT_KINDS: readonly CauseKind[] = ["heavy-client", "scanner", "distributed-flood"];

/** Compares a verdict with the truth; null where there is no verdict. */
export function scoreCase({ seed, incident, finding, readMs, analyseMs }: CaseRun): CaseScore | null {
  if (finding === null) return null;
  const { truth, lines, format } = incident;
  const requests = sumOf(truth.seen);
  const onsetMs = Math.min(...truth.causes.map((cause) => cause.onsetMs));
  return {
    seed,
    format: format.name,
    lines: lines.length,
    truth: truth.causes.map(({ kind, variant, added }) => ({
      kind,
      variant,
      addedShare: requests === 0 ? 0 : added.requests / requests,
    })),
    primary: primaryKind(truth),
    answer: finding.causes[0].kind,
    score: finding.causes[0].score,
    named: finding.causes.filter(({ score }) => score >= ACTED_ON).map(({ kind }) => kind),
    suspects: scoreSuspects(finding, truth),
    onsetErrorMins:
      finding.onset === null || truth.causes.length === 0 ? null : (finding.onset.onsetMs - onsetMs) / MINUTE_MS,
    hasOnset: finding.onset !== null,
    effects: effectsOf(finding, truth),
    readMs,
    analyseMs,
  };
}

function scoreSuspects(finding: Finding, truth: IncidentTruth): SuspectScore {
  const isGuilty = ({ cause }: SeenClient) => cause !== null && (truth.causes[cause]?.guiltyAddresses.length ?? 0) > 0;
  const causes = finding.causes.filter(({ score }) => score >= ACTED_ON);
  const listed = new Set(causes.flatMap(({ suspects = [] }) => suspects));
  const suspects = causes.flatMap((cause) => (cause.suspects === undefined ? (matcherOf(cause) ?? []) : []));
  const guiltyAddresses = new Set(truth.seen.filter(isGuilty).map(({ address }) => address));
  const rightListed = new Set([...listed].filter((address) => guiltyAddresses.has(address)));
  const right = suspects.filter((isNamed) => {
    const named = truth.seen.filter(isNamed);
    return sumOf(named.filter(isGuilty)) * 2 >= sumOf(named) && named.length > 0;
  });
  const guilty = truth.seen.filter(isGuilty);
  return {
    named: suspects.length + listed.size,
    right: right.length + rightListed.size,
    guiltyRequests: sumOf(guilty),
    covered: sumOf(
      guilty.filter((client) => rightListed.has(client.address) || right.some((isNamed) => isNamed(client))),
    ),
  };
}

/** Tells whose requests a cause blames; null where it blames nobody. */
function matcherOf({ kind, slice }: Cause): ((client: SeenClient) => boolean) | null {
  const { ip, net, userAgent } = slice;
  if (ip !== undefined) return ({ address }) => address === ip;
  if (net !== undefined) return ({ address }) => contains(net, address);
  // Of others than these a user agent is where to look, and nobody to blame.
  if (userAgent !== undefined && SUSPECT_KINDS.includes(kind)) return (client) => client.userAgent === userAgent;
  return null;
}

/** Replays every block that is offered over the labelled requests. */
function effectsOf(finding: Finding, truth: IncidentTruth): CaseScore["effects"] {
  const added = truth.seen.filter(({ cause }) => cause !== null);
  const all = sumOf(added);
  if (all === 0) return [];
  return finding.suggestions.flatMap(({ change, predicted }) => {
    if (change.kind !== "block" || predicted.excessRemoved === null) return [];
    const single = new Set(change.addresses.map((address) => address.replace(/\/(32|128)$/, "")));
    const networks = [...single].filter((address) => address.includes("/"));
    const isBlocked = ({ address }: SeenClient) =>
      single.has(address) || networks.some((network) => contains(network, address));
    return [{ predicted: predicted.excessRemoved, actual: sumOf(added.filter(isBlocked)) / all }];
  });
}

function sumOf(clients: readonly SeenClient[]): number {
  return clients.reduce((sum, { requests }) => sum + requests, 0);
}
