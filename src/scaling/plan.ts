import type { Capacity } from "../domain/capacity.ts";

export interface Sizes {
  readonly min: number;
  readonly max: number;
  readonly desired: number;
}

/**
 * Says which sizes give at least so many instances and keep them: the minimum too, as a scaling policy takes back a
 * desired count that stands alone, and the maximum where it is lower. Never lowers anything.
 */
export function planRaise(now: Capacity, instances: number): Sizes {
  const atLeast = (size: number) => Math.max(size, instances);
  return { min: atLeast(now.min), max: atLeast(now.max), desired: atLeast(now.desired) };
}

/** Which sizes put back what was before. */
export interface RestorePlan {
  readonly sizes: Sizes;
  /** One sentence for people on each size that somebody else changed meanwhile, and that stays. */
  readonly left: readonly string[];
  /**
   * Why it is for people to decide, in one sentence; null where it is plain. Policies move the desired count and nothing
   * else, so a minimum, or a maximum that was raised, that is neither ours nor the old one is somebody's decision.
   */
  readonly conflict: string | null;
}

/**
 * Says which sizes put back what was before, and what stays because it is no longer what we set. A maximum that was not
 * raised is never touched.
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
  const set = planRaise(before, change.raisedTo ?? now.min);
  const put = ({ min, max, desired }: Sizes): Sizes => ({
    min: Math.min(min, max),
    max,
    desired: Math.min(Math.max(desired, min), max),
  });
  const isMaxRaised = set.max !== before.max;
  if (change.isForced)
    return { sizes: put({ ...before, max: isMaxRaised ? before.max : now.max }), left: [], conflict: null };

  const min = putBack("minimum", { before: before.min, set: set.min, now: now.min });
  const max = isMaxRaised
    ? putBack("maximum", { before: before.max, set: set.max, now: now.max })
    : { size: now.max, left: [], conflict: [] };
  const left = [...min.left, ...max.left];
  const desired = now.desired === set.desired ? before.desired : now.desired;
  const sizes = put({ min: min.size, max: max.size, desired });
  if (desired !== before.desired) {
    const found = `it was set to ${set.desired}, and a policy or somebody changed it since`;
    left.push(
      sizes.desired === now.desired
        ? `The desired count stays at ${now.desired}: ${found}.`
        : `The desired count goes from ${now.desired} to ${sizes.desired}, as the bounds allow no other: ${found}.`,
    );
  }
  const conflicts = [...min.conflict, ...max.conflict];
  return {
    sizes,
    left,
    conflict: conflicts.length === 0 ? null : conflicts.join(", and "),
  };
}

function putBack(
  bound: "minimum" | "maximum",
  { before, set, now }: Readonly<Record<"before" | "set" | "now", number>>,
) {
  if (now === set || now === before) return { size: before, left: [], conflict: [] };
  return {
    size: now,
    left: [`The ${bound} stays at ${now}: it was set to ${set}, and somebody changed it since.`],
    conflict: [`the ${bound} is ${now}, which is neither the ${set} it was raised to nor the ${before} from before`],
  };
}
