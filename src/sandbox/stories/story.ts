import type { CauseKind } from "../../domain/finding.ts";
import type { Dimension } from "../../domain/traffic.ts";
import type { Effect } from "../site/effect.ts";
import type { LineFormatName } from "../site/line-format.ts";
import type { OrdinaryTraffic } from "../site/ordinary-traffic.ts";
import type { Population } from "../site/people.ts";
import type { Random } from "../site/random.ts";

/** The services of the simulated site. */
export type ServiceName = "web" | "forum";

/** What a story finds when it begins. */
export interface Scene {
  /** When something begins to happen, epoch ms. */
  readonly startMs: number;
  readonly ordinary: Readonly<Record<ServiceName, OrdinaryTraffic>>;
  readonly population: Population;
  readonly random: Random;
}

/** What is true of one cause. */
export interface StoryCause {
  readonly kind: CauseKind;
  /** Empty where no slice is guilty. */
  readonly slice: Readonly<Partial<Record<Dimension, string>>>;
  /** Share of all requests that it adds while all causes of the story last, 0–1. */
  readonly shareOfRequests: number;
}

/** How the site is for one story. */
export interface StorySite {
  /** Names of sites that `web` serves beside the newspaper's own. */
  readonly sisterHosts?: readonly string[];
  /** Whether a cache runs on the machines of `web`. */
  readonly isWebCached?: boolean;
  readonly forumFormat?: LineFormatName;
  readonly forumRequestsPerMin?: number;
}

/** Something that happens to the simulated site, and what is true of it. */
export interface Story {
  readonly name: string;
  readonly title: string;
  /** What a newcomer is told has happened, in a sentence or two. */
  readonly opening: string;
  /** What to type first. */
  readonly tryThis: string;
  /** What to do after that, one step each. */
  readonly thenTry: readonly string[];
  /** How long before the sandbox opens it began, in minutes. */
  readonly beganMinutesAgo: number;
  /** What a verdict is held to. */
  readonly truth: {
    readonly service: ServiceName;
    /** The one that matters most first. */
    readonly causes: readonly [StoryCause, ...StoryCause[]];
  };
  /** What is different about the site; all as usual where it is left out. */
  readonly site?: StorySite;
  /** What the story does to the ordinary requests. */
  enact(scene: Scene): Readonly<Partial<Record<ServiceName, readonly Effect[]>>>;
}
