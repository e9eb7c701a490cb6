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

/**
 * Gives how many instances a scale-out may go to: as many as the configuration allows, and no more than the own maximum of
 * what is scaled unless that may be raised with it.
 *
 * @param allowed what `spillway.yaml` says of the service; undefined where it says nothing
 * @example
 * mostInstances({ max: 6 }, { maxInstances: 8 }); // 6
 * mostInstances({ max: 6 }, { maxInstances: 8, mayRaiseMax: true }); // 8
 */
export function mostInstances(
  { max }: Pick<Capacity, "max">,
  allowed: { readonly maxInstances: number; readonly mayRaiseMax?: boolean | undefined } | undefined,
): number {
  if (allowed === undefined) return max;
  return allowed.mayRaiseMax === true ? allowed.maxInstances : Math.min(max, allowed.maxInstances);
}
