import { useEffect, useState } from "react";
import type { Offers } from "../manifest.ts";
import type { StreamItem } from "../server/stream.ts";
import { reduce } from "../state/change.ts";
import type { WorkspaceState } from "../state/workspace-state.ts";

/** What the page knows of the workspace. */
export interface Seen {
  readonly personId: string;
  readonly state: WorkspaceState;
  readonly offers: Offers;
}

/** Follows the workspace as one person sees it; null until the first snapshot. */
export function useWorkspaceStream(personId: string): { readonly seen: Seen | null; readonly isLive: boolean } {
  const [seen, setSeen] = useState<Seen | null>(null);
  const [isLive, setIsLive] = useState(true);
  useEffect(() => {
    // The browser connects again by itself, and every connection begins with a snapshot.
    const source = new EventSource(`/page/stream?person=${encodeURIComponent(personId)}`);
    source.onopen = () => setIsLive(true);
    source.onerror = () => setIsLive(false);
    source.onmessage = (event: MessageEvent<string>) => {
      const item = JSON.parse(event.data) as StreamItem;
      setSeen((before) => {
        if (item.kind === "snapshot") return { personId, state: item.state, offers: item.offers };
        return before === null ? null : { ...before, state: reduce(before.state, item) };
      });
    };
    return () => source.close();
  }, [personId]);
  return { seen, isLive };
}
