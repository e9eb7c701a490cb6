import { newId, newSecret } from "../ids.ts";
import type { JsonObject } from "../json.ts";
import { withBlockIds } from "./block-ids.ts";
import type { WorkspaceStore } from "./store.ts";
import type { View, WorkspaceState } from "./workspace-state.ts";

/** @source https://docs.slack.dev/surfaces/modals#view_stack */
export const MAX_MODALS = 3;

/** Makes a view of what the app sent; on top of another one where that is given. */
export function newView(kind: View["kind"], personId: string, content: JsonObject, below: View | null = null): View {
  const id = newId("V");
  return {
    id,
    kind,
    personId,
    rootId: below?.rootId ?? id,
    previousId: below?.id ?? null,
    hash: newSecret(),
    content: withIds(content),
    values: {},
  };
}

/** The same view with other content; what was entered stays where its block stays. */
export function withContent(view: View, content: JsonObject): View {
  return { ...view, content: withIds(content), hash: newSecret() };
}

export function modalsOf(state: WorkspaceState, personId: string): readonly View[] {
  return state.modals[personId] ?? [];
}

export function findModal(state: WorkspaceState, viewId: string): View | undefined {
  return Object.values(state.modals)
    .flat()
    .find((view) => view.id === viewId);
}

/** Puts a changed view back in its place. */
export function replaceView(store: WorkspaceStore, view: View): void {
  if (view.kind === "home") {
    store.apply({ kind: "home-changed", home: view });
    return;
  }
  const modals = modalsOf(store.read(), view.personId).map((existing) => (existing.id === view.id ? view : existing));
  store.apply({ kind: "modals-changed", personId: view.personId, modals });
}

function withIds(content: JsonObject): JsonObject {
  return { ...content, blocks: withBlockIds(content["blocks"]) };
}
