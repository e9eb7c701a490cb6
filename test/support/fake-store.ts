import { approversOf, isAgainstGuards } from "../../src/domain/approval-policy.ts";
import type { Incident, TimelineEvent } from "../../src/domain/incident.ts";
import type { Approval, Block, CapacityEnd, Proposal, Receipt } from "../../src/domain/proposal.ts";
import type {
  AuditEntry,
  BreakdownEnd,
  CapacityHold,
  FirewallReport,
  Investigation,
  UndoWish,
} from "../../src/ports/remembered.ts";
import type { Store } from "../../src/ports/store.ts";
import type { blocksIn as storedBlocksIn } from "../../src/store/blocks.ts";
import type { holdsIn } from "../../src/store/holds.ts";

/** The port, and what a test may do beside it. */
export interface FakeStore extends Store {
  /** Every entry ever appended, in order; removed ones included. */
  allEvents(): readonly TimelineEvent[];
  /** What was added to the audit log by hand, in order. */
  audited(): readonly AuditEntry[];
  /** Makes every call fail, as if the database were away; null brings it back. */
  failWith(error: Error | null): void;
}

interface Memory {
  readonly investigations: Map<string, Investigation>;
  /** By channel and message. */
  readonly breakdownEnds: Map<string, BreakdownEnd>;
  readonly proposals: Map<string, Proposal & { readonly sinceMs: number }>;
  readonly receipts: Map<string, Receipt>;
  readonly blocks: Map<string, Block>;
  /** When somebody began to settle a block, by its id. */
  readonly marks: Map<string, number>;
  /** By service. */
  readonly holds: Map<string, CapacityHold>;
  readonly ends: Map<string, CapacityEnd>;
  readonly reports: Map<string, FirewallReport>;
  /** When the next turn of a lane begins, by the machine's clock. */
  readonly turns: Map<string, number>;
  readonly incidents: Map<string, Incident>;
  readonly events: { event: TimelineEvent; isRemoved: boolean }[];
  readonly postmortems: Map<string, { markdown: string; savedMs: number }>;
  /** By service. */
  readonly locks: Set<string>;
  readonly wishes: Map<string, UndoWish>;
  readonly sightings: Map<string, { openedMs: number; seenMs: number; isTold: boolean }>;
  readonly audit: AuditEntry[];
}

const PROPOSAL_MOVES: Readonly<Record<Proposal["state"], readonly Proposal["state"][]>> = {
  pending: ["approved", "refused", "withdrawn", "expired"],
  approved: ["executing", "failed"],
  executing: ["done", "failed"],
  done: [],
  failed: [],
  refused: [],
  withdrawn: [],
  expired: [],
};
const BLOCK_MOVES: Readonly<Record<Block["state"], readonly Block["state"][]>> = {
  pending: ["active", "expired", "lifted"],
  active: ["expired", "lifted"],
  expired: [],
  lifted: [],
};

/**
 * A store in memory that behaves as the real one: both pass test/store/store-suite.ts.
 * Only references to rows that do not exist are not refused.
 */
export function createFakeStore(): FakeStore {
  const memory: Memory = {
    investigations: new Map(),
    breakdownEnds: new Map(),
    proposals: new Map(),
    receipts: new Map(),
    blocks: new Map(),
    marks: new Map(),
    holds: new Map(),
    ends: new Map(),
    reports: new Map(),
    turns: new Map(),
    incidents: new Map(),
    events: [],
    postmortems: new Map(),
    sightings: new Map(),
    wishes: new Map(),
    locks: new Set(),
    audit: [],
  };
  let failure: Error | null = null;
  const store: Store = {
    ...investigationsIn(memory),
    ...breakdownsIn(memory),
    ...proposalsIn(memory),
    ...blocksIn(memory),
    ...incidentsIn(memory),
    ...eventsIn(memory),
    ...firewallsIn(memory),
    ...smallThingsIn(memory),
    ...sightingsIn(memory),
    ...undoWishesIn(memory),
  };
  // What goes in and out is copied, so that a test cannot change the store behind its back.
  const guarded = Object.entries(store).map(([name, method]: [string, (...args: unknown[]) => Promise<unknown>]) => [
    name,
    async (...args: unknown[]) => {
      if (failure !== null) throw failure;
      const result = await method(...structuredClone(args));
      // What frees a lock is no data.
      return typeof result === "function" ? result : structuredClone(result);
    },
  ]);
  return {
    ...(Object.fromEntries(guarded) as Store),
    allEvents: () => structuredClone(memory.events.map(({ event }) => event)),
    audited: () => structuredClone(memory.audit),
    failWith: (error) => {
      failure = error;
    },
  };
}

