import { type Change, reduce } from "./change.ts";
import type { WorkspaceState } from "./workspace-state.ts";

/** The workspace's state, and who wants to hear of its changes. */
export interface WorkspaceStore {
  read(): WorkspaceState;
  apply(change: Change): void;
  /** Calls back after every change, until the function it returns is called. */
  watch(listener: (change: Change) => void): () => void;
}

export function createWorkspaceStore(initial: WorkspaceState): WorkspaceStore {
  let state = initial;
  const listeners = new Set<(change: Change) => void>();
  return {
    read: () => state,
    apply: (change) => {
      state = reduce(state, change);
      for (const listener of listeners) listener(change);
    },
    watch: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
