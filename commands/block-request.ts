import { aggregateNetworks } from "../src/domain/aggregate.ts";
import type { GuardRefusal } from "../src/domain/guard.ts";
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
}

/**
 * Makes the exact change of what somebody asked to block: as few networks as hold the same addresses.
 *
 * @throws {UserError} `block-refused` or `block-duration`
 */
export async function blockChange(request: BlockRequest, context: CommandContext): Promise<BlockChange> {
  const problem = addressProblem(request.service, request.addresses, context);
  if (problem !== null) throw new UserError("block-refused", problem);
  const length = durationProblem(request.durationSecs, "a block", context);
  if (length !== null) throw new UserError("block-duration", length);
  const addresses = aggregateNetworks(request.addresses);
  const crawlers = await crawlersAmong(addresses, context);
  if (crawlers.length > 0) throw new UserError("block-refused", notProposed(crawlers));
  return { kind: "block", ...request, addresses };
}

/** Says why these addresses may not be blocked; null where they may, as far as it is known without asking DNS. */
export function addressProblem(service: string, addresses: readonly string[], context: CommandContext): string | null {
  const { maxAddresses } = context.config.blocks;
  if (addresses.length > maxAddresses) {
    return `${addresses.length} addresses are over the limit of ${maxAddresses} for one block; block the worst first.`;
  }
  const refused = refusedFor(service, addresses, context);
  return refused.length === 0 ? null : notProposed(refused);
}

function notProposed(refused: readonly GuardRefusal[]): string {
  return `Not proposed. ${refused.map(({ reason }) => reason).join(" ")}`;
}