type InvestigationMethods =
  | "createInvestigation"
  | "setInvestigationMessage"
  | "finishInvestigation"
  | "cancelInvestigation"
  | "investigation"
  | "investigationsOf"
  | "latestInvestigation";

function investigationsIn(memory: Memory): Pick<Store, InvestigationMethods> {
  const { investigations } = memory;
  return {
    async createInvestigation(investigation) {
      if (!investigations.has(investigation.id)) investigations.set(investigation.id, investigation);
    },
    setInvestigationMessage: async (id, messageTs) => update(investigations, id, { messageTs }),
    async finishInvestigation(id, result) {
      const state = investigations.get(id)?.state;
      if (state === "cancelled") return false;
      if (result === "failed" ? state !== "running" : state === "done") return true;
      update(investigations, id, result === "failed" ? { state: "failed" } : { state: "done", ...result });
      learnFromFindings(memory, investigations.get(id)?.incidentId ?? null);
      return true;
    },
    async cancelInvestigation(id, cancelledBy) {
      if (investigations.get(id)?.state !== "running") return false;
      update(investigations, id, { state: "cancelled", cancelledBy });
      return true;
    },
    investigation: async (id) => investigations.get(id) ?? null,
    investigationsOf: async (incidentId) =>
      [...investigations.values()].filter((one) => one.incidentId === incidentId).sort(by("createdMs")),
    latestInvestigation: async (service, sinceMs) =>
      [...investigations.values()]
        .filter((one) => one.service === service && one.createdMs >= sinceMs && one.state === "done")
        .sort(by("createdMs"))
        .at(-1) ?? null,
  };
}

function breakdownsIn({ breakdownEnds }: Memory): Pick<Store, "endBreakdown" | "breakdownEnd"> {
  const keyOf = ({ channelId, messageTs }: Pick<BreakdownEnd, "channelId" | "messageTs">) =>
    `${channelId} ${messageTs}`;
  return {
    async endBreakdown(end) {
      const before = breakdownEnds.get(keyOf(end))?.state;
      const isNew = before === undefined || (before === "failed" && end.state === "done");
      if (isNew) breakdownEnds.set(keyOf(end), end);
      return isNew;
    },
    breakdownEnd: async (at) => breakdownEnds.get(keyOf(at)) ?? null,
  };
}

type ProposalMethods =
  | "createProposal"
  | "standingRetry"
  | "setProposalMessage"
  | "proposal"
  | "proposalsOf"
  | "openProposals"
  | "approveProposal"
  | "moveProposal"
  | "unfinishedProposals";

function proposalsIn({ proposals }: Memory): Pick<Store, ProposalMethods> {
  const approve = ({ id, digest, by: person, atMs, needed, reason }: Parameters<Store["approveProposal"]>[0]) => {
    const proposal = proposals.get(id);
    if (proposal?.state !== "pending" || proposal.digest !== digest) return "closed";
    const given: Approval = { person, decision: reason === null ? "approved" : "broke-glass", reason, atMs };
    const { change } = proposal;
    const isSame = (one: Approval) => one.person.id === person.id && one.decision === given.decision;
    if (proposal.approvals.some(isSame)) return "repeated";
    const approvals = [...proposal.approvals, given];
    update(proposals, id, { approvals });
    const isBroken = reason !== null && !isAgainstGuards(change);
    const enough = isBroken ? 1 : Math.max(needed, proposal.approversNeeded);
    if (approversOf(change, approvals).length < enough) return "counted";
    update(proposals, id, { state: "approved", sinceMs: atMs, decidedBy: person, decidedMs: atMs });
    return "approved";
  };
  const listed = (matches: (proposal: Proposal & { sinceMs: number }) => boolean): Proposal[] =>
    [...proposals.values()]
      .filter(matches)
      .sort(by("createdMs"))
      .map(({ sinceMs: _sinceMs, ...proposal }) => proposal);
  const standingRetry = (failedId: string) =>
    listed(({ retryOf, state }) => retryOf === failedId && state !== "withdrawn" && state !== "expired")[0] ?? null;
  return {
    async createProposal(proposal) {
      const { id, retryOf } = proposal;
      if (proposals.has(id) || (retryOf !== undefined && standingRetry(retryOf) !== null)) return false;
      proposals.set(id, { ...proposal, sinceMs: proposal.decidedMs ?? proposal.createdMs });
      return true;
    },
    standingRetry: async (failedId) => standingRetry(failedId),
    setProposalMessage: async (id, messageTs) => update(proposals, id, { messageTs }),
    proposal: async (id) => listed((one) => one.id === id)[0] ?? null,
    proposalsOf: async (incidentId) => listed((one) => one.incidentId === incidentId),
    openProposals: async (filter = {}) =>
      listed((one) => isUnderWay(one) && (filter.channelId ?? one.channelId) === one.channelId).reverse(),
    approveProposal: async (approval) => {
      const isInTime = approval.atMs <= (proposals.get(approval.id)?.expiresMs ?? 0);
      return isInTime ? approve(approval) : "closed";
    },
    async moveProposal({ id, from, to, by: person, atMs, digest }) {
      const proposal = proposals.get(id);
      if (proposal?.state !== from || (digest ?? proposal.digest) !== proposal.digest) return false;
      if (from === "pending" && to === "approved") {
        refuseUnless(person !== null, "nobody is named who decided");
        const by = person ?? { id: "", name: "" };
        return approve({ id, by, atMs, digest: proposal.digest, needed: 1, reason: null }) === "approved";
      }
      refuseUnless(PROPOSAL_MOVES[from].includes(to), `a proposal cannot move from ${from} to ${to}`);
      const decision = from === "pending" ? { decidedBy: person, decidedMs: atMs } : {};
      refuseUnless(from !== "pending" || to === "expired" || person !== null, "nobody is named who decided");
      update(proposals, id, { state: to, sinceMs: atMs, ...decision });
      return true;
    },
    unfinishedProposals: async (beforeMs) =>
      listed((one) => isUnderWay(one) && one.state !== "pending" && one.sinceMs < beforeMs),
  };
}

