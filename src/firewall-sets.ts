import type { ServiceConfig } from "./config/service.ts";
import { type AddressMeasure, MILDER_MEASURES, type MilderMeasure } from "./domain/address-measure.ts";
import type { Firewall } from "./ports/firewall.ts";
import type { Ports } from "./ports.ts";

type FirewallConfig = NonNullable<ServiceConfig["firewall"]>;
type Sets = Pick<FirewallConfig, "ipv4Set" | "ipv6Set">;

/** Gives the sets into which a measure puts addresses; null where none is prepared for it. */
export function setsOf(firewall: FirewallConfig, measure: AddressMeasure): Sets | null {
  switch (measure) {
    case "block":
      return firewall;
    case "rate-limit":
      return firewall.rateLimit ?? null;
    case "challenge":
      return firewall.challenge ?? null;
  }
}

/** The measures beside a block for which there are sets. */
export function milderMeasuresOf(firewall: FirewallConfig) {
  return MILDER_MEASURES.filter((measure) => setsOf(firewall, measure) !== null);
}

/** Finds what holds the addresses of a change or of a row; null where nothing does, or not any more. */
export function firewallIn(
  services: Ports["services"],
  { service, measure }: { readonly service: string; readonly measure?: MilderMeasure | undefined },
): Firewall | null {
  const ports = services[service];
  return (measure === undefined ? ports?.firewall : ports?.measures?.[measure]) ?? null;
}
