import type { Capacity } from "../../src/domain/capacity.ts";
import { UserError } from "../../src/errors.ts";
import type { Scaler } from "../../src/ports/scaler.ts";
import { planRaise, planRestore, type Sizes } from "../../src/scaling/plan.ts";

export interface FakeScaler extends Scaler {
  /** What is so now; tests may set it. */
  capacity: Capacity;
  /** Thrown by the next call, once. */
  failNext: Error | null;
  /** What changed it, dry runs left out: "raise to 6". */
  readonly asked: string[];
}

/** A scaler in memory whose instances boot at once. */
export function createFakeScaler(capacity: Capacity = { min: 2, max: 10, desired: 2, running: 2 }): FakeScaler {
  const fake: FakeScaler = {
    capacity,
    failNext: null,
    asked: [],
    async read() {
      throwIfTold();
      return fake.capacity;
    },
    async raiseTo(instances, options = {}) {
      throwIfTold();
      const { max } = fake.capacity;
      if (instances > max && !options.mayRaiseMax)
        throw new UserError("scale-over-max", `${instances} instances are more than ${max}.`);
      return { calls: resize(`raise to ${instances}`, planRaise(fake.capacity, instances), options.dryRun) };
    },
    async restore(before, options = {}) {
      throwIfTold();
      const { raisedTo = null, isForced = false } = options;
      const { sizes, left, conflict } = planRestore({ before, now: fake.capacity, raisedTo, isForced });
      if (conflict !== null) return { calls: [], left: [], conflict };
      return { calls: resize(`restore ${before.min} of ${before.desired}`, sizes, options.dryRun), left };
    },
  };

  function resize(call: string, { min, max, desired }: Sizes, dryRun = false): string[] {
    const isSo = min === fake.capacity.min && max === fake.capacity.max && desired === fake.capacity.desired;
    if (isSo) return [];
    if (!dryRun) {
      fake.asked.push(call);
      fake.capacity = { ...fake.capacity, min, max, desired, running: desired };
    }
    return [call];
  }

  function throwIfTold(): void {
    const error = fake.failNext;
    fake.failNext = null;
    if (error !== null) throw error;
  }
  return fake;
}
