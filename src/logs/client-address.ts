import { contains, parseNetwork } from "../domain/address.ts";

/** Tells who a request came from, where proxies stand before what wrote the log. */
export type ClientResolver = (peer: string | null, forwardedFor: string | null) => string | null;

/**
 * Makes the rule for X-Forwarded-For: each proxy adds at its right end whom it got the request from, and anybody can
 * send the header with whatever in it. So it is walked from the right, past the trusted proxies, to the first address
 * that none of them vouches for. Where the peer itself is not trusted, its header says nothing.
 *
 * Where the log tells no peer at all, its server has added that to the header itself, so that the right end is whom
 * it got the request from.
 *
 * @param trustedProxies addresses and networks
 */
export function createClientResolver(trustedProxies: readonly string[]): ClientResolver {
  const known = new Map<string, boolean>();

  function isTrusted(address: string): boolean {
    const before = known.get(address);
    if (before !== undefined) return before;
    const is = trustedProxies.some((network) => contains(network, address));
    if (known.size < MAX_KNOWN) known.set(address, is);
    return is;
  }

  return (peer, forwardedFor) => {
    if (forwardedFor === null || (peer !== null && !isTrusted(peer))) return peer;
    let client = peer;
    for (const hop of forwardedFor.split(",").slice(-MAX_HOPS).reverse()) {
      const address = addressOf(hop);
      // What is no address (`unknown`, a name) ends what can be followed.
      if (address === null) return client;
      client = address;
      if (!isTrusted(address)) return client;
    }
    return client;
  };
}

/** There are few proxies; all other addresses could be a million. */
const MAX_KNOWN = 10_000;
/** Longer headers are somebody's own making, and the right end counts. */
const MAX_HOPS = 64;

/** Some proxies add a port, and brackets around IPv6. */
function addressOf(hop: string): string | null {
  const text = hop
    .trim()
    .replace(/^\[([^\]]*)\](:\d+)?$/, "$1")
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1");
  return parseNetwork(text).ok && !text.includes("/") ? text : null;
}
