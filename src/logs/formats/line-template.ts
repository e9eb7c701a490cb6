/**
 * What a line of a text format looks like, written down once: the kernel's fast way and the patient reader both
 * follow it. `readCleanLine` says where the fields of a line are, and of which lines that can be told so simply;
 * `recordOf` says what the fields mean. A `\r` at the line's end is no part of it.
 */
export interface LineTemplate {
  /** In the order of the line; two fields never touch: a literal is between them. */
  readonly parts: readonly Part[];
  /** How the server protects bytes within a field. Undone once for texts; bytes that are no UTF-8 become U+FFFD, or stay
   * as logged where they are percent-encoded. */
  readonly escaping: Escaping;
  /** How the legs of a request follow from the seconds that are logged. */
  readonly legs: LegsRule;
  /** What a field is that the line is cut in: unknown by default, since half a value looks like a whole one. */
  readonly cut?: "unknown" | "told";
}

export type Part =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "field"; readonly is: Meaning }
  /** A line may end here, and what is behind is unknown then: servers add fields at the end. */
  | { readonly kind: "may-end" }
  /** Whatever else is on the line is let be. The last part. */
  | { readonly kind: "rest" };

/** What a field stands for. `-` and nothing at all mean that the line does not tell. */
export type Meaning =
  | "ignored"
  /** An address, or a name; `client-with-port` ends with `:port`, IPv6 with or without brackets. */
  | "client"
  | "client-with-port"
  | "forwarded-for"
  /** `GET /path?query HTTP/1.1`, or what somebody sent instead. */
  | "request"
  | "method"
  /** A path with its query, or a whole URL. */
  | "url"
  | "path"
  | "query"
  /** A port behind it is taken off. */
  | "host"
  | "scheme"
  | "status"
  /** What a web ACL did in the end, `BLOCK` or so; it tells the status where no rule gave another. */
  | "waf-action"
  | "bytes"
  | "user-agent"
  | "referer"
  | "cache"
  | "tls"
  | "node"
  | "target"
  | { readonly time: "arrival" | "completed"; readonly as: TimeNotation }
  | {
      readonly secs: SecsField;
      /** Seconds in one of the logged units: 1, 0.001, 0.000001, 0.000000001. */
      readonly unitSecs: number;
    };

/**
 * - `iso`: `2026-10-01T12:00:00.123456Z`, with any fraction or none, with `Z` or an offset; without either it is UTC
 * - `clf`: `26/Jan/2019:19:45:25 +0330`, without the brackets
 * - `date` and `clock`: `2026-10-01` and `12:00:00`, UTC, as two fields
 */
export type TimeNotation = "iso" | "clf" | "date" | "clock" | "epoch-secs" | "epoch-ms";

/**
 * Negative numbers are unknown. Where nginx asked several servers, a field is a list such as `0.001, - : 0.002`: its
 * numbers are added up.
 *
 * `header` is what nginx logs: from asking the server behind to its first byte, the connection included.
 */
export type SecsField = "total" | "backend" | "connect" | "header" | "firstByte" | "body" | "client";

/**
 * - `logged`: nothing follows
 * - `sum`: the total is connect + firstByte + body, if none of them is unknown; the backend took firstByte
 * - `nginx`: firstByte = header − connect, body = backend − header, client = total − backend; none below 0
 */
export type LegsRule = "logged" | "sum" | "nginx";

/**
 * - `none`: bytes are as they came
 * - `hex`: `\xHH` for a byte (nginx, load balancers), and `\"` and `\\`, which some versions write
 * - `apache`: that and `\n`, `\t`, `\r`, `\b`, `\v`
 * - `json`: as JSON escapes (nginx `escape=json`)
 * - `percent`: `%HH` on top of what the client encoded (CloudFront): undone once for referer, path, query and forwarded
 *   addresses; for the user agent once more where it still has `%20` then, as older files encode its blanks twice
 */
export type Escaping = "none" | "hex" | "apache" | "json" | "percent";
