import { type MilderMeasure, wordsOf } from "../src/domain/address-measure.ts";
import { aggregateNetworks } from "../src/domain/aggregate.ts";
import { overridesFor } from "../src/domain/break-glass.ts";
import type { GuardRefusal, GuardRule } from "../src/domain/guard.ts";
import type { BlockChange } from "../src/domain/proposal.ts";
import { UserError } from "../src/errors.ts";
import { crawlersAmong, refusedFor } from "../src/guarding.ts";
import type { CommandContext } from "./context.ts";
import { durationProblem } from "./duration-limits.ts";

export interface BlockRequest {
  readonly service: string;
  /** Left out for a block. */
  readonly measure?: MilderMeasure;
  /** In CIDR notation. */
  readonly addresses: readonly string[];
  readonly durationSecs: number;
  readonly reason: string;
  /** Whether guards are to be overridden where two people may. */
  readonly breaksGlass?: boolean;
}

/**
 * Makes the exact change of what somebody asked to block, limit or challenge: as few networks as hold the same addresses.
 *
 * The guards are the same for all of these. Behind an address that they name (a CDN's, the office's, a health checker's)
 * are many, whom a rule counts as one client and a challenge fails; a search engine takes the 403 of a limit for a no as
 * well; and who is in a wide network nobody knows.
 *
 * @throws {UserError} `block-refused` or `block-duration`
 */
export async function blockChange(request: BlockRequest, context: CommandContext): Promise<BlockChange> {
  const { breaksGlass = false, ...asked } = request;
  const overrides = breaksGlass ? overridesOf(request, context) : [];
  if (breaksGlass && overrides?.length === 0) {
    throw new UserError("glass-unneeded", "No guard refuses this; ask for it without `break-glass`.");
  }
  const problem = addressProblem(request, request.addresses, context, overrides ?? []);
  if (problem !== null) throw new UserError("block-refused", problem + hintFor(request, context));
  const length = durationProblem(request.durationSecs, `a ${wordsOf(request).noun}`, context);
  if (length !== null) throw new UserError("block-duration", length);
  const addresses = aggregateNetworks(request.addresses);
  const crawlers = await crawlersAmong(addresses, context);
  if (crawlers.length > 0) throw new UserError("block-refused", notProposed(crawlers));
  return {
    kind: "block",
    ...asked,
    ...ratePromised(request, context),
    addresses,
    ...(overrides !== null && overrides.length > 0 && { overrides }),
  };
}

/** The number that whoever approves a limit approves with it. */
function ratePromised({ service, measure }: BlockRequest, { config }: CommandContext): Pick<BlockChange, "rateLimit"> {
  const rule = config.services[service]?.firewall?.rateLimit;
  if (measure !== "rate-limit" || rule === undefined) return {};
  return { rateLimit: { limit: rule.limit, windowSecs: rule.windowSecs } };
}

/** Says why these addresses may not be blocked; null where they may, as far as it is known without asking DNS. */
export function addressProblem(
  of: Pick<BlockRequest, "service" | "measure">,
  addresses: readonly string[],
  context: CommandContext,
  overridden: readonly GuardRule[] = [],
): string | null {
  const { maxAddresses } = context.config.blocks;
  const { noun, verb } = wordsOf(of);
  if (addresses.length > maxAddresses) {
    return `${addresses.length} addresses are over the limit of ${maxAddresses} for one ${noun}; ${verb.toLowerCase()} the worst first.`;
  }
  const refused = refusedFor(of.service, addresses, context, overridden);
  return refused.length === 0 ? null : notProposed(refused);
}

function notProposed(refused: readonly GuardRefusal[]): string {
  return `Not proposed. ${refused.map(({ reason }) => reason).join(" ")}`;
}

/** The guards that stand in the way; null where one of them is absolute. */
function overridesOf({ service, addresses }: BlockRequest, context: CommandContext): readonly GuardRule[] | null {
  return overridesFor((overridden) => refusedFor(service, addresses, context, overridden));
}

function hintFor(request: BlockRequest, context: CommandContext): string {
  if (request.breaksGlass || context.config.approvals.breakGlass.length === 0) return "";
  const overrides = overridesOf(request, context) ?? [];
  return overrides.length === 0 ? "" : " Two people may override that: write `break-glass` before `because`.";
}
