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
  /** In CIDR notation. */
  readonly addresses: readonly string[];
  readonly durationSecs: number;
  readonly reason: string;
  /** Whether guards are to be overridden where two people may. */
  readonly breaksGlass?: boolean;
}

/**
 * Makes the exact change of what somebody asked to block: as few networks as hold the same addresses.
 *
 * @throws {UserError} `block-refused` or `block-duration`
 */
export async function blockChange(request: BlockRequest, context: CommandContext): Promise<BlockChange> {
  const { breaksGlass = false, ...asked } = request;
  const overrides = breaksGlass ? overridesOf(request, context) : [];
  if (breaksGlass && overrides?.length === 0) {
    throw new UserError("glass-unneeded", "No guard refuses this; ask for it without `break-glass`.");
  }
  const problem = addressProblem(request.service, request.addresses, context, overrides ?? []);
  if (problem !== null) throw new UserError("block-refused", problem + hintFor(request, context));
  const length = durationProblem(request.durationSecs, "a block", context);
  if (length !== null) throw new UserError("block-duration", length);
  const addresses = aggregateNetworks(request.addresses);
  const crawlers = await crawlersAmong(addresses, context);
  if (crawlers.length > 0) throw new UserError("block-refused", notProposed(crawlers));
  return { kind: "block", ...asked, addresses, ...(overrides !== null && overrides.length > 0 && { overrides }) };
}

/** Says why these addresses may not be blocked; null where they may, as far as it is known without asking DNS. */
export function addressProblem(
  service: string,
  addresses: readonly string[],
  context: CommandContext,
  overridden: readonly GuardRule[] = [],
): string | null {
  const { maxAddresses } = context.config.blocks;
  if (addresses.length > maxAddresses) {
    return `${addresses.length} addresses are over the limit of ${maxAddresses} for one block; block the worst first.`;
  }
  const refused = refusedFor(service, addresses, context, overridden);
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
