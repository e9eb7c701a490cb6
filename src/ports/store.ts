import type { Finding } from "../domain/finding.ts";
import type { Incident, TimelineEvent } from "../domain/incident.ts";
import type { Block, CapacityEnd, Check, Person, Proposal, ProposalState, Receipt } from "../domain/proposal.ts";
import type { Intake } from "../domain/traffic.ts";
import type { AuditEntry, BreakdownEnd, CapacityHold, FirewallReport, Investigation, UndoWish } from "./remembered.ts";

/** The durable memory. Every write is safe to repeat; every move of a state is atomic. */
export interface Store {
  // investigations
  createInvestigation(investigation: Investigation): Promise<void>;
  setInvestigationMessage(id: string, messageTs: string): Promise<void>;
  /** Returns false where somebody cancelled it: then nothing of it may be shown. */
  finishInvestigation(id: string, result: { finding: Finding; intake: Intake } | "failed"): Promise<boolean>;
  /** Of two callers exactly one gets `true`, and none gets it after the end. */
  cancelInvestigation(id: string, by: Person): Promise<boolean>;
  investigation(id: string): Promise<Investigation | null>;
  /** Those of an incident, oldest first. */
  investigationsOf(incidentId: string): Promise<readonly Investigation[]>;
  /** The newest of a service that is done, of those begun since; null where there is none. */
  latestInvestigation(service: string, sinceMs: number): Promise<Investigation | null>;

  /** Returns whether this is how it ended: of several ends the first stays, but a success makes a failure good. */
  endBreakdown(end: BreakdownEnd): Promise<boolean>;
  /** Null as long as it has not ended. */
  breakdownEnd(at: Pick<BreakdownEnd, "channelId" | "messageTs">): Promise<BreakdownEnd | null>;

  // proposals
  /**
   * Does nothing, and returns false, where the id exists already or another retry of the same proposal stands: of any
   * number of callers exactly one gets `true`.
   */
  createProposal(proposal: Proposal): Promise<boolean>;
  /** The retry of a failed proposal, whatever became of it; null where there is none, or it was withdrawn or expired. */
  standingRetry(failedId: string): Promise<Proposal | null>;
  setProposalMessage(id: string, messageTs: string): Promise<void>;
  proposal(id: string): Promise<Proposal | null>;
  /** Those of an incident, oldest first. */
  proposalsOf(incidentId: string): Promise<readonly Proposal[]>;
  /** Pending proposals and those under way, newest first. */
  openProposals(filter?: { channelId?: string }): Promise<readonly Proposal[]>;
  /**
   * Adds one person's approval, and with the last one needed moves the proposal to `approved`, in one transaction: of
   * any number of callers exactly one hears `approved`.
   *
   * `repeated` where this person gave it before; `closed` where the offer is not pending any more, is over, or was of
   * another content.
   */
  approveProposal(approval: {
    id: string;
    digest: string;
    by: Person;
    atMs: number;
    /** Different people; more of them where the offer itself needs more, unless the glass is broken. */
    needed: number;
    /** Why the glass is broken; null for an approval. */
    reason: string | null;
  }): Promise<"approved" | "counted" | "repeated" | "closed">;
  /**
   * Moves a proposal and writes the approval row in one transaction, if it is in `from`.
   * Of two callers exactly one gets `true`. To `approved` it is one approval, and false where another is needed.
   */
  moveProposal(move: {
    id: string;
    from: ProposalState;
    to: ProposalState;
    by: Person | null;
    atMs: number;
    /** Refuses a move bound to another content. */
    digest?: string;
  }): Promise<boolean>;
  /** Approved or executing since before `beforeMs`, with a receipt or without: what a crash left. */
  unfinishedProposals(beforeMs: number): Promise<readonly Proposal[]>;

  // receipts
  /** The first receipt of a proposal stays; a later one changes nothing and returns false. */
  addReceipt(receipt: Receipt): Promise<boolean>;
  receipt(proposalId: string): Promise<Receipt | null>;
  setCheck(proposalId: string, check: Check): Promise<void>;

