import { botPayload } from "../../payloads/message.ts";
import { ApiFailure } from "../failure.ts";
import type { MethodFamily } from "../method.ts";

export const authMethods: MethodFamily = {
  "auth.test": (_args, { store, origin }) => {
    const { team, app } = store.read();
    return {
      url: `${origin()}/`,
      team: team.name,
      user: app.name.toLowerCase(),
      team_id: team.id,
      user_id: app.userId,
      bot_id: app.botId,
      is_enterprise_install: false,
    };
  },

  "apps.connections.open": (_args, { hub, origin }) => ({
    url: `${origin().replace(/^http/, "ws")}/link?ticket=${hub.issueTicket()}`,
  }),

  "bots.info": (args, { store }) => {
    const state = store.read();
    const bot = args.text("bot");
    if (bot !== null && bot !== state.app.botId) throw new ApiFailure("bot_not_found");
    return { bot: botPayload(state) };
  },

  "team.info": (_args, { store }) => {
    const { team } = store.read();
    return { team: { id: team.id, name: team.name, domain: team.domain, email_domain: "", icon: {} } };
  },
};
