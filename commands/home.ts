import { homeBlocks } from "../src/slack/views/home.ts";
import type { CommandContext } from "./context.ts";

/** What the App Home shows: the same for everybody. */
export async function home(_userId: string, { store, clock }: CommandContext): Promise<readonly object[]> {
  const [incidents, proposals, blocks, holds] = await Promise.all([
    store.incidents({ state: "open" }),
    store.openProposals(),
    store.blocks({ state: ["pending", "active"] }),
    store.capacityHolds(),
  ]);
  return homeBlocks({ incidents, proposals, blocks, holds, nowMs: clock.now() });
}
