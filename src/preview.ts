/** What a change would do, without doing it: the same for whoever asks before and for a dry run that was approved. */
import type { Change } from "./domain/proposal.ts";
import { UserError } from "./errors.ts";
import type { CapacityHold, Ports } from "./ports.ts";

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
      return (await portOf(change.service, "firewall", asked).block(change.addresses, dry(asked))).calls;
    case "scale":
      return (
        await portOf(change.service, "scaler", asked).raiseTo(change.toInstances, {
          ...dry(asked),
          mayRaiseMax: change.raisesMaxFrom !== undefined,
        })
      ).calls;
  }
}

/**
 * Gives the calls that would let addresses through again.
 *
 * @throws {UserError} `preview-not-configured`
 */
export async function previewUnblock(
  service: string,
  addresses: readonly string[],
  asked: Asked,
): Promise<readonly string[]> {
  return (await portOf(service, "firewall", asked).unblock(addresses, dry(asked))).calls;
}

/**
 * Gives the calls that would put capacity back, and what would stay, one line each.
 *
 * @param raisedTo what was asked for when it was raised
 * @throws {UserError} `preview-not-configured`
 */
export async function previewRestore(hold: CapacityHold, raisedTo: number, asked: Asked): Promise<readonly string[]> {
  const scaler = portOf(hold.service, "scaler", asked);
  const { calls, left, conflict } = await scaler.restore(hold.before, { ...dry(asked), raisedTo });
  return conflict === undefined ? [...calls, ...left] : [`None before somebody is asked: ${conflict}.`];
}

function dry({ signal }: Asked) {
  return { dryRun: true, ...(signal && { signal }) };
}

function portOf<Name extends "firewall" | "scaler">(service: string, name: Name, { services }: Asked) {
  const port = services[service]?.[name];
  if (port != null) return port;
  throw new UserError(
    "preview-not-configured",
    `${service} has no \`${name === "scaler" ? "scaling" : name}\` in spillway.yaml, so nothing would be called.`,
  );
}
