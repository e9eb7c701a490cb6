import { type Random, whole } from "../../bench/random.ts";
import type { Asking } from "./asking.ts";
import { MAX_INSTANCES } from "./aws-account.ts";
import type { World } from "./world.ts";

/** A longest block, which stands until the world ends. */
const LASTING_SECS = 6 * 3_600;
const MAX_LASTING = 4;

/** Gives a next thing that people do, and resolves when nothing of it is left. */
export function createActs(world: World, asking: Asking, random: Random): () => Promise<void> {
  const address = createAddresses(random);
  let isScaling = false;
  let lasting = 0;
  /** Some end by themselves while everything is still dying, and some together. */
  const shortSecs = () => 8 + whole(18, random);

  async function single() {
    await asking.ended(await asking.block({ addresses: [address.v4()], durationSecs: shortSecs() }));
  }

  async function networks() {
    const addresses = [address.network(), address.v6(), address.v4()].sort();
    await asking.ended(await asking.block({ addresses, durationSecs: shortSecs() }));
  }

  /** Neither takes out what the other still holds, whichever ends first, or both at once. */
  async function sameTwice() {
    const addresses = [address.v4()];
    const durationSecs = shortSecs();
    const both = await Promise.all([
      asking.block({ addresses, durationSecs }),
      asking.block({ addresses, durationSecs: durationSecs + whole(3, random) * 5 }),
    ]);
    await Promise.all(both.map((each) => asking.ended(each)));
  }

  async function undone() {
    await asking.undo(await asking.block({ addresses: [address.v4(), address.v6()].sort(), durationSecs: 600 }));
  }

  async function extended() {
    const one = await asking.block({ addresses: [address.v4()], durationSecs: shortSecs() });
    await asking.extend(one);
    await asking.ended(one);
  }

  async function ofAnother() {
    const [foreign = ""] = [...world.foreign];
    await asking.ended(await asking.block({ addresses: [foreign], durationSecs: shortSecs() }));
  }

  async function byStranger() {
    const entry = address.stranger();
    await world.account.changeAsStranger({ add: entry });
    world.foreign.add(entry);
    if (whole(2, random) === 0) return;
    world.foreign.delete(entry);
    await world.account.changeAsStranger({ remove: entry });
  }

  async function stays() {
    if (lasting >= MAX_LASTING) return single();
    lasting += 1;
    await asking.block({ addresses: [address.v4(), address.v6()].sort(), durationSecs: LASTING_SECS });
  }

  async function scaled() {
    if (isScaling) return single();
    isScaling = true;
    const { desired } = await world.account.instances();
    const toInstances = Math.min(MAX_INSTANCES, desired + 1 + whole(4, random));
    const later = whole(3, random) === 0 ? { startMs: Date.now() + 6_000 } : {};
    const change = {
      toInstances,
      fromInstances: desired,
      durationSecs: later.startMs ? 20 : shortSecs() + 8,
      ...later,
    };
    try {
      const one = await asking.scale(change);
      if (whole(2, random) === 0) await asking.undo(one);
      await asking.ended(one);
    } finally {
      isScaling = false;
    }
  }

  const often = [single, single, networks, sameTwice, sameTwice, undone, undone, extended, scaled, scaled];
  const acts = [...often, ofAnother, byStranger, stays];
  return () => (acts[whole(acts.length, random)] as (typeof acts)[number])();
}

/** Addresses that nobody else in this world is given. */
function createAddresses(random: Random) {
  let made = whole(200, random);
  const next = () => {
    made += 1;
    return made;
  };
  return {
    v4: () => {
      const number = next();
      return `45.10.${number >> 8}.${number & 255}/32`;
    },
    network: () => {
      const number = next();
      return `45.11.${number >> 4}.${(number & 15) << 4}/28`;
    },
    v6: () => `2a10:${next().toString(16)}::/64`,
    stranger: () => {
      const number = next();
      return `45.12.${number >> 8}.${number & 255}/32`;
    },
  };
}
