/**
 * One request as a log line tells it, whatever the format. Null is what the line does not tell, never zero.
 *
 * Texts are as the client or server meant them: what the log's own escaping did is undone once, and nothing more.
 */
export interface LogRecord {
  /** Epoch ms, UTC: when the request arrived, or where the log cannot tell that, when it was answered. */
  readonly arrivalMs: number;
  /** Epoch ms, UTC: when the answer was complete. */
  readonly completedMs: number | null;
  /** Who connected to what wrote the log: an address without its port, or a name where the server logs those. */
  readonly client: string | null;
  /** The X-Forwarded-For header, where the line has it; who it makes the client is for the reader to say. */
  readonly forwardedFor: string | null;
  readonly method: string | null;
  /** In small letters: `http`, `https`, `ws`. */
  readonly scheme: string | null;
  /** The site that was asked for, in small letters and without its port. */
  readonly host: string | null;
  /** Without the query. */
  readonly path: string | null;
  /** Without the question mark. */
  readonly query: string | null;
  /** Null for `-`, `000` and 0: nothing was answered. */
  readonly status: number | null;
  /** Sent to the client, as the log counts them, with or without headers. */
  readonly bytes: number | null;
  /** From arrival to the last byte. */
  readonly totalSecs: number | null;
  /** What the server behind took; null where none was asked. */
  readonly backendSecs: number | null;
  /** Until the connection to the server behind stood; a leg of the total, as are the next three. */
  readonly connectSecs: number | null;
  /** From there to the first byte of its answer. */
  readonly firstByteSecs: number | null;
  /** From there to the last byte of its answer. */
  readonly bodySecs: number | null;
  /** The rest: what the client's own connection took. */
  readonly clientSecs: number | null;
  readonly userAgent: string | null;
  readonly referer: string | null;
  /** What the cache says that it did, as logged: `Hit`, `Miss`, `RefreshHit`. */
  readonly cache: string | null;
  /** The protocol of the encrypted connection: `TLSv1.3`. */
  readonly tls: string | null;
  /** Which part of the service wrote the line: a load balancer, an edge location, a web ACL. */
  readonly node: string | null;
  /** Which server behind was asked: `10.0.0.7:8080`. */
  readonly target: string | null;
}

/** Nothing known but the time. */
export function emptyRecord(arrivalMs: number): LogRecord {
  return {
    arrivalMs,
    completedMs: null,
    client: null,
    forwardedFor: null,
    method: null,
    scheme: null,
    host: null,
    path: null,
    query: null,
    status: null,
    bytes: null,
    totalSecs: null,
    backendSecs: null,
    connectSecs: null,
    firstByteSecs: null,
    bodySecs: null,
    clientSecs: null,
    userAgent: null,
    referer: null,
    cache: null,
    tls: null,
    node: null,
    target: null,
  };
}
