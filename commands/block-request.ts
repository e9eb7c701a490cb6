import { sortNetworks } from "../src/domain/address.ts";
import { guardBlock } from "../src/domain/guard.ts";
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
}

/**
 * Makes the exact change of what somebody asked to block.
 *
 * @throws {UserError} `block-refused` or `block-duration`
 */
export function blockChange(request: BlockRequest, context: CommandContext): BlockChange {
  const problem = addressProblem(request.service, request.addresses, context);
  if (problem !== null) throw new UserError("block-refused", problem);
  const length = durationProblem(request.durationSecs, "a block", context);
  if (length !== null) throw new UserError("block-duration", length);
  return { kind: "block", ...request, addresses: sortNetworks(request.addresses) };
}

/** Says why these addresses may not be blocked; null where they may. */
export function addressProblem(
  service: string,
  addresses: readonly string[],
  { config }: CommandContext,
): string | null {
  const { maxAddresses } = config.blocks;
  if (addresses.length > maxAddresses) {
    return `${addresses.length} addresses are over the limit of ${maxAddresses} for one block; block the worst first.`;
  }
  const { refused } = guardBlock({ addresses, neverBlock: config.services[service]?.neverBlock ?? [] });
  return refused.length === 0 ? null : `Not proposed. ${refused.map(({ reason }) => reason).join(" ")}`;
}
