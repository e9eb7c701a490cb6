import { parseNetwork } from "../domain/address.ts";
import { isAsset } from "../domain/traits.ts";

const PLAIN_IPV4 = /^(?:(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])(?:\.|$)){4}$/;

/** Gives a client's /24 or /48 in CIDR notation; null for a host name or what else is no address. */
export function networkOfClient(client: string): string | null {
  // Nearly every client is this, and there may be a million of them.
  if (PLAIN_IPV4.test(client)) return `${client.slice(0, client.lastIndexOf("."))}.0/24`;
  return networkOf(client, { 4: 24, 6: 48 });
}

/** Gives the /64 of a client's IPv6 address, within which one machine may take any; null for all else. */
export function subnetOfClient(client: string): string | null {
  return client.includes(":") ? networkOf(client, { 4: 32, 6: 64 }) : null;
}

/** Gives a client's /16 or /32, likewise. */
export function wideNetworkOfClient(client: string): string | null {
  if (PLAIN_IPV4.test(client)) return `${client.slice(0, client.indexOf(".", client.indexOf(".") + 1))}.0.0/16`;
  return networkOf(client, { 4: 16, 6: 32 });
}

function networkOf(client: string, prefixes: Readonly<Record<4 | 6, number>>): string | null {
  const address = parseNetwork(client);
  if (!address.ok || client.includes("/")) return null;
  if (address.family === 4 && prefixes[4] === 32) return null;
  const wide = parseNetwork(address.cidr.replace(/\/\d+$/, `/${prefixes[address.family]}`));
  return wide.ok ? wide.cidr : null;
}

/** Gives the host a referer names, in small letters and without its port; null where it names none. */
export function hostOfReferer(referer: string): string | null {
  const authority = /^(?:[A-Za-z][A-Za-z0-9+.-]*:)?\/\/([^/?#]+)/.exec(referer)?.[1];
  if (authority === undefined) return null;
  const host = authority.replace(/^.*@/, "").replace(/:\d*$/, "").toLowerCase();
  return host === "" ? null : host;
}

/** Gives a query without its values: `ref&page` of `ref=a1&page=2`. */
export function queryKeys(query: string): string | null {
  const keys = query.replace(/=[^&]*/g, "");
  return keys === "" ? null : keys;
}

/** Tells what a browser loads because a page needs it (`asset`) from everything else (`page`). */
export function resourceOfPath(path: string): "asset" | "page" {
  return isAsset(path) ? "asset" : "page";
}
