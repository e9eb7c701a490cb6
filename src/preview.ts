/** What a change would do, without doing it: the same for whoever asks before and for a dry run that was approved. */
import { type MilderMeasure, wordsOf } from "./domain/address-measure.ts";
import type { Change } from "./domain/proposal.ts";
import { UserError } from "./errors.ts";
import { firewallIn } from "./firewall-sets.ts";
import type { Firewall } from "./ports/firewall.ts";
import type { CapacityHold } from "./ports/remembered.ts";
import type { Scaler } from "./ports/scaler.ts";
import type { Ports } from "./ports.ts";

type Measured = { readonly service: string; readonly measure?: MilderMeasure };
type Asked = Pick<Ports, "services"> & { readonly signal?: AbortSignal };

/**
 * Gives the calls that would carry out a change as things are now, one line each. Reads from the vendor, and changes
 * nothing.
 *
 * @throws {UserError} `preview-not-configured`, `scale-over-max`
 */
export async function previewChange(change: Change, asked: Asked): Promise<readonly string[]> {
  switch (change.kind) {
    case "block":
      return (await firewallOf(change, asked).block(change.addresses, dry(asked))).calls;
    case "scale":
      return (
        await scalerOf(change.service, asked).raiseTo(change.toInstances, {
          ...dry(asked),
          mayRaiseMax: change.raisesMaxFrom !== undefined,
        })
      ).calls;
  }
}

/**
 * Gives the calls that would let addresses through again, or end a milder measure of them.
 *
 * @throws {UserError} `preview-not-configured`
 */
export async function previewUnblock(
  of: Measured,
  addresses: readonly string[],
  asked: Asked,
): Promise<readonly string[]> {
  return (await firewallOf(of, asked).unblock(addresses, dry(asked))).calls;
}

/**
 * Gives the calls that would put capacity back, and what would stay, one line each.
 *
 * @param raisedTo what was asked for when it was raised
 * @throws {UserError} `preview-not-configured`
 */
export async function previewRestore(hold: CapacityHold, raisedTo: number, asked: Asked): Promise<readonly string[]> {
  const scaler = scalerOf(hold.service, asked);
  const { calls, left, conflict } = await scaler.restore(hold.before, { ...dry(asked), raisedTo });
  return conflict === undefined ? [...calls, ...left] : [`None before somebody is asked: ${conflict}.`];
}

function dry({ signal }: Asked) {
  return { dryRun: true, ...(signal && { signal }) };
}

function firewallOf(of: Measured, { services }: Asked): Firewall {
  return firewallIn(services, of) ?? missing(of.service, wordsOf(of).setting);
}

function scalerOf(service: string, { services }: Asked): Scaler {
  return services[service]?.scaler ?? missing(service, "scaling");
}

function missing(service: string, setting: string): never {
  throw new UserError(
    "preview-not-configured",
    `${service} has no \`${setting}\` in spillway.yaml, so nothing would be called.`,
  );
}
