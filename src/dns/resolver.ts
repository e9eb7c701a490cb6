import { Resolver as NodeResolver } from "node:dns/promises";
import { MINUTE_MS } from "../domain/time-window.ts";
import { UpstreamError } from "../errors.ts";
import type { Resolver } from "../ports/resolver.ts";
import type { Clock } from "../ports.ts";
import { reverseName } from "./reverse-name.ts";

/** An incident lasts hours; names change in days. */
const KEPT_MS = 30 * MINUTE_MS;
const MAX_KEPT = 10_000;

/**
 * Makes a resolver that asks DNS servers, this machine's own where none are named, and keeps what they answered for half
 * an hour. The same question is asked once at a time; what failed is not kept.
 *
 * @param options.timeoutMs for each of two tries
 * @param options.servers with port or without: `127.0.0.1:5353`
 */
export function createResolver(
  options: { readonly timeoutMs?: number; readonly servers?: readonly string[]; readonly clock?: Clock } = {},
): Resolver {
  const { timeoutMs = 2_000, servers, clock = { now: Date.now } } = options;
  const resolver = new NodeResolver({ timeout: timeoutMs, tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  const kept = new Map<string, { readonly answer: Promise<readonly string[]>; readonly untilMs: number }>();

  function keep(question: string, ask: () => Promise<readonly string[]>): Promise<readonly string[]> {
    const known = kept.get(question);
    if (known !== undefined && known.untilMs > clock.now()) return known.answer;
    const answer = ask();
    // Taken out first, so that what is asked again counts as new.
    kept.delete(question);
    kept.set(question, { answer, untilMs: clock.now() + KEPT_MS });
    const [oldest] = kept.keys();
    if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    answer.catch(() => {
      if (kept.get(question)?.answer === answer) kept.delete(question);
    });
    return answer;
  }

  return {
    reverse(address) {
      const name = reverseName(address);
      // Node's own `reverse` says that there is no name where no server answered, too.
      return name === null
        ? Promise.resolve([])
        : keep(`names ${name}`, () => orNone(address, () => resolver.resolvePtr(name)));
    },
    forward(name) {
      return keep(`addresses ${name.toLowerCase()}`, async () => {
        const families = await Promise.all([
          orNone(name, () => resolver.resolve4(name)),
          orNone(name, () => resolver.resolve6(name)),
        ]);
        return families.flat();
      });
    },
  };
}

/** Answers of a server that knows: there is nothing. EBADNAME and EINVAL: there can be nothing. */
const NOTHING = ["ENOTFOUND", "ENODATA", "EBADNAME", "EINVAL"];

async function orNone(asked: string, ask: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await ask();
  } catch (cause) {
    if (NOTHING.includes((cause as NodeJS.ErrnoException).code ?? "")) return [];
    throw new UpstreamError("dns-failed", `DNS did not answer for ${asked}.`, { retryable: true, cause });
  }
}
