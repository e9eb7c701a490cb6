import { parseNetwork } from "../domain/address.ts";

/** Gives a client's /24 or /48 in CIDR notation; null for a host name or what else is no address. */
export function networkOfClient(client: string): string | null {
  const ipv4 = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/.exec(client);
  const network = parseNetwork(ipv4 ? `${ipv4[1]}.0/24` : client);
  if (!network.ok) return null;
  if (network.prefix === 24 || network.family === 6) {
    const wide = network.family === 6 ? parseNetwork(`${client}/48`) : network;
    return wide.ok ? wide.cidr : null;
  }
  // An IPv4 address that was written as IPv6 comes back as itself.
  return networkOfClient(network.cidr.replace(/\/32$/, ""));
}

/** Gives the host a referer names, in small letters and without its port; null where it names none. */
export function hostOfReferer(referer: string): string | null {
  const authority = /^(?:[A-Za-z][A-Za-z0-9+.-]*:)?\/\/([^/?#]+)/.exec(referer)?.[1];
  if (authority === undefined) return null;
  const host = authority.replace(/^.*@/, "").replace(/:\d*$/, "").toLowerCase();
  return host === "" ? null : host;
}
