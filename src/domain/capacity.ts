/** How many instances (or tasks) serve a service, and within which bounds. */
export interface Capacity {
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  /** In service now. */
  readonly running: number;
  /** Being started; left out where it is not known. */
  readonly pending?: number;
}
