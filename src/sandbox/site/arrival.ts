/** Who asks. */
export interface Client {
  readonly address: string;
  readonly userAgent: string;
  readonly protocol: "HTTP/1.1" | "HTTP/2.0";
}

/** What is asked for: a page costs work and time, a file next to none. */
export type ResourceKind = "page" | "api" | "file";

/** One request as it reaches the site, and what it would get from a site in good health. */
export interface Arrival {
  /** Epoch ms. */
  readonly atMs: number;
  readonly client: Client;
  readonly method: "GET" | "POST" | "HEAD";
  /** The name of the site that is asked for. */
  readonly host: string;
  /** With its query. */
  readonly path: string;
  /** Null where the client sends none. */
  readonly referer: string | null;
  readonly kind: ResourceKind;
  readonly status: 200 | 301 | 304 | 403 | 404;
  /** Size of the body that comes back. */
  readonly bodyBytes: number;
  /** Its size where the client held nothing; left out where that is `bodyBytes`. */
  readonly fullBytes?: number;
  /** Told to clients that change their behaviour by what they get; `doneMs` is when they have it, epoch ms. */
  readonly onAnswer?: (status: number, doneMs: number) => void;
  /** Whether no cache may answer it, as with a cookie of its own. */
  readonly isUncacheable?: boolean;
  /** What adds it to the ordinary requests; left out for those. */
  readonly addedBy?: string;
}

/** Somebody who sends requests: the public, one bot, an attacker. */
export interface TrafficSource {
  /** The requests of one second, in any order; called once a second, in order of time. */
  arrivals(secondMs: number): readonly Arrival[];
}
