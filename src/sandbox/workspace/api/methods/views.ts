import type { JsonObject } from "../../json.ts";
import { checkView } from "../../limits/view.ts";
import type { WorkspaceParts } from "../../parts.ts";
import { viewPayload } from "../../payloads/view.ts";
import { findModal, MAX_MODALS, modalsOf, newView, replaceView, withContent } from "../../state/modals.ts";
import type { View } from "../../state/workspace-state.ts";
import type { Args } from "../args.ts";
import { ApiFailure, refuseProblems } from "../failure.ts";
import type { MethodFamily } from "../method.ts";

export const viewMethods: MethodFamily = {
  "views.open": (args, parts) => {
    const content = viewIn(args, parts, "modal");
    const personId = personOf(args, parts);
    const view = newView("modal", personId, content);
    parts.store.apply({ kind: "modals-changed", personId, modals: [view] });
    return answer(view, parts);
  },

  "views.push": (args, parts) => {
    const content = viewIn(args, parts, "modal");
    const personId = personOf(args, parts);
    const stack = modalsOf(parts.store.read(), personId);
    if (stack.length === 0) throw new ApiFailure("not_found");
    if (stack.length >= MAX_MODALS) throw new ApiFailure("push_limit_reached");
    const view = newView("modal", personId, content, stack.at(-1));
    parts.store.apply({ kind: "modals-changed", personId, modals: [...stack, view] });
    return answer(view, parts);
  },

  "views.update": (args, parts) => {
    const content = viewIn(args, parts, "modal");
    const before = viewNamed(args, parts);
    const hash = args.text("hash");
    if (hash !== null && hash !== before.hash) throw new ApiFailure("hash_conflict");
    const view = withContent(before, content);
    replaceView(parts.store, view);
    return answer(view, parts);
  },

  "views.publish": (args, parts) => {
    const content = viewIn(args, parts, "home");
    const state = parts.store.read();
    const personId = args.requiredText("user_id");
    if (!state.people.some(({ id }) => id === personId)) throw new ApiFailure("user_not_found");
    const before = state.homes[personId];
    const hash = args.text("hash");
    if (hash !== null && before !== undefined && hash !== before.hash) throw new ApiFailure("hash_conflict");
    const view = before === undefined ? newView("home", personId, content) : withContent(before, content);
    replaceView(parts.store, view);
    return answer(view, parts);
  },
};

function viewIn(args: Args, parts: WorkspaceParts, kind: View["kind"]): JsonObject {
  const { files } = parts.store.read();
  const content = args.object("view");
  refuseProblems(
    "invalid_arguments",
    checkView(content, (id) => files[id]?.isComplete === true),
  );
  if (content?.["type"] !== kind) {
    throw new ApiFailure("invalid_arguments", [{ pointer: "/view/type", message: `must be ${kind}` }]);
  }
  return content;
}

function personOf(args: Args, parts: WorkspaceParts): string {
  const redeemed = parts.triggers.redeem(args.requiredText("trigger_id"));
  if ("error" in redeemed) throw new ApiFailure(redeemed.error);
  return redeemed.personId;
}

function viewNamed(args: Args, parts: WorkspaceParts): View {
  const state = parts.store.read();
  const viewId = args.text("view_id");
  const externalId = args.text("external_id");
  const found =
    viewId === null
      ? Object.values(state.modals)
          .flat()
          .find((view) => externalId !== null && view.content["external_id"] === externalId)
      : findModal(state, viewId);
  if (found === undefined) throw new ApiFailure("not_found");
  return found;
}

function answer(view: View, parts: WorkspaceParts): JsonObject {
  return { view: viewPayload(view, parts.store.read()) };
}
