import type { JsonObject } from "../json.ts";
import type { View, WorkspaceState } from "../state/workspace-state.ts";

/** A modal or Home as the Web API and the interactions show it, with what was entered. */
export function viewPayload(view: View, state: WorkspaceState): JsonObject {
  return {
    private_metadata: "",
    callback_id: "",
    external_id: "",
    clear_on_close: false,
    notify_on_close: false,
    close: null,
    submit: null,
    ...view.content,
    id: view.id,
    team_id: state.team.id,
    app_id: state.app.id,
    app_installed_team_id: state.team.id,
    bot_id: state.app.botId,
    hash: view.hash,
    root_view_id: view.rootId,
    previous_view_id: view.previousId,
    state: { values: view.values },
  };
}
