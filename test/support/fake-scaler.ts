import type { Capacity } from "../../src/domain/capacity.ts";
import { UserError } from "../../src/errors.ts";
import type { Scaler } from "../../src/ports.ts";

export interface FakeScaler extends Scaler {
  /** What is so now; tests may set it. */
  capacity: Capacity;
  /** Thrown by the next call, once. */
  failNext: Error | null;
  /** What was asked of it, dry runs left out: "raise to 6". */
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
      const { min, max, desired } = fake.capacity;
      if (instances > max) throw new UserError("scale-over-max", `${instances} instances are more than ${max}.`);
      const sizes = { min: Math.max(min, instances), desired: Math.max(desired, instances) };
      return { calls: resize(`raise to ${instances}`, sizes, options.dryRun) };
    },
    async restore(before, options = {}) {
      throwIfTold();
      return {
        calls: resize(`restore ${before.min} of ${before.desired}`, before, options.dryRun),
        left: [],
      };
    },
  };

  function resize(call: string, { min, desired }: { min: number; desired: number }, dryRun = false): string[] {
    if (!dryRun) {
      fake.asked.push(call);
      fake.capacity = { ...fake.capacity, min, desired, running: desired };
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
