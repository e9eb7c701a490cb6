import { UpstreamError } from "../../src/errors.ts";
import type { Resolver } from "../../src/ports/resolver.ts";

export interface FakeResolver extends Resolver {
  /** By address. */
  readonly names: Record<string, readonly string[]>;
  /** By name. */
  readonly addresses: Record<string, readonly string[]>;
  /** Whether no server answers; tests may set it. */
  isDown: boolean;
}

/** DNS in memory. */
export function createFakeResolver(given: Partial<Pick<FakeResolver, "names" | "addresses">> = {}): FakeResolver {
  const fake: FakeResolver = {
    names: given.names ?? {},
    addresses: given.addresses ?? {},
    isDown: false,
    async reverse(address) {
      return answer(address, fake.names[address]);
    },
    async forward(name) {
      return answer(name, fake.addresses[name.toLowerCase()]);
    },
  };

  function answer(asked: string, found: readonly string[] = []): readonly string[] {
    if (fake.isDown) throw new UpstreamError("dns-failed", `DNS did not answer for ${asked}.`, { retryable: true });
    return found;
  }

  return fake;
}
