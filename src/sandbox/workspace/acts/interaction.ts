import type { JsonObject } from "../json.ts";
import type { WorkspaceParts } from "../parts.ts";
import type { ResponseTarget } from "../response-urls.ts";
import type { Person } from "../state/workspace-state.ts";

/** What every interaction tells the app: who, where from, and how to open a modal. */
export function interactionBase(person: Person, parts: WorkspaceParts): JsonObject {
  const { team, app } = parts.store.read();
  return {
    token: "sandbox",
    api_app_id: app.id,
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
    user: { id: person.id, username: person.name, name: person.name, team_id: team.id },
    trigger_id: parts.triggers.issue(person.id),
  };
}

export function responseUrl(target: ResponseTarget, parts: WorkspaceParts): string {
  return parts.origin() + parts.responseUrls.issue(target);
}

/** What the page is told of an act. */
export type Outcome =
  | { readonly kind: "done" }
  /** The app is not connected, or did not acknowledge in time. */
  | { readonly kind: "no-response"; readonly reason: "not-connected" | "timed-out" }
  /** What is wrong, by block. */
  | { readonly kind: "field-errors"; readonly errors: Readonly<Record<string, string>> }
  | { readonly kind: "refused"; readonly reason: string };

export const DONE: Outcome = { kind: "done" };
