import { UserError } from "../src/errors.ts";
import type { Firewall, Scaler } from "../src/ports.ts";
import type { JobContext } from "./context.ts";

/** @throws {UserError} `firewall-not-configured`: it was taken out of the configuration since the change was proposed */
export function firewallOf(service: string, context: JobContext): Firewall {
  const firewall = context.services[service]?.firewall;
  if (firewall) return firewall;
  throw new UserError(
    "firewall-not-configured",
    `${service} has no \`firewall\` in spillway.yaml; nothing was changed.`,
  );
}

/** @throws {UserError} `scaling-not-configured` */
export function scalerOf(service: string, context: JobContext): Scaler {
  const scaler = context.services[service]?.scaler;
  if (scaler) return scaler;
  throw new UserError("scaling-not-configured", `${service} has no \`scaling\` in spillway.yaml; nothing was changed.`);
}
