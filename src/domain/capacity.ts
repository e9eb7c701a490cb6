/** How many instances serve a service, and within which bounds. */
export interface Capacity {
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  /** In service now. */
  readonly running: number;
}
