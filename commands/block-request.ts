import { sortNetworks } from "../src/domain/address.ts";
import { formatDuration } from "../src/domain/duration.ts";
import { guardBlock } from "../src/domain/guard.ts";
import type { BlockChange } from "../src/domain/proposal.ts";
import { UserError } from "../src/errors.ts";
import type { CommandContext } from "./context.ts";
import { shortDuration } from "./window.ts";

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
 * @throws {UserError} `block-refused`, `block-too-many` or `block-too-long`
 */
export function blockChange(request: BlockRequest, context: CommandContext): BlockChange {
  const problem = addressProblem(request.service, request.addresses, context);
  if (problem !== null) throw new UserError("block-refused", problem);
  const tooLong = blockDurationProblem(request.durationSecs, context);
  if (tooLong !== null) throw new UserError("block-too-long", tooLong);
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

/** Says why a block may not last so long; null where it may. */
export function blockDurationProblem(durationSecs: number, { config }: CommandContext): string | null {
  const { maxSecs } = config.blocks;
  if (durationSecs <= maxSecs) return null;
  return `${formatDuration(durationSecs)} is over the limit of ${shortDuration(maxSecs)} for a block; extend it when it is about to end.`;
}
