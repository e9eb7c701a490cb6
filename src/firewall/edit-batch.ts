import { actedFor, actingForAll, type Cause } from "../acting-for.ts";
import { UserError } from "../errors.ts";
import type { FirewallChange } from "../ports/firewall.ts";
import type { IpSetEdit } from "./ip-set-edit.ts";
import type { WriteLane } from "./write-lane.ts";

/** What one caller asked for. */
export interface Wish {
  readonly kind: IpSetEdit["kind"];
  /** Canonical. */
  readonly networks: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

interface Waiting extends Wish {
  /** What it is asked for, which a joint call is made for too. */
  readonly causes: readonly Cause[];
  readonly resolve: (change: FirewallChange) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Joins what is asked for while an earlier write waits for its turn, so that a hundred blocks at once take one write and
 * not a hundred seconds. What comes in and what goes out is never joined: their order matters.
 *
 * @param carryOut makes one change of the firewall; where the joint one is refused, each is tried by itself
 */
export function joinEdits(
  lane: WriteLane,
  carryOut: (wish: Wish) => Promise<FirewallChange>,
): (wish: Wish) => Promise<FirewallChange> {
  let open: { readonly kind: Wish["kind"]; readonly members: Waiting[] } | null = null;

  async function run(members: readonly Waiting[]): Promise<void> {
    const wanted = members.filter(({ signal, reject }) => {
      if (signal?.aborted) reject(signal.reason);
      return !signal?.aborted;
    });
    const [first] = wanted;
    if (first === undefined) return;
    const networks = [...new Set(wanted.flatMap((member) => member.networks))];
    const { signal, forget } = untilAllGaveUp(wanted);
    try {
      const wish = { kind: first.kind, networks, signal };
      const causes = wanted.flatMap((member) => member.causes);
      const joint = await actingForAll(causes, () => carryOut(wish));
      for (const member of wanted) member.resolve(partOf(joint, member));
    } catch (error) {
      // What does not fit together may fit in part; what AWS does not take now it takes of nobody.
      if (wanted.length > 1 && error instanceof UserError) for (const member of wanted) await run([member]);
      else for (const member of wanted) member.reject(error);
    } finally {
      forget();
    }
  }

  return (wish) =>
    new Promise((resolve, reject) => {
      const abort = () => reject(wish.signal?.reason);
      const forget = () => wish.signal?.removeEventListener("abort", abort);
      wish.signal?.addEventListener("abort", abort, { once: true });
      const member: Waiting = {
        ...wish,
        causes: actedFor(),
        resolve(change) {
          forget();
          resolve(change);
        },
        reject(error) {
          forget();
          reject(error);
        },
      };
      if (open?.kind === wish.kind) {
        open.members.push(member);
        return;
      }
      const batch = { kind: wish.kind, members: [member] };
      open = batch;
      void lane.exclusively(async () => {
        if (open === batch) open = null;
        await run(batch.members);
      });
    });
}

/** Work that one gave up goes on for the others. Whoever is done with the signal calls `forget`. */
function untilAllGaveUp(members: readonly Waiting[]): { readonly signal?: AbortSignal; readonly forget: () => void } {
  const signals = members.flatMap(({ signal }) => signal ?? []);
  if (signals.length < members.length) return { forget: () => {} };
  const all = new AbortController();
  const abort = () => {
    if (signals.every(({ aborted }) => aborted)) all.abort(signals[0]?.reason);
  };
  for (const signal of signals) signal.addEventListener("abort", abort);
  return {
    signal: all.signal,
    forget() {
      for (const signal of signals) signal.removeEventListener("abort", abort);
    },
  };
}

/** A joint call is shown to each for whom it changed something. */
function partOf({ changed, calls }: FirewallChange, { networks }: Waiting): FirewallChange {
  const own = new Set(networks);
  const ownChanged = changed.filter((network) => own.has(network));
  return { changed: ownChanged, calls: ownChanged.length === 0 ? [] : calls };
}