function isUnderWay(proposal: Proposal): boolean {
  return ["pending", "approved", "executing"].includes(proposal.state);
}

function blocksIn({ blocks, marks }: Memory): ReturnType<typeof storedBlocksIn> {
  const isInForce = (block: Block) => block.state === "pending" || block.state === "active";
  return {
    async addBlocks(added) {
      for (const block of added) {
        const isKnown = [...blocks.values()].some(
          (one) => one.id === block.id || (one.proposalId === block.proposalId && one.address === block.address),
        );
        if (!isKnown) blocks.set(block.id, { ...block, state: "pending", endedMs: null, endedBy: null });
      }
    },
    async moveBlocks({ ids, from, to, by: person, atMs }) {
      const moved = ids.filter((id) => blocks.get(id)?.state === from);
      refuseUnless(moved.length === 0 || BLOCK_MOVES[from].includes(to), `a block cannot move from ${from} to ${to}`);
      for (const id of moved) {
        update(blocks, id, to === "active" ? { state: to } : { state: to, endedMs: atMs, endedBy: person });
      }
      return moved;
    },
    blocks: async (filter) =>
      [...blocks.values()]
        .filter((one) => filter.state?.includes(one.state) ?? true)
        .filter((one) => (filter.service ?? one.service) === one.service)
        .filter((one) => (filter.proposalId ?? one.proposalId) === one.proposalId)
        .filter((one) => (filter.incidentId ?? one.incidentId) === one.incidentId)
        .filter((one) => filter.endedSinceMs === undefined || (one.endedMs ?? 0) >= filter.endedSinceMs)
        .sort((a, b) => b.createdMs - a.createdMs || (a.id < b.id ? -1 : 1)),
    dueBlocks: async (nowMs) =>
      [...blocks.values()].filter((one) => isInForce(one) && one.expiresMs <= nowMs).sort(by("expiresMs")),
    async extendBlocks(ids, expiresMs, { onlyWhereEndsMs } = {}) {
      return ids.filter((id) => {
        const block = blocks.get(id);
        if (!block || !isInForce(block) || block.expiresMs !== (onlyWhereEndsMs ?? block.expiresMs)) return false;
        update(blocks, id, { expiresMs });
        return true;
      });
    },
    async unsettleBlocks(ids, atMs) {
      const free = ids.filter((id) => blocks.has(id) && !marks.has(id));
      for (const id of ids) if (blocks.has(id)) marks.set(id, Math.max(atMs, (marks.get(id) ?? 0) + 1));
      return free;
    },
    async claimBlocks(ids, { atMs, freeBeforeMs }) {
      return ids.filter((id) => {
        const markedMs = marks.get(id);
        if (blocks.get(id)?.state !== "active" || (markedMs !== undefined && markedMs >= freeBeforeMs)) return false;
        update(blocks, id, { isOurs: true });
        marks.set(id, atMs);
        return true;
      });
    },
    async settleBlocks(ids, markedMs) {
      for (const id of ids) if (marks.get(id) === markedMs) marks.delete(id);
    },
    async unsettledBlocks(beforeMs) {
      return [...blocks.values()].filter((one) => !isInForce(one) && (marks.get(one.id) ?? beforeMs) < beforeMs);
    },
  };
}

