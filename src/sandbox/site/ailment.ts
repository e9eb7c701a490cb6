/** What is wrong with the way to the machines, for one request; what is left out is well. */
export interface Ailment {
  /** How many times longer the machine takes. */
  readonly slowdown?: number;
  /** How long the connection to the machine takes before the request can be sent, in seconds. */
  readonly connectSecs?: number;
  /** How long the client's own connection takes beyond the machine's answer, in seconds. */
  readonly clientSecs?: number;
  /** The machine gives no good answer but this, after so many seconds. */
  readonly failure?: { readonly status: 502 | 503 | 504; readonly afterSecs: number };
  /** Nothing moves: an answer that would be complete before then is complete at that moment, epoch ms. */
  readonly heldUntilMs?: number;
}

/** Joins what several things do to one request: delays add up, of failures and halts the last counts. */
export function combineAilments(ailments: readonly Ailment[]): Ailment {
  const failure = ailments.findLast((each) => each.failure !== undefined)?.failure;
  return {
    slowdown: ailments.reduce((product, each) => product * (each.slowdown ?? 1), 1),
    connectSecs: ailments.reduce((sum, each) => sum + (each.connectSecs ?? 0), 0),
    clientSecs: ailments.reduce((sum, each) => sum + (each.clientSecs ?? 0), 0),
    heldUntilMs: Math.max(...ailments.map((each) => each.heldUntilMs ?? 0)),
    ...(failure && { failure }),
  };
}
