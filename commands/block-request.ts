import { sortNetworks } from "../src/domain/address.ts";
import { overridesFor } from "../src/domain/break-glass.ts";
import { type GuardRule, guardBlock } from "../src/domain/guard.ts";
import type { BlockChange } from "../src/domain/proposal.ts";
import { UserError } from "../src/errors.ts";
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
 * Makes the exact change of what somebody asked to block.
 *
 * @throws {UserError} `block-refused` or `block-duration`
 */
export function blockChange(request: BlockRequest, context: CommandContext): BlockChange {
  const { breaksGlass = false, ...asked } = request;
  const overrides = breaksGlass ? overridesOf(request, context) : [];
  if (breaksGlass && overrides?.length === 0) {
    throw new UserError("glass-unneeded", "No guard refuses this; ask for it without `break-glass`.");
  }
  const problem = addressProblem(request.service, request.addresses, context, overrides ?? []);
  if (problem !== null) throw new UserError("block-refused", problem + hintFor(request, context));
  const length = durationProblem(request.durationSecs, "a block", context);
  if (length !== null) throw new UserError("block-duration", length);
  return {
    kind: "block",
    ...asked,
    addresses: sortNetworks(request.addresses),
    ...(overrides !== null && overrides.length > 0 && { overrides }),
  };
}

/** Says why these addresses may not be blocked; null where they may. */
export function addressProblem(
  service: string,
  addresses: readonly string[],
  { config }: CommandContext,
  overridden: readonly GuardRule[] = [],
): string | null {
  const { maxAddresses } = config.blocks;
  if (addresses.length > maxAddresses) {
    return `${addresses.length} addresses are over the limit of ${maxAddresses} for one block; block the worst first.`;
  }
  const { refused } = guardBlock({ addresses, neverBlock: config.services[service]?.neverBlock ?? [], overridden });
  return refused.length === 0 ? null : `Not proposed. ${refused.map(({ reason }) => reason).join(" ")}`;
}

/** The guards that stand in the way; null where one of them is absolute. */
function overridesOf({ service, addresses }: BlockRequest, { config }: CommandContext): readonly GuardRule[] | null {
  const neverBlock = config.services[service]?.neverBlock ?? [];
  return overridesFor((overridden) => guardBlock({ addresses, neverBlock, overridden }).refused);
}

function hintFor(request: BlockRequest, context: CommandContext): string {
  if (request.breaksGlass || context.config.approvals.breakGlass.length === 0) return "";
  const overrides = overridesOf(request, context) ?? [];
  return overrides.length === 0 ? "" : " Two people may override that: write `break-glass` before `because`.";
}
