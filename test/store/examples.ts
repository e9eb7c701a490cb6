import type { Finding } from "../../src/domain/finding.ts";
import type { Incident, TimelineEvent } from "../../src/domain/incident.ts";
import type { Block, Person, Proposal } from "../../src/domain/proposal.ts";
import type { Intake } from "../../src/domain/traffic.ts";
import type { Investigation } from "../../src/ports/remembered.ts";
import { buildBlock, buildProposal } from "../support/build-proposal.ts";

export const ANNA: Person = { id: "U0ANNA", name: "Anna" };
export const BEN: Person = { id: "U0BEN", name: "Ben" };

/** Made-up times are small numbers: what matters is which comes first. */
export function pendingProposal(given: Partial<Proposal> = {}): Proposal {
  return buildProposal({
    id: "p1",
    requestedBy: ANNA,
    channelId: "C1",
    findingId: null,
    incidentId: null,
    createdMs: 1_000,
    expiresMs: 2_000,
    ...given,
  });
}

export function pendingBlock(given: Partial<Block> = {}): Block {
  return buildBlock({
    id: "b1",
    proposalId: "p1",
    incidentId: null,
    channelId: "C1",
    blockedBy: BEN,
    createdMs: 1_500,
    expiresMs: 9_000,
    state: "pending",
    ...given,
  });
}

export function runningInvestigation(given: Partial<Investigation> = {}): Investigation {
  return {
    id: "i1",
    service: "web",
    channelId: "C1",
    requestedBy: ANNA,
    window: { startMs: 100, endMs: 900 },
    filter: { not: { ip: "198.51.100.14" } },
    messageTs: null,
    createdMs: 1_000,
    state: "running",
    cancelledBy: null,
    finding: null,
    intake: null,
    incidentId: null,
    ...given,
  };
}

export function openIncident(given: Partial<Omit<Incident, "number">> = {}): Omit<Incident, "number"> {
  return {
    id: "n1",
    title: "web is slow",
    service: "web",
    channelId: "C1",
    state: "open",
    startedMs: null,
    declaredMs: 5_000,
    resolvedMs: null,
    declaredBy: ANNA,
    resolvedBy: null,
    ...given,
  };
}

export function note(given: Partial<TimelineEvent> = {}): TimelineEvent {
  return {
    id: `e-${given.key ?? "k1"}-${given.channelId ?? "C1"}`,
    incidentId: null,
    channelId: "C1",
    kind: "note",
    occurredMs: 4_000,
    recordedMs: 4_100,
    actor: ANNA,
    text: "The crawler is back.",
    permalink: null,
    key: "k1",
    ...given,
  };
}

/** Holds what jsonb would refuse or alter: NUL, a lone surrogate, key order, -0.1 + 0.3. */
export const FINDING: Finding = {
  service: "web",
  onset: { onsetMs: 2_000, lowMs: 1_900, highMs: 2_100, endMs: null, ratio: 6 },
  verdict: "Nothing unusual.",
  causes: [
    {
      kind: "unknown",
      slice: { userAgent: "odd\u0000agent \ud800" },
      excessShare: -0.1 + 0.3,
      score: 0.5,
      evidence: [],
      rivals: [],
    },
  ],
  moved: [],
  unmoved: [],
  suggestions: [],
};

export const INTAKE: Intake = {
  files: 1,
  lines: 3,
  parsed: 1,
  recovered: 1,
  unparsed: 1,
  unparsedSamples: [{ file: "access.log", line: "\u0000\u0001" }],
  skipped: [],
  firstMs: 100,
  lastMs: 900,
  formats: { "nginx-combined": 1 },
  detected: [],
  coverage: null,
  headers: 0,
};
