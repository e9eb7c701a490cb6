import { formatDuration } from "./duration.ts";

/** What can be done to the requests of addresses: each by a prepared rule with sets of its own. */
export const ADDRESS_MEASURES = ["block", "rate-limit", "challenge"] as const;
export type AddressMeasure = (typeof ADDRESS_MEASURES)[number];
/** Those that let something through. */
export type MilderMeasure = Exclude<AddressMeasure, "block">;
export const MILDER_MEASURES = ["rate-limit", "challenge"] as const satisfies readonly MilderMeasure[];

/** What a rate-based rule lets each address send. */
export interface RateLimit {
  /** Requests of one address in any such window. */
  readonly limit: number;
  readonly windowSecs: number;
}

/** "300 requests in 5 min". */
export function formatRateLimit({ limit, windowSecs }: RateLimit): string {
  return `${limit.toLocaleString("en-US")} requests in ${formatDuration(windowSecs)}`;
}

/** Whether two limits let the same through; no limit is the same as none. */
export function isSameLimit(one: RateLimit | undefined, other: RateLimit | undefined): boolean {
  return one?.limit === other?.limit && one?.windowSecs === other?.windowSecs;
}

/** Names the measure of a change or of what holds; what names none is a block. */
export function measureOf({ measure }: { readonly measure?: MilderMeasure | undefined }): AddressMeasure {
  return measure ?? "block";
}

/** How a measure is told, so that nothing that still lets requests through is called a block. */
export interface MeasureWords {
  /** "the rate limit of 198.51.100.7 ended" */
  readonly noun: string;
  /** At the beginning of a sentence: "Rate-limit 198.51.100.7". */
  readonly verb: string;
  /** At the beginning of a sentence: "Rate-limited 198.51.100.7 on web". */
  readonly done: string;
  /** "rate-limited already" */
  readonly past: string;
  /** What is typed after the slash. */
  readonly command: string;
  /** What `firewall` of a service needs in spillway.yaml, beside its own sets. */
  readonly setting: string;
}

const WORDS: Readonly<Record<AddressMeasure, MeasureWords>> = {
  block: { noun: "block", verb: "Block", done: "Blocked", past: "blocked", command: "block", setting: "firewall" },
  "rate-limit": {
    noun: "rate limit",
    verb: "Rate-limit",
    done: "Rate-limited",
    past: "rate-limited",
    command: "limit",
    setting: "firewall.rateLimit",
  },
  challenge: {
    noun: "challenge",
    verb: "Challenge",
    done: "Challenged",
    past: "challenged",
    command: "challenge",
    setting: "firewall.challenge",
  },
};

/** Gives the words for what a change does, or for what holds. */
export function wordsOf(of: { readonly measure?: MilderMeasure | undefined }): MeasureWords {
  return WORDS[measureOf(of)];
}