  // blocks
  /** Adds rows as `pending`; (proposal, address) is unique, so repeating adds none. */
  addBlocks(blocks: readonly Block[]): Promise<void>;
  moveBlocks(move: {
    ids: readonly string[];
    from: Block["state"];
    to: Block["state"];
    by: Person | null;
    atMs: number;
  }): Promise<readonly string[]>;
  blocks(filter: {
    state?: readonly Block["state"][];
    service?: string;
    proposalId?: string;
    incidentId?: string;
    /** Only those that ended then or later. */
    endedSinceMs?: number;
  }): Promise<readonly Block[]>;
  /** Pending or active with `expiresMs <= nowMs`. */
  dueBlocks(nowMs: number): Promise<readonly Block[]>;
  /**
   * Moves the ends of those in force, and gives their ids.
   * @param options.by who let them last longer; nobody where Spillway itself moves their end
   * @param options.onlyWhereEndsMs leaves those alone that end at another time by now: of two callers one moves each
   */
  extendBlocks(
    ids: readonly string[],
    expiresMs: number,
    options?: { readonly by?: Person; readonly onlyWhereEndsMs?: number },
  ): Promise<readonly string[]>;
  /**
   * Marks blocks that are about to end, so that nobody puts them back, and a crash leaves a trace in the store of what it
   * may have left in the firewall. Gives those that nobody else had marked.
   */
  unsettleBlocks(ids: readonly string[], atMs: number): Promise<readonly string[]>;
  /**
   * Marks active blocks that are about to be put back, and makes them ours to take out. Gives those that nobody has
   * marked since `freeBeforeMs`: of two callers one gets each.
   */
  claimBlocks(ids: readonly string[], claim: { atMs: number; freeBeforeMs: number }): Promise<readonly string[]>;
  /** Takes the marks of that moment away, once it was looked again what is in the firewall. */
  settleBlocks(ids: readonly string[], markedMs: number): Promise<void>;
  /** Blocks that ended and still have a mark from before: of these the firewall may hold what it should not. */
  unsettledBlocks(beforeMs: number): Promise<readonly Block[]>;

  // what is shared by all who write to one firewall
  /** Reserves the next turn of a lane in which there is one each `everyMs`; gives how many ms are left until then. */
  reserveTurn(lane: string, everyMs: number): Promise<number>;
  /** Keeps the newest report of each firewall. */
  saveFirewallReport(report: FirewallReport): Promise<void>;
  firewallReports(): Promise<readonly FirewallReport[]>;

  // capacity changes under way
  /** Takes a lock that ends with this process at the latest, and gives what frees it; null where somebody has it. */
  tryLock(name: string): Promise<(() => Promise<void>) | null>;
  /** Remembers what to put back; one a service. Returns false where one is held already. */
  holdCapacity(hold: CapacityHold): Promise<boolean>;
  capacityHolds(): Promise<readonly CapacityHold[]>;
  dropCapacityHold(proposalId: string): Promise<boolean>;
  /** Remembers that people were asked whether to put it back, as somebody else had changed it. */
  setCapacityAsked(proposalId: string, askedMs: number): Promise<void>;
  /** The first end of a proposal stays; a later one changes nothing and returns false. */
  addCapacityEnd(end: CapacityEnd): Promise<boolean>;
  capacityEnd(proposalId: string): Promise<CapacityEnd | null>;

  // what somebody asked to undo
  /** Keeps it until it is done; asked for again meanwhile, the first stays. */
  wishUndo(wish: UndoWish): Promise<void>;
  forgetUndo(id: string): Promise<void>;
  /** Those kept since before `beforeMs`, oldest first. */
  undoWishes(beforeMs: number): Promise<readonly UndoWish[]>;

  // what is watched
  /**
   * Notes that a service is out of the ordinary. True for exactly one caller an episode: where none was seen in the hour
   * before `openedMs`, or the one that was is untold. Who gets it tells people, or gives it back.
   */
  claimSighting(sighting: { service: string; openedMs: number; seenMs: number }): Promise<boolean>;
  /** People could not be told: the next caller may. */
  releaseSighting(service: string): Promise<void>;

  // incidents
  /**
   * Numbers it, and adopts the channel's events, investigations and proposals since `adoptSinceMs`. Where nobody said
   * when the impact began or on which service, its first finding does, now or once it is there.
   */
  declareIncident(incident: Omit<Incident, "number">, adoptSinceMs: number): Promise<Incident>;
  resolveIncident(id: string, by: Person, atMs: number): Promise<boolean>;
  incident(id: string): Promise<Incident | null>;
  incidentByNumber(number: number): Promise<Incident | null>;
  /** The open incident of a channel; the newest where there are several. */
  openIncident(channelId: string): Promise<Incident | null>;
  /** The newest incident of a channel, open or not. */
  latestIncident(channelId: string): Promise<Incident | null>;
  incidents(filter?: { state?: Incident["state"]; limit?: number }): Promise<readonly Incident[]>;

  // the timeline
  /** Returns false where the channel has an event of this key already. */
  appendEvent(event: TimelineEvent): Promise<boolean>;
  /** By time of occurrence, then of recording. */
  events(incidentId: string): Promise<readonly TimelineEvent[]>;
  removeEvent(channelId: string, key: string): Promise<boolean>;

  // postmortems
  savePostmortem(incidentId: string, markdown: string, atMs: number): Promise<void>;
  postmortem(incidentId: string): Promise<{ markdown: string; savedMs: number } | null>;

  // the audit log, in which all of the above is written by itself
  /** Adds what leaves no row of its own. */
  recordAudit(entry: AuditEntry): Promise<void>;

  /** Answers within 2 s or throws `UpstreamError` `store-down`. */
  ping(): Promise<void>;
}
