import { type MilderMeasure, wordsOf } from "../src/domain/address-measure.ts";
import { UserError } from "../src/errors.ts";
import { firewallIn } from "../src/firewall-sets.ts";
import type { Firewall } from "../src/ports/firewall.ts";
import type { Scaler } from "../src/ports/scaler.ts";
import type { JobContext } from "./context.ts";

/**
 * Finds what holds the addresses of a change or of a row: each measure has sets of its own.
 *
 * @throws {UserError} `firewall-not-configured`: it was taken out of the configuration since the change was proposed
 */
export function firewallOf(
  of: { readonly service: string; readonly measure?: MilderMeasure },
  { services }: JobContext,
): Firewall {
  const firewall = firewallIn(services, of);
  if (firewall !== null) return firewall;
  throw new UserError(
    "firewall-not-configured",
    `${of.service} has no \`${wordsOf(of).setting}\` in spillway.yaml; nothing was changed.`,
  );
}

/** @throws {UserError} `scaling-not-configured` */
export function scalerOf(service: string, context: JobContext): Scaler {
  const scaler = context.services[service]?.scaler;
  if (scaler) return scaler;
  throw new UserError("scaling-not-configured", `${service} has no \`scaling\` in spillway.yaml; nothing was changed.`);
}