function firewallsIn({
  turns,
  reports,
}: Memory): Pick<Store, "reserveTurn" | "saveFirewallReport" | "firewallReports"> {
  return {
    async reserveTurn(lane, everyMs) {
      const nowMs = Date.now();
      const turnMs = Math.max(turns.get(lane) ?? 0, nowMs);
      turns.set(lane, turnMs + everyMs);
      return turnMs - nowMs;
    },
    async saveFirewallReport(report) {
      if ((reports.get(report.firewall)?.checkedMs ?? 0) <= report.checkedMs) reports.set(report.firewall, report);
    },
    firewallReports: async () => [...reports.values()].sort((a, b) => (a.firewall < b.firewall ? -1 : 1)),
  };
}

type IncidentMethods =
  | "declareIncident"
  | "resolveIncident"
  | "incident"
  | "incidentByNumber"
  | "openIncident"
  | "latestIncident"
  | "incidents";

function incidentsIn(memory: Memory): Pick<Store, IncidentMethods> {
  const { incidents } = memory;
  const newestFirst = () => [...incidents.values()].reverse();
  return {
    async declareIncident(given, adoptSinceMs) {
      const declared = incidents.get(given.id);
      if (declared) return declared;
      const incident = { ...given, number: incidents.size + 1 };
      incidents.set(incident.id, incident);
      adopt(memory, incident, adoptSinceMs);
      learnFromFindings(memory, incident.id);
      return incidents.get(incident.id) ?? incident;
    },
    async resolveIncident(id, resolvedBy, resolvedMs) {
      if (incidents.get(id)?.state !== "open") return false;
      update(incidents, id, { state: "resolved", resolvedBy, resolvedMs });
      return true;
    },
    incident: async (id) => incidents.get(id) ?? null,
    incidentByNumber: async (number) => newestFirst().find((one) => one.number === number) ?? null,
    openIncident: async (channelId) =>
      newestFirst().find((one) => one.channelId === channelId && one.state === "open") ?? null,
    latestIncident: async (channelId) => newestFirst().find((one) => one.channelId === channelId) ?? null,
    incidents: async (filter = {}) =>
      newestFirst()
        .filter((one) => (filter.state ?? one.state) === one.state)
        .slice(0, filter.limit ?? Number.POSITIVE_INFINITY),
  };
}

function adopt({ events, investigations, proposals, blocks }: Memory, incident: Incident, sinceMs: number): void {
  const isOrphan = (one: { incidentId: string | null; channelId: string }) =>
    one.incidentId === null && one.channelId === incident.channelId;
  for (const entry of events) {
    if (isOrphan(entry.event) && entry.event.occurredMs >= sinceMs) {
      entry.event = { ...entry.event, incidentId: incident.id };
    }
  }
  for (const map of [investigations, proposals] as Map<string, Investigation | Proposal>[]) {
    for (const one of map.values()) {
      if (isOrphan(one) && one.createdMs >= sinceMs) update(map, one.id, { incidentId: incident.id });
    }
  }
  for (const block of blocks.values()) {
    const isOurs = proposals.get(block.proposalId)?.incidentId === incident.id;
    if (block.incidentId === null && isOurs) update(blocks, block.id, { incidentId: incident.id });
  }
}

function learnFromFindings({ incidents, investigations }: Memory, incidentId: string | null): void {
  const incident = incidents.get(incidentId ?? "");
  const first = [...investigations.values()]
    .sort(by("createdMs"))
    .find((one) => one.incidentId === incidentId && one.finding?.onset);
  if (incident === undefined || first === undefined) return;
  update(incidents, incident.id, {
    startedMs: incident.startedMs ?? first.finding?.onset?.onsetMs ?? null,
    service: incident.service ?? first.service,
  });
}

