import { newSecret } from "./ids.ts";
import type { MisbehaviourPlan } from "./misbehaviour.ts";

/** @source https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses */
const TRIGGER_LIFETIME_MS = 3000;

/** Permissions to open a modal for a person: each good once, and for three seconds. */
export interface Triggers {
  issue(personId: string): string;
  redeem(triggerId: string): { readonly personId: string } | { readonly error: string };
}

export function createTriggers(deps: {
  readonly nowMs: () => number;
  readonly misbehaviour: MisbehaviourPlan;
}): Triggers {
  const issued = new Map<string, { personId: string; expiresMs: number; isUsed: boolean }>();
  return {
    issue: (personId) => {
      const nowMs = deps.nowMs();
      const lifetimeMs = deps.misbehaviour.mayTriggerLive() ? TRIGGER_LIFETIME_MS : -1;
      const id = `${nowMs}.${issued.size}.${newSecret()}`;
      issued.set(id, { personId, expiresMs: nowMs + lifetimeMs, isUsed: false });
      return id;
    },
    redeem: (triggerId) => {
      const trigger = issued.get(triggerId);
      if (trigger === undefined) return { error: "invalid_trigger_id" };
      if (trigger.isUsed) return { error: "exchanged_trigger_id" };
      if (deps.nowMs() > trigger.expiresMs) return { error: "expired_trigger_id" };
      trigger.isUsed = true;
      return { personId: trigger.personId };
    },
  };
}
