import type { RateBasedStatement } from "@aws-sdk/client-wafv2";
import type { RateLimit } from "../domain/address-measure.ts";

/** AWS counts over so long where a rule does not say. */
const DEFAULT_WINDOW_SECS = 300;

/**
 * Says what of a rule does not limit each address in a set as spillway.yaml has it, a sentence each.
 *
 * A rule that is no rate-based one is told first of all: it stops at once whoever was to be slowed down.
 *
 * @param name of the rule, as a sentence begins with it
 * @param rate.statement null where the rule counts nobody
 */
export function rateWeaknesses(
  name: string,
  setName: string,
  rate: {
    readonly statement: RateBasedStatement | null;
    readonly rateLimit: RateLimit | undefined;
    readonly areClientsForwarded: boolean;
  },
): readonly string[] {
  const { statement, rateLimit, areClientsForwarded } = rate;
  if (statement === null) {
    return [`${name} stops whoever is in IP set ${setName} at their first request: it is no rate-based rule.`];
  }
  const found: string[] = [];
  const key = statement.AggregateKeyType ?? "none";
  if (key !== "IP" && key !== "FORWARDED_IP") {
    found.push(`${name} does not count each address in IP set ${setName} by itself: it aggregates by ${key}.`);
  }
  if (areClientsForwarded && key === "IP") {
    found.push(`The log's clients are read from X-Forwarded-For, but ${name} counts who connects.`);
  }
  const { Limit, EvaluationWindowSec = DEFAULT_WINDOW_SECS } = statement;
  if (rateLimit !== undefined && (Limit !== rateLimit.limit || EvaluationWindowSec !== rateLimit.windowSecs)) {
    found.push(
      `${name} allows ${Limit} requests in ${EvaluationWindowSec} s, and spillway.yaml says ${rateLimit.limit} in ${rateLimit.windowSecs} s.`,
    );
  }
  return found;
}
