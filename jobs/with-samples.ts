import type { BlockChange, Check } from "../src/domain/proposal.ts";
import { tellSamples } from "../src/domain/sampled-requests.ts";
import { UpstreamError } from "../src/errors.ts";
import { doubtsAbout } from "../src/slack/rule-doubts.ts";
import type { JobContext } from "./context.ts";
import { firewallOf } from "./service-ports.ts";

/**
 * Adds to what was seen of a block what the firewall itself says of single requests, and where the block has no effect,
 * what may be wrong with the firewall's rules. It alters no verdict: without it, the look is as good as the log.
 */
export async function withSamples(
  check: Check,
  change: BlockChange,
  sinceMs: number,
  signal: AbortSignal,
  context: JobContext,
): Promise<Check> {
  const samples = await fromSamples(check, change, sinceMs, signal, context);
  const weaknesses = check.verdict === "no-effect" ? ((await doubtsAbout(change, context))?.weaknesses ?? []) : [];
  const more = [...(samples === null ? [] : [samples]), ...weaknesses];
  return { ...check, statement: [check.statement, ...more].join(" ") };
}

async function fromSamples(
  { verdict, checkedMs }: Check,
  change: BlockChange,
  startMs: number,
  signal: AbortSignal,
  context: JobContext,
): Promise<string | null> {
  const { service, addresses, measure } = change;
  const firewall = firewallOf(change, context);
  if (firewall.samples === undefined || startMs >= checkedMs) return null;
  try {
    const rules = await firewall.samples({ startMs, endMs: checkedMs }, signal);
    return tellSamples({ service, addresses, measure, verdict, rules });
  } catch (error) {
    if (signal.aborted || !(error instanceof UpstreamError)) throw error;
    context.log.warn({ err: error, service }, "samples not read for the check");
    // What comes back by itself is not worth a word.
    return error.retryable ? null : `WAF samples are not available: ${error.message}`;
  }
}
