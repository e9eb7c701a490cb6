import type { Click } from "../acts/click.ts";
import type { Outcome } from "../acts/interaction.ts";
import type { PickedShortcut } from "../acts/shortcut.ts";
import type { JsonObject } from "../json.ts";

type Place = { readonly channelId: string; readonly ts: string };

/** What a person can do; each act says how it ended. */
export interface Acts {
  say(saying: {
    readonly channelId: string;
    readonly threadTs: string | null;
    readonly text: string;
  }): Promise<Outcome>;
  click(click: Omit<Click, "personId">): Promise<Outcome>;
  submitModal(submission: { readonly viewId: string; readonly values: JsonObject }): Promise<Outcome>;
  closeModal(closing: { readonly viewId: string; readonly isCleared: boolean }): Promise<Outcome>;
  shortcut(picked: Omit<PickedShortcut, "personId">): Promise<Outcome>;
  react(reaction: Place & { readonly name: string }): Promise<Outcome>;
  openApp(tab: "home" | "messages"): Promise<Outcome>;
  dismiss(place: Place): Promise<Outcome>;
}

/** The acts of one person. */
export function actsOf(personId: string): Acts {
  const post = async (name: string, fields: object): Promise<Outcome> => {
    try {
      const response = await fetch(`/page/${name}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ personId, ...fields }),
      });
      if (response.ok) return (await response.json()) as Outcome;
      return { kind: "refused", reason: `The sandbox answered ${response.status}` };
    } catch {
      return { kind: "refused", reason: "The sandbox is not running" };
    }
  };
  return {
    say: (saying) => post("say", saying),
    click: (click) => post("click", click),
    submitModal: (submission) => post("submit-modal", submission),
    closeModal: (closing) => post("close-modal", closing),
    shortcut: (picked) => post("shortcut", picked),
    react: (reaction) => post("react", reaction),
    openApp: (tab) => post("open-app", { tab }),
    dismiss: (place) => post("dismiss", place),
  };
}

/** What to tell the person; null where everything went as it should. */
export function complaintOf(outcome: Outcome, appName: string): string | null {
  switch (outcome.kind) {
    case "done":
    case "field-errors":
      return null;
    case "no-response":
      return outcome.reason === "timed-out" ? `${appName} did not respond in time` : `${appName} is not connected`;
    case "refused":
      return outcome.reason;
  }
}
