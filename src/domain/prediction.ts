/** What a change is expected to do, by replaying the log through it. */
export interface Prediction {
  /** Share of the excess requests that it removes, 0–1; null for changes that remove none by nature (scaling). */
  readonly excessRemoved: number | null;
  /**
   * Within which that share lies with about 95 %, since what would have come without the spike is not known exactly;
   * null where it removes none, left out by predictions from before there was any.
   */
  readonly excessRemovedBetween?: readonly [low: number, high: number] | null;
  /** Share of the baseline's requests that it would have stopped, 0–1. */
  readonly baselineHarmed: number;
  /** Share of the baseline's clients that it would have stopped, 0–1. */
  readonly baselineClientsHarmed: number;
  /** Requests after the change over the usual level. */
  readonly ratioAfter: number;
  /** Cost in US dollars an hour where prices are configured. */
  readonly costPerHourUsd: number | null;
}
