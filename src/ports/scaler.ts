import type { Capacity } from "../domain/capacity.ts";

/** Changes how many instances serve one service. */
export interface Scaler {
  read(signal?: AbortSignal): Promise<Capacity>;
  /**
   * Raises the minimum, so that scaling policies do not undo it, and the desired count with it.
   * @param options.mayRaiseMax whether the group's own maximum is raised where it is lower; the configuration has to
   * allow it, too
   * @throws {UserError} `scale-over-max` beyond the group's maximum
   */
  raiseTo(
    instances: number,
    options?: { mayRaiseMax?: boolean; dryRun?: boolean; signal?: AbortSignal },
  ): Promise<{ calls: readonly string[] }>;
  /**
   * Puts back what `read` gave before, but for what a policy changed meanwhile: `left` says so, a sentence each. Where a
   * person must have changed it, nothing is put back, and `conflict` says what it is instead, as a clause.
   * @param options.raisedTo what `raiseTo` was asked for, to tell our own change from others'
   * @param options.isForced puts it back whatever it is now
   */
  restore(
    before: Capacity,
    options?: { raisedTo?: number; isForced?: boolean; dryRun?: boolean; signal?: AbortSignal },
  ): Promise<{ calls: readonly string[]; left: readonly string[]; conflict?: string }>;
}
