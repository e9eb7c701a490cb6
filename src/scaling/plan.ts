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

/** Which sizes put back what was before. */
export interface RestorePlan {
  readonly sizes: Sizes;
  /** One sentence for people on each size that somebody else changed meanwhile, and that stays. */
  readonly left: readonly string[];
  /**
   * Why it is for people to decide, in one sentence; null where it is plain. Policies move the desired count and nothing
   * else, so a minimum that is neither ours nor the old one is somebody's decision.
   */
  readonly conflict: string | null;
}

/**
 * Says which sizes put back what was before, and what stays because it is no longer what we set.
 *
 * @param change.raisedTo what `planRaise` was asked for; null where that is not known, and the minimum of now is taken
 * @param change.isForced where a person decided to put it back whatever it is now
 */
export function planRestore(change: {
  readonly before: Capacity;
  readonly now: Capacity;
  readonly raisedTo: number | null;
  readonly isForced?: boolean;
}): RestorePlan {
  const { before, now } = change;
  const put = (min: number, desired: number): Sizes => ({
    min: Math.min(min, now.max),
    desired: Math.min(Math.max(desired, min), now.max),
  });
  if (change.isForced) return { sizes: put(before.min, before.desired), left: [], conflict: null };
  const set = planRaise(before, change.raisedTo ?? now.min);
  const left: string[] = [];

  let min = now.min;
  const isOursOrOld = now.min === set.min || now.min === before.min;
  if (isOursOrOld) min = before.min;
  else left.push(`The minimum stays at ${now.min}: it was set to ${set.min}, and somebody changed it since.`);

  let desired = now.desired;
  if (now.desired === set.desired) desired = before.desired;
  else if (now.desired !== before.desired) {
    left.push(
      `The desired count stays at ${now.desired}: it was set to ${set.desired}, and a policy or somebody changed it since.`,
    );
  }
  const conflict = isOursOrOld
    ? null
    : `the minimum is ${now.min}, which is neither the ${set.min} it was raised to nor the ${before.min} from before`;
  return { sizes: put(min, desired), left, conflict };
}
