/** What the workspace can be told to do wrong, as the real Slack now and then does. */
export type Misbehaviour =
  /** The next calls of a method are refused with 429. */
  | { readonly kind: "rate-limit"; readonly method: string; readonly calls: number; readonly retryAfterSecs: number }
  /** The next calls of a method fail with Slack's error of this name. */
  | { readonly kind: "fail"; readonly method: string; readonly calls: number; readonly error: string }
  /** The next deliveries to the app come this much later. */
  | { readonly kind: "deliver-late"; readonly deliveries: number; readonly delayMs: number }
  /** The next deliveries to the app come twice, as after a lost acknowledgement. */
  | { readonly kind: "deliver-twice"; readonly deliveries: number }
  /** The next triggers are expired when they arrive. */
  | { readonly kind: "expire-triggers"; readonly triggers: number }
  /** Asks the app's connections to go, as Slack does when it restarts a server. */
  | { readonly kind: "disconnect" };

/** Holds what was asked for until it is used up. */
export interface MisbehaviourPlan {
  add(misbehaviour: Misbehaviour): void;
  refusalOf(method: string): { retryAfterSecs: number } | { error: string } | null;
  /** How long to hold a delivery, and how often to make it. */
  deliveryPlan(): { readonly delayMs: number; readonly copies: number };
  mayTriggerLive(): boolean;
}

export function createMisbehaviourPlan(): MisbehaviourPlan {
  let pending: { misbehaviour: Misbehaviour; left: number }[] = [];

  function take<K extends Misbehaviour["kind"]>(
    kind: K,
    fits: (found: Extract<Misbehaviour, { kind: K }>) => boolean = () => true,
  ): Extract<Misbehaviour, { kind: K }> | null {
    const entry = pending.find(
      ({ misbehaviour }) => misbehaviour.kind === kind && fits(misbehaviour as Extract<Misbehaviour, { kind: K }>),
    );
    if (entry === undefined) return null;
    entry.left -= 1;
    pending = pending.filter(({ left }) => left > 0);
    return entry.misbehaviour as Extract<Misbehaviour, { kind: K }>;
  }

  return {
    add: (misbehaviour) => pending.push({ misbehaviour, left: timesOf(misbehaviour) }),
    refusalOf: (method) =>
      take("rate-limit", (found) => found.method === method) ?? take("fail", (found) => found.method === method),
    deliveryPlan: () => ({
      delayMs: take("deliver-late")?.delayMs ?? 0,
      copies: take("deliver-twice") === null ? 1 : 2,
    }),
    mayTriggerLive: () => take("expire-triggers") === null,
  };
}

function timesOf(misbehaviour: Misbehaviour): number {
  switch (misbehaviour.kind) {
    case "rate-limit":
    case "fail":
      return misbehaviour.calls;
    case "deliver-late":
    case "deliver-twice":
      return misbehaviour.deliveries;
    case "expire-triggers":
      return misbehaviour.triggers;
    case "disconnect":
      return 0;
  }
}
