import type { Capacity } from "../domain/capacity.ts";

export interface Sizes {
  readonly min: number;
  readonly desired: number;
}

/**
 * Says which sizes give at least so many instances and keep them: the minimum too, as a scaling policy takes back a
 * desired count that stands alone. Never lowers anything.
 */
export function planRaise(now: Capacity, instances: number): Sizes {
  return { min: Math.max(now.min, instances), desired: Math.max(now.desired, instances) };
}

/**
 * Says which sizes put back what was before, and what stays because it is no longer what we set.
 *
 * @param raisedTo what `planRaise` was asked for; null where that is not known, and the minimum of now is taken for it
 * @returns `left`: one sentence for people on each size that somebody else changed meanwhile
 */
export function planRestore(change: {
  readonly before: Capacity;
  readonly now: Capacity;
  readonly raisedTo: number | null;
}): { readonly sizes: Sizes; readonly left: readonly string[] } {
  const { before, now } = change;
  const set = planRaise(before, change.raisedTo ?? now.min);
  const left: string[] = [];

  let min = now.min;
  if (now.min === set.min) min = Math.min(before.min, now.max);
  else if (now.min !== before.min) {
    left.push(`The minimum stays at ${now.min}: it was set to ${set.min}, and somebody changed it since.`);
  }

  let desired = now.desired;
  if (now.desired === set.desired) desired = Math.min(Math.max(before.desired, min), now.max);
  else if (now.desired !== before.desired) {
    left.push(
      `The desired count stays at ${now.desired}: it was set to ${set.desired}, and a policy or somebody changed it since.`,
    );
  }
  return { sizes: { min, desired: Math.max(desired, min) }, left };
}
