/**
 * What the inside needs of the outside, as interfaces. Adapters in the folders
 * beside this file implement them; `test/support` holds one fake each.
 */
import type { Config } from "./config.ts";
import type { MilderMeasure } from "./domain/address-measure.ts";
import type { Capacity } from "./domain/capacity.ts";
import type { Finding } from "./domain/finding.ts";
import type { Incident, TimelineEvent } from "./domain/incident.ts";
import type { Block, CapacityEnd, Check, Person, Proposal, ProposalState, Receipt } from "./domain/proposal.ts";
import type { PublishedList } from "./domain/published-ranges.ts";
import type { SampledRule } from "./domain/sampled-requests.ts";
import type { TimeWindow } from "./domain/time-window.ts";
import type {
  ApdexCounts,
  Breakdown,
  ClientGroups,
  Dimension,
  DistinctValues,
  DurationHistogram,
  Endings,
  Intake,
  Latency,
  LatencyPercentiles,
  Legs,
  MetricName,
  MetricSeries,
  Newcomers,
  PairBreakdown,
  Rank,
  Regularity,
  RepeatCounts,
  Repeats,
  TrafficCube,
  TrafficFilter,
  TrafficSeries,
  WindowPair,
  WithoutClients,
} from "./domain/traffic.ts";
import type { Log } from "./log.ts";

export interface Clock {
  /** Epoch ms, UTC. */
  now(): number;
}

export interface Ids {
  /** An opaque random id of 16 URL-safe characters, 96 bits. */
  next(): string;
}

// ---------------------------------------------------------------- logs

export interface ReadProgress {
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly linesRead: number;
  readonly bytesRead: number;
  readonly bytesTotal: number;
}

/** What a read that is paid for would cost, before anything runs. */
export interface PriceEstimate {
  /** Of the objects that can hold the window's requests: what is too much to fetch. */
  readonly logBytes: number;
  /** What one query reads, at most: more than that where others' objects lie in the same folders of days. */
  readonly bytes: number;
  /** How many queries are expected. */
  readonly queries: number;
  readonly usd: number;
  /** What may be spent on one question. */
  readonly limitUsd: number;
}

export interface LogReadRequest {
  /** Only requests that arrived in this window; null for all. */
  readonly window: TimeWindow | null;
  /**
   * What will be asked for beyond the usual, since all that is kept costs. Unknown where they are not named here:
   * `owner`, `query`, `queryKeys`, `queryShape`, `scheme`, `tls`, `node` and `target`.
   */
  readonly dimensions?: readonly Dimension[];
  /** Which percentiles will be asked for; all others are unknown. */
  readonly latencies?: readonly Latency[];
  readonly onProgress?: (progress: ReadProgress) => void;
  /** Is told the price where the read has one; false stops it before anything runs. Without it the limit alone counts. */
  readonly onEstimate?: (estimate: PriceEstimate) => boolean | Promise<boolean>;
  readonly signal?: AbortSignal;
}

/** Finds and reads the access logs of one service. */
export interface LogReader {
  /** What is read and from where, for people: "ALB logs in s3://bucket/prefix". */
  readonly description: string;
  /**
   * @throws {UserError} `logs-none-readable` when not one file could be read
   * @throws {UpstreamError} when the place where the logs are did not answer
   */
  read(request: LogReadRequest): Promise<LogSlice>;
}

/** What every question about two windows may say. */
export interface WindowsQuestion extends WindowPair {
  readonly filter?: TrafficFilter;
}

/**
 * A part of a log, read and ready for questions. Holds memory and spill files until closed.
 *
 * What the log does not give (no referer in a common log, no query that was not read) is unknown for every request, and
 * no error. Questions may be asked at the same time.
 */