function eventsIn({ events, incidents }: Memory): Pick<Store, "appendEvent" | "events" | "removeEvent"> {
  const find = (channelId: string, key: string) =>
    events.find(({ event }) => event.channelId === channelId && event.key === key);
  return {
    async appendEvent(event) {
      const known = find(event.channelId, event.key);
      if (known) {
        const isWantedBack = known.isRemoved && known.event.kind === "message";
        if (isWantedBack) known.isRemoved = false;
        return isWantedBack;
      }
      const open = [...incidents.values()].findLast((one) => one.channelId === event.channelId && one.state === "open");
      events.push({ event: { ...event, incidentId: event.incidentId ?? open?.id ?? null }, isRemoved: false });
      return true;
    },
    events: async (incidentId) =>
      events
        .filter(({ event, isRemoved }) => event.incidentId === incidentId && !isRemoved)
        .map(({ event }) => event)
        .sort((a, b) => a.occurredMs - b.occurredMs || a.recordedMs - b.recordedMs),
    async removeEvent(channelId, key) {
      const known = find(channelId, key);
      if (!known || known.isRemoved) return false;
      known.isRemoved = true;
      return true;
    },
  };
}

function undoWishesIn({ wishes }: Memory): Pick<Store, "wishUndo" | "forgetUndo" | "undoWishes"> {
  return {
    wishUndo: async (wish) => void (wishes.has(wish.id) || wishes.set(wish.id, wish)),
    forgetUndo: async (id) => void wishes.delete(id),
    undoWishes: async (beforeMs) => [...wishes.values()].filter(({ atMs }) => atMs < beforeMs),
  };
}

function sightingsIn({ sightings }: Memory): Pick<Store, "claimSighting" | "releaseSighting"> {
  return {
    async claimSighting({ service, openedMs, seenMs }) {
      const known = sightings.get(service);
      const isNews = known === undefined || !known.isTold || known.seenMs < openedMs - 3_600_000;
      if (isNews) sightings.set(service, { openedMs, seenMs, isTold: true });
      else update(sightings, service, { seenMs: Math.max(known.seenMs, seenMs) });
      return isNews;
    },
    releaseSighting: async (service) => update(sightings, service, { isTold: false }),
  };
}

type SmallMethods =
  | "addReceipt"
  | "receipt"
  | "setCheck"
  | keyof ReturnType<typeof holdsIn>
  | "savePostmortem"
  | "postmortem"
  | "recordAudit"
  | "ping";

function smallThingsIn({ receipts, holds, locks, ends, postmortems, audit }: Memory): Pick<Store, SmallMethods> {
  return {
    async addReceipt(receipt) {
      if (receipts.has(receipt.proposalId)) return false;
      receipts.set(receipt.proposalId, receipt);
      return true;
    },
    receipt: async (proposalId) => receipts.get(proposalId) ?? null,
    setCheck: async (proposalId, check) => update(receipts, proposalId, { check }),
    async tryLock(name) {
      if (locks.has(name)) return null;
      locks.add(name);
      return async () => void locks.delete(name);
    },
    async holdCapacity(hold) {
      const isHeld = [...holds.values()].some((one) => one.proposalId === hold.proposalId);
      if (isHeld || holds.has(hold.service)) return false;
      holds.set(hold.service, hold);
      return true;
    },
    capacityHolds: async () => [...holds.values()].sort((a, b) => a.untilMs - b.untilMs),
    async dropCapacityHold(proposalId) {
      const hold = [...holds.values()].find((one) => one.proposalId === proposalId);
      return hold !== undefined && holds.delete(hold.service);
    },
    async setCapacityAsked(proposalId, askedMs) {
      const hold = [...holds.values()].find((one) => one.proposalId === proposalId);
      if (hold !== undefined) holds.set(hold.service, { ...hold, askedMs });
    },
    async addCapacityEnd(end) {
      if (ends.has(end.proposalId)) return false;
      ends.set(end.proposalId, end);
      return true;
    },
    capacityEnd: async (proposalId) => ends.get(proposalId) ?? null,
    async savePostmortem(incidentId, markdown, savedMs) {
      if ((postmortems.get(incidentId)?.savedMs ?? 0) <= savedMs) postmortems.set(incidentId, { markdown, savedMs });
    },
    postmortem: async (incidentId) => postmortems.get(incidentId) ?? null,
    recordAudit: async (entry) => void audit.push(entry),
    ping: async () => {},
  };
}

function update<Value extends object>(map: Map<string, Value>, id: string, change: Partial<Value>): void {
  const value = map.get(id);
  if (value !== undefined) map.set(id, { ...value, ...change });
}

function by<Key extends "createdMs" | "expiresMs">(key: Key) {
  return (a: Readonly<Record<Key, number>> & { id: string }, b: Readonly<Record<Key, number>> & { id: string }) =>
    a[key] - b[key] || (a.id < b.id ? -1 : 1);
}

function refuseUnless(isAllowed: boolean, why: string): void {
  if (!isAllowed) throw new Error(why);
}
