import type { MilderMeasure } from "../src/domain/address-measure.ts";
import { UserError } from "../src/errors.ts";
import type { Firewall } from "../src/ports/firewall.ts";
import type { ServicePorts } from "../src/ports.ts";
import type { CommandContext } from "./context.ts";

type Port = "logs" | "firewall" | "scaler";
type Need = Port | MilderMeasure;

const NEED_NAMES: Readonly<Record<Need, { readonly setting: string; readonly purpose: string }>> = {
  logs: { setting: "logs", purpose: "there is nothing to read" },
  firewall: { setting: "firewall", purpose: "nothing can be blocked" },
  "rate-limit": { setting: "firewall.rateLimit", purpose: "nothing can be rate-limited" },
  challenge: { setting: "firewall.challenge", purpose: "nobody can be challenged" },
  scaler: { setting: "scaling", purpose: "it cannot be scaled" },
};

/**
 * Finds the service that is meant: the one named, the only one there is, or the only one that has what is needed.
 *
 * @throws {UserError} `service-missing` where several could be meant, `service-lacks` where it has not what is needed
 */
export function serviceFor<N extends Need>(
  asked: { readonly named: string | null; readonly needs: N; readonly command: string },
  { services }: CommandContext,
): { readonly name: string; readonly port: PortFor<N> } {
  const names = Object.keys(services);
  const able = names.filter((name) => portOf(services[name], asked.needs) != null);
  const [only] = able.length === 1 ? able : names.length === 1 ? names : [];
  const name = asked.named ?? only;
  if (name === undefined) throw whichOne(able.length > 0 ? able : names, asked.command);
  const port = portOf(services[name], asked.needs);
  if (port == null) throw lacks(name, asked.needs, able);
  return { name, port: port as PortFor<N> };
}

type PortFor<N extends Need> = N extends Port ? NonNullable<ServicePorts[N]> : Firewall;

function portOf(ports: ServicePorts | undefined, need: Need) {
  return need === "rate-limit" || need === "challenge" ? ports?.measures?.[need] : ports?.[need];
}

function whichOne(names: readonly string[], command: string): UserError {
  return new UserError(
    "service-missing",
    `Which service? There are ${names.map((name) => `\`${name}\``).join(", ")}; try \`/${command} ${names[0]}\`.`,
  );
}

function lacks(name: string, need: Need, able: readonly string[]): UserError {
  const { setting, purpose } = NEED_NAMES[need];
  const others = able.length === 0 ? "" : ` It is set for ${able.join(", ")}.`;
  return new UserError("service-lacks", `${name} has no \`${setting}\` in spillway.yaml, so ${purpose}.${others}`);
}