export interface LogSlice {
  readonly intake: Intake;
  /** Steps from `window.startMs` on; an empty slice gives zeros. */
  series(question: { window: TimeWindow; stepMs: number; filter?: TrafficFilter }): Promise<TrafficSeries>;
  /** The largest values of each dimension. Of equally large ones at the limit, the first seen is taken. */
  breakdown(
    question: WindowsQuestion & {
      dimensions: readonly Dimension[];
      /** Rows a dimension, taken from the largest of either window. */
      topN: number;
      rankBy?: Rank;
      /**
       * For which dimensions somebody looks at the rows' clients, which may be zeros elsewhere: to count them takes
       * longest. True for all, which is so where nothing is said.
       */
      countsClients?: boolean | readonly Dimension[];
      /** Whose seconds `backendSecs` counts: those of the servers behind, or in all of what was read as `total`. */
      secs?: "backend" | "total";
    },
  ): Promise<Breakdown>;
  /**
   * How requests divide by several dimensions at once: by each of the values listed, and all others together as null,
   * the unknown ones too. Cells come in the order of the lists, null first, and none that is empty. How many there can
   * be is for the lists to bound: each cell takes memory and time.
   */
  cube(
    question: WindowsQuestion & {
      /** The dimensions, which the cube has in the order of `DIMENSIONS`, and the values of each that count apart. */
      values: Readonly<Partial<Record<Dimension, readonly string[]>>>;
      /** Clients are zeros where this is not asked for: to count them takes longest. */
      countsClients?: boolean;
      /** As of a breakdown. */
      secs?: "backend" | "total";
    },
  ): Promise<TrafficCube>;
  /** The largest pairs of values of two different dimensions; requests that lack either are `unknown`. */
  pairs(
    question: WindowsQuestion & { dimensions: readonly [Dimension, Dimension]; topN: number; rankBy?: Rank },
  ): Promise<PairBreakdown>;
  /** Percentiles, each above 0 and up to 1, are values that occur in the log; on Athena near them (about 1 %). */
  percentiles(
    question: WindowsQuestion & { latencies: readonly Latency[]; percentiles: readonly number[] },
  ): Promise<LatencyPercentiles>;
  /** Where the seconds went, by each duration that was read. */
  legs(question: WindowsQuestion): Promise<Legs>;
  /** How one duration is spread. @param question.edgesSecs ascending, exact to the microsecond */
  histogram(question: WindowsQuestion & { leg: Latency; edgesSecs: readonly number[] }): Promise<DurationHistogram>;
  /** How content clients can be; null where in neither window the total of any request is known. */
  apdex(
    question: WindowsQuestion & { thresholdSecs: number },
  ): Promise<{ readonly baseline: ApdexCounts; readonly spike: ApdexCounts } | null>;
  /** Whether requests that took `slowSecs` or longer end together, by the ends of their total seconds. */
  endings(
    question: WindowsQuestion & { slowSecs: number; binMs: number },
  ): Promise<{ readonly baseline: Endings; readonly spike: Endings }>;
  /**
   * Requests that follow another of the same client for the same path (and query, where it was read) so soon; with `by`
   * also the `topN` values with the most of them in either window. Of equals, those with more requests are taken, then
   * the first seen.
   */
  repeats(question: WindowsQuestion & { withinSecs: number; by?: Dimension; topN?: number }): Promise<Repeats>;
  /** How many of the requests of each step are such repeats. */
  repeatSeries(question: {
    window: TimeWindow;
    stepMs: number;
    withinSecs: number;
    filter?: TrafficFilter;
  }): Promise<readonly number[]>;
  /**
   * Requests that arrive so soon after a failed one (status 500 and more, 408, 429, 460, 499) of the same client for the
   * same path arrived; the query is not compared. What arrives at the same moment as a failed one counts as later.
   */
  retries(
    question: WindowsQuestion & { withinSecs: number },
  ): Promise<{ readonly baseline: RepeatCounts; readonly spike: RepeatCounts }>;
  /**
   * How evenly these clients, 50 at most, space their requests, in the order given. Left out are those with fewer than
   * three requests, or with all of them at one moment.
   */
  regularity(question: {
    window: TimeWindow;
    filter?: TrafficFilter;
    clients: readonly string[];
  }): Promise<readonly Regularity[]>;
  /** Which clients, or networks of clients, are in which window, and when each was first seen. */
  newcomers(question: WindowsQuestion & { stepMs: number; dimension?: "ip" | "net" }): Promise<Newcomers>;
  /** How the clients of each window behave, in groups; those of `without` are left out. */
  clientGroups(
    question: WindowsQuestion & {
      without?: WithoutClients;
      /** How many groups are told apart by user agent and landing, the largest by requests. */
      topN: number;
    },
  ): Promise<ClientGroups>;
  /**
   * Clients of the spike that are not in the baseline, and asked for one of the `landings` (path templates; any where
   * there are none); with `loadNothing` only those that ask for nothing of what pages need. The busiest first, of
   * equals those that came first.
   */
  strangers(
    question: WindowsQuestion & {
      without?: WithoutClients;
      landings: readonly string[];
      loadNothing: boolean;
      topN: number;
    },
  ): Promise<readonly { readonly client: string; readonly requests: number }[]>;
  /** How many different values there are in each window. */
  distinct(question: WindowsQuestion & { dimensions: readonly Dimension[] }): Promise<DistinctValues>;
  close(): Promise<void>;
}

// ------------------------------------------------------------- metrics

