import { measureOf } from "../domain/address-measure.ts";
import type { Change } from "../domain/proposal.ts";
import type { FirewallReport } from "../ports/remembered.ts";
import type { Ports } from "../ports.ts";
import type { RuleDoubts } from "./views/rule-doubts.ts";

/**
 * Tells what the last look at the firewall found against the rule that a change relies on; null where nothing was, or
 * nobody looked. The vendor is not asked: whoever clicks waits, and rules change seldom.
 */
export async function doubtsAbout(change: Change, { store }: Pick<Ports, "store">): Promise<RuleDoubts | null> {
  if (change.kind !== "block") return null;
  const ofMeasure = (await store.firewallReports()).filter(({ measure }) => measure === change.measure);
  const report = newestReports(ofMeasure).find(({ services }) => services.includes(change.service));
  if (report === undefined || report.weaknessesMs === null || report.weaknesses.length === 0) return null;
  return { weaknesses: report.weaknesses, seenMs: report.weaknessesMs };
}

/** A service that has other sets now leaves the report of those before. */
export function newestReports(reports: readonly FirewallReport[]): readonly FirewallReport[] {
  const newest = new Map<string, FirewallReport>();
  const keyOf = (service: string, report: FirewallReport) => `${service} ${measureOf(report)}`;
  for (const report of reports) {
    for (const service of report.services) {
      const key = keyOf(service, report);
      if ((newest.get(key)?.checkedMs ?? 0) <= report.checkedMs) newest.set(key, report);
    }
  }
  return reports.filter((report) => report.services.some((service) => newest.get(keyOf(service, report)) === report));
}
