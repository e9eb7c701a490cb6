import { isObject, type JsonObject } from "../json.ts";
import { checkView } from "../limits/view.ts";
import type { WorkspaceParts } from "../parts.ts";
import { viewPayload } from "../payloads/view.ts";
import { findModal, MAX_MODALS, modalsOf, newView, replaceView, withContent } from "../state/modals.ts";
import type { View } from "../state/workspace-state.ts";
import { DONE, interactionBase, type Outcome } from "./interaction.ts";
import { personNamed, UnknownThing } from "./named.ts";

export interface Submission {
  readonly personId: string;
  readonly viewId: string;
  readonly values: JsonObject;
}

/** Sends a modal to the app, and does with the modal what it answers. */
export async function submitModal(act: Submission, parts: WorkspaceParts): Promise<Outcome> {
  const view = { ...modalNamed(act.viewId, parts), values: act.values };
  replaceView(parts.store, view);
  const delivery = await parts.hub.deliver({
    type: "interactive",
    payload: {
      type: "view_submission",
      ...interactionBase(personNamed(act.personId, parts.store.read()), parts),
      view: viewPayload(view, parts.store.read()),
      response_urls: [],
    },
    acceptsResponse: true,
  });
  if (delivery.kind === "acknowledged") return answerSubmission(view, delivery.payload, parts);
  return { kind: "no-response", reason: delivery.kind === "timed-out" ? "timed-out" : "not-connected" };
}

/** Closes the modal on top; the app is told where it asked to be. */
export async function closeModal(
  act: { readonly personId: string; readonly viewId: string; readonly isCleared: boolean },
  parts: WorkspaceParts,
): Promise<Outcome> {
  const state = parts.store.read();
  const view = modalNamed(act.viewId, parts);
  const stack = modalsOf(state, act.personId);
  setStack(act.personId, act.isCleared ? [] : stack.filter(({ id }) => id !== view.id), parts);
  if (view.content["notify_on_close"] !== true) return DONE;
  await parts.hub.deliver({
    type: "interactive",
    payload: {
      type: "view_closed",
      ...interactionBase(personNamed(act.personId, state), parts),
      view: viewPayload(view, state),
      is_cleared: act.isCleared,
    },
    acceptsResponse: false,
  });
  return DONE;
}

function answerSubmission(view: View, answer: JsonObject, parts: WorkspaceParts): Outcome {
  const stack = modalsOf(parts.store.read(), view.personId);
  switch (answer["response_action"]) {
    case "errors":
      return { kind: "field-errors", errors: errorsIn(answer["errors"]) };
    case "clear":
      return setStack(view.personId, [], parts);
    case "update":
    case "push":
      return showNext(view, answer, stack, parts);
    default:
      return setStack(
        view.personId,
        stack.filter(({ id }) => id !== view.id),
        parts,
      );
  }
}

function showNext(view: View, answer: JsonObject, stack: readonly View[], parts: WorkspaceParts): Outcome {
  const content = answer["view"];
  const { files } = parts.store.read();
  const [problem] = checkView(content, (id) => files[id]?.isComplete === true);
  if (problem !== undefined || !isObject(content)) {
    return { kind: "refused", reason: `The app's answer was refused: ${problem?.message} ${problem?.pointer}` };
  }
  if (answer["response_action"] === "update") {
    replaceView(parts.store, withContent(view, content));
    return DONE;
  }
  if (stack.length >= MAX_MODALS) return { kind: "refused", reason: "Three modals are open already" };
  return setStack(view.personId, [...stack, newView("modal", view.personId, content, view)], parts);
}

function errorsIn(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([blockId, message]) => [blockId, String(message)]));
}

function setStack(personId: string, modals: readonly View[], parts: WorkspaceParts): Outcome {
  parts.store.apply({ kind: "modals-changed", personId, modals });
  return DONE;
}

function modalNamed(viewId: string, parts: WorkspaceParts): View {
  const view = findModal(parts.store.read(), viewId);
  if (view === undefined) throw new UnknownThing(`There is no modal ${viewId}`);
  return view;
}