export interface MetricsSource {
  /**
   * Only the metrics that are configured and exist; never a made-up zero.
   *
   * @param only those that are wanted, so that no others are asked for; all where it is left out
   */
  read(window: TimeWindow, signal?: AbortSignal, only?: readonly MetricName[]): Promise<readonly MetricSeries[]>;
}

// --------------------------------------------------------------- names

/** Asks DNS. Answers are small and may be minutes old. */
export interface Resolver {
  /**
   * The names of an address; empty where it has none.
   * @throws {UpstreamError} `dns-failed` where no server answers in time or says anything else
   */
  reverse(address: string): Promise<readonly string[]>;
  /** The addresses of a name, both families; empty where there is no such name. Throws as `reverse` does. */
  forward(name: string): Promise<readonly string[]>;
}

// -------------------------------------------------------------- action

export interface FirewallChange {
  /** Addresses that this call put in or took out; empty where all was so already. */
  readonly changed: readonly string[];
  /** Every call made, or in a dry run every call that would be made, one line each. */
  readonly calls: readonly string[];
}

/**
 * Holds the addresses of one measure (a block, or one that is milder) in front of one service. Every call may be
 * repeated.
 */
export interface Firewall {
  /** @throws {UpstreamError} after its own retries */
  block(addresses: readonly string[], options?: { dryRun?: boolean; signal?: AbortSignal }): Promise<FirewallChange>;
  unblock(addresses: readonly string[], options?: { dryRun?: boolean; signal?: AbortSignal }): Promise<FirewallChange>;
  /** Every address in the set, ours and others', in CIDR notation. */
  list(signal?: AbortSignal): Promise<readonly string[]>;
  /** Says in a sentence each why what is in the set may let somebody pass all the same; empty where nothing does. */
  weaknesses(signal?: AbortSignal): Promise<readonly string[]>;
  /** HTTP statuses with which its rules answer whom they stop; empty where none stops anybody. */
  stopStatuses(signal?: AbortSignal): Promise<readonly number[]>;
  /**
   * What it remembers of single requests, by the rules that met them; left out where it keeps none. AWS WAF forgets what
   * is older than three hours.
   */
  samples?(window: TimeWindow, signal?: AbortSignal): Promise<readonly SampledRule[]>;
}

/** Changes how many instances serve one service. */
export interface Scaler {
  read(signal?: AbortSignal): Promise<Capacity>;
  /**
   * Raises the minimum, so that scaling policies do not undo it, and the desired count with it.
   * @param options.mayRaiseMax whether the group's own maximum is raised where it is lower; the configuration has to
   * allow it, too
   * @throws {UserError} `scale-over-max` beyond the group's maximum
   */
  raiseTo(
    instances: number,
    options?: { mayRaiseMax?: boolean; dryRun?: boolean; signal?: AbortSignal },
  ): Promise<{ calls: readonly string[] }>;
  /**
   * Puts back what `read` gave before, but for what a policy changed meanwhile: `left` says so, a sentence each. Where a
   * person must have changed it, nothing is put back, and `conflict` says what it is instead, as a clause.
   * @param options.raisedTo what `raiseTo` was asked for, to tell our own change from others'
   * @param options.isForced puts it back whatever it is now
   */
  restore(
    before: Capacity,
    options?: { raisedTo?: number; isForced?: boolean; dryRun?: boolean; signal?: AbortSignal },
  ): Promise<{ calls: readonly string[]; left: readonly string[]; conflict?: string }>;
}

// --------------------------------------------------------------- store

/** One `/spike`, from the question to its finding. */
export interface Investigation {
  readonly id: string;
  readonly service: string;
  readonly channelId: string;
  readonly requestedBy: Person;
  /** What was asked for. */
  readonly window: TimeWindow;
  readonly filter: TrafficFilter;
  /** The message that shows it; null until it is posted. */
  readonly messageTs: string | null;
  readonly createdMs: number;
  readonly state: "running" | "done" | "failed" | "cancelled";
  /** Null unless cancelled. */
  readonly cancelledBy: Person | null;
  /** Null until done. */
  readonly finding: Finding | null;
  readonly intake: Intake | null;
  readonly incidentId: string | null;
}

/** How the answer to a `/top` ended. It has no row before, and is known by the message that shows it. */
export interface BreakdownEnd {
  readonly channelId: string;
  readonly messageTs: string;
  readonly state: "done" | "failed" | "cancelled";
  /** Null unless cancelled. */
  readonly cancelledBy: Person | null;
}

/** The durable memory. Every write is safe to repeat; every move of a state is atomic. */
/** Something that a person asked to undo, and that is not done yet. */
export interface UndoWish {
  /** Of the job that does it. */
  readonly id: string;
  readonly proposalId: string;
  readonly userId: string;
  /** Only these of a block's addresses; all where it is left out. */
  readonly addresses?: string[];
  /** Puts capacity back whatever it is now. */
  readonly isForced?: boolean;
  readonly atMs: number;
}

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

