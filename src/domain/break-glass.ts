import type { GuardRefusal, GuardRule } from "./guard.ts";

/** Guards that two people may override: a real visitor can be behind what they protect. All others are absolute. */
const BREAKABLE: ReadonlySet<GuardRule> = new Set<GuardRule>(["never-block", "too-wide"]);

/**
 * Gives the guards that have to be overridden for these addresses, sorted; null where one of them is absolute.
 *
 * @param refusedWith what guards refuse when those given are overridden: behind one guard there may be another
 */
export function overridesFor(
  refusedWith: (overridden: readonly GuardRule[]) => readonly GuardRefusal[],
): readonly GuardRule[] | null {
  const overridden = new Set<GuardRule>();
  for (;;) {
    const refused = refusedWith([...overridden]);
    if (refused.length === 0) return [...overridden].sort();
    for (const { rule } of refused) {
      if (!BREAKABLE.has(rule) || overridden.has(rule)) return null;
    }
    for (const { rule } of refused) overridden.add(rule);
  }
}
