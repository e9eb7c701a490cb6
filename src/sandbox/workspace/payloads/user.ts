import type { JsonObject } from "../json.ts";
import type { Person, WorkspaceState } from "../state/workspace-state.ts";

/** A person, or the bot, as users.info shows them. */
export function userPayload(person: Pick<Person, "id" | "name" | "realName">, state: WorkspaceState): JsonObject {
  const isBot = person.id === state.app.userId;
  return {
    id: person.id,
    team_id: state.team.id,
    name: person.name,
    real_name: person.realName,
    deleted: false,
    tz: "Etc/UTC",
    tz_label: "Coordinated Universal Time",
    tz_offset: 0,
    is_bot: isBot,
    is_app_user: false,
    is_admin: false,
    is_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    updated: 0,
    profile: {
      real_name: person.realName,
      display_name: person.realName,
      ...(isBot ? { bot_id: state.app.botId, api_app_id: state.app.id } : {}),
      team: state.team.id,
    },
  };
}

/** The bot as a member of the workspace. */
export function botPerson(state: WorkspaceState): Pick<Person, "id" | "name" | "realName"> {
  return { id: state.app.userId, name: state.app.name.toLowerCase(), realName: state.app.name };
}