/** What the audit log holds beside what happens to rows. */
export interface AuditEntry {
  /**
   * `policy-refusal`: somebody was told that they may not, or that a guard refuses it. `configuration`: the rules that
   * hold from now on; where they are as in the last such entry, none is added.
   */
  readonly kind: "policy-refusal" | "configuration";
  readonly atMs: number;
  readonly actor: Person;
  readonly proposalId: string | null;
  readonly incidentId: string | null;
  /** What was asked and which rule refused it, or the rules; becomes JSON. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** What was found in a firewall when it was held against the blocks that should be in it. */
export interface FirewallReport {
  /** Left out for that of blocks. */
  readonly measure?: MilderMeasure;
  /** Its sets by name and id; several services may stand behind it. */
  readonly firewall: string;
  readonly services: readonly string[];
  readonly checkedMs: number;
  /** How many entries there are in all. */
  readonly entries: number;
  /** Entries that no block of ours put there. */
  readonly foreign: readonly string[];
  /** Of those, what a block of ours held that has ended: somebody put it back. */
  readonly returned: readonly string[];
  /** Why what is in it may let somebody pass all the same, and when that was looked at; null for never. */
  readonly weaknesses: readonly string[];
  readonly weaknessesMs: number | null;
}

export interface CapacityHold {
  readonly proposalId: string;
  readonly service: string;
  readonly before: Capacity;
  readonly channelId: string;
  readonly untilMs: number;
  /** When people were last asked what to do; left out where they were not. */
  readonly askedMs?: number;
}

// ----------------------------------------------------------- messaging

/** A Block Kit message. `text` is always sent too: notifications and old clients show it. */
export interface Message {
  readonly text: string;
  /** Plain Block Kit objects; the messenger checks Slack's limits before sending. */
  readonly blocks: readonly object[];
}

export interface Messenger {
  post(to: { channelId: string; threadTs?: string | null }, message: Message): Promise<{ ts: string }>;
  /** @throws {UpstreamError} `slack-rate-limited` with `retryAfterSecs` */
  update(at: { channelId: string; ts: string }, message: Message): Promise<void>;
  /** Shown to one person only. */
  whisper(to: { channelId: string; userId: string; threadTs?: string | null }, message: Message): Promise<void>;
  /** Uploads without sharing; the id can stand in an image block's `slack_file`. */
  upload(file: { name: string; title: string; alt?: string; content: Uint8Array }): Promise<{ fileId: string }>;
  /** Uploads and shares in a channel or thread. */
  share(
    to: { channelId: string; threadTs?: string | null; comment?: string },
    file: { name: string; title: string; content: Uint8Array },
  ): Promise<{ fileId: string }>;
  permalink(at: { channelId: string; ts: string }): Promise<string | null>;
  /** A message that somebody wrote, in a thread or not; null where it is gone or cannot be seen. */
  message(at: { channelId: string; ts: string }): Promise<{ text: string; authorId: string | null } | null>;
  person(userId: string): Promise<Person>;
  /**
   * The ids of the people in a user group, some minutes old at most.
   * @throws {UpstreamError} where Slack does not say
   */
  groupMembers(groupId: string): Promise<readonly string[]>;
  /** The IANA name of the zone that somebody's Slack is set to, "Europe/Berlin"; null where Slack does not tell. */
  timeZone(userId: string): Promise<string | null>;
  /** Opens a modal; `triggerId` lives 3 s. `view` is a Block Kit view object. */
  openModal(triggerId: string, view: object): Promise<void>;
  publishHome(userId: string, blocks: readonly object[]): Promise<void>;
}

// ------------------------------------------------------------ services

/** What one configured service offers; null where nothing is configured. */
export interface ServicePorts {
  readonly logs: LogReader | null;
  readonly metrics: MetricsSource | null;
  readonly firewall: Firewall | null;
  /** The same for the measures that are milder than a block, where a rule is prepared for them. */
  readonly measures?: Readonly<Partial<Record<MilderMeasure, Firewall>>>;
  readonly scaler: Scaler | null;
}

/** Everything that commands and jobs are given, beside the queue. */
export interface Ports {
  readonly config: Config;
  readonly store: Store;
  readonly messenger: Messenger;
  /** By the service's name in `spillway.yaml`. */
  readonly services: Readonly<Record<string, ServicePorts>>;
  readonly resolver: Resolver;
  /** The networks of CDNs, health checkers and crawlers as known now; the same array as long as they do not change. */
  readonly publishedLists: () => readonly PublishedList[];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}
