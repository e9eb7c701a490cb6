import { parseConfig } from "../../src/config.ts";
import type { MilderMeasure } from "../../src/domain/address-measure.ts";
import type { BlockChange } from "../../src/domain/proposal.ts";
import { blockOf } from "./changes.ts";
import { createFakeFirewall, type FakeFirewall } from "./fake-firewall.ts";
import { jobContext, type TestJobContext, withWeb } from "./job-context.ts";

/** What the prepared rate-based rule of "web" lets each address send. */
export const RATE_LIMIT = { limit: 300, windowSecs: 300 } as const;

const SETS = (name: string) => `ipv4Set: { name: ${name}4, id: ${name}4 }, ipv6Set: { name: ${name}6, id: ${name}6 }`;

/** The `services` of a configuration in which "web" has rules for every measure, with what is given instead. */
export function measuredYaml(
  given: {
    readonly limit?: number;
    readonly windowSecs?: number;
    readonly service?: string;
    readonly rest?: string;
  } = {},
) {
  const { limit = RATE_LIMIT.limit, windowSecs = RATE_LIMIT.windowSecs, service = "", rest = "" } = given;
  const rateLimit = `rateLimit: { ${SETS("limited")}, limit: ${limit}, windowSecs: ${windowSecs} }`;
  const firewall = `{ kind: wafv2, ${SETS("blocked")}, ${rateLimit}, challenge: { ${SETS("challenged")} } }`;
  return `services: { web: { firewall: ${firewall}, neverBlock: [203.0.113.0/28]${service} } }\n${rest}`;
}

export interface MeasuredContext extends TestJobContext {
  /** The firewall of each measure, by its sets. */
  readonly of: Readonly<Record<"block" | MilderMeasure, FakeFirewall>>;
}

/** Everything a command or a job is given, where "web" has a rule for every measure. */
export function measuredContext(
  options: Parameters<typeof jobContext>[0] = {},
  yaml = measuredYaml(),
): MeasuredContext {
  const base = jobContext(options);
  const measures = { "rate-limit": createFakeFirewall(), challenge: createFakeFirewall() };
  const of = { block: base.firewall, ...measures };
  return { ...base, ...withWeb(base, { measures }), config: parseConfig(yaml, "test.yaml"), of } as MeasuredContext;
}

/** A change of "web" for two hours unless told. */
export function measureOf(
  measure: MilderMeasure,
  addresses: readonly string[],
  durationSecs?: number,
): BlockChange & { readonly measure: MilderMeasure } {
  const change = { ...blockOf(addresses, durationSecs), measure };
  return measure === "rate-limit" ? { ...change, rateLimit: RATE_LIMIT } : change;
}
