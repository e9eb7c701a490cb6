import type { Registry, SlashCommand } from "./command.ts";
import { ROOT_COMMAND } from "./dispatch.ts";
import { cut } from "./escape.ts";

/**
 * Each with what needs it.
 *
 * @source https://docs.slack.dev/reference/scopes
 */
const BOT_SCOPES = [
  // app_mention
  "app_mentions:read",
  // conversations.replies and conversations.history, for messages put on the timeline
  "channels:history",
  // chat.postMessage, chat.postEphemeral, chat.update
  "chat:write",
  // slash commands and message shortcuts
  "commands",
  // files.getUploadURLExternal, files.completeUploadExternal: charts and postmortems
  "files:write",
  // as channels:history, in private channels
  "groups:history",
  // reaction_added, reaction_removed
  "reactions:read",
  // usergroups.users.list, for user groups that may ask and approve
  "usergroups:read",
  // users.info, for names in the records
  "users:read",
] as const;

const BOT_EVENTS = ["app_home_opened", "app_mention", "reaction_added", "reaction_removed"] as const;

/** @source https://docs.slack.dev/reference/app-manifest: 2,000 and 1,000 characters */
const MAX_DESCRIPTION_CHARS = 2_000;
const MAX_USAGE_CHARS = 1_000;

/** What Slack has to be told to make the app: paste it at api.slack.com/apps, "From a manifest". */
export function manifestOf<Context>(registry: Registry<Context>) {
  return {
    display_information: {
      name: "Spillway",
      description: "For people on call when traffic goes wrong",
      long_description:
        "Spillway takes the people on call from “something is hammering us” to “handled, and written down” without leaving the channel. It reads metrics and access logs, says when it began, what explains it and what did not change, proposes blocks and capacity for a second person to approve, checks and undoes what it did, and drafts the postmortem from the timeline.",
      background_color: "#12344d",
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: "Spillway", always_online: true },
      shortcuts: registry.shortcuts.map(({ callbackId, title, summary }) => ({
        name: title,
        type: "message",
        callback_id: callbackId,
        description: capitalise(summary),
      })),
      slash_commands: [
        ...registry.commands.map(slashCommand),
        {
          command: `/${ROOT_COMMAND}`,
          description: "Explains the commands; takes all of them as words, too",
          usage_hint: "help [command]",
          should_escape: false,
        },
      ],
    },
    oauth_config: { scopes: { bot: BOT_SCOPES } },
    settings: {
      event_subscriptions: { bot_events: BOT_EVENTS },
      interactivity: { is_enabled: true },
      org_deploy_enabled: false,
      socket_mode_enabled: true,
      token_rotation_enabled: false,
    },
  };
}

function slashCommand<Context>(command: SlashCommand<Context>) {
  const forms = command.usage.map((form) => form.slice(command.name.length).trim());
  return {
    command: `/${command.name}`,
    description: cut(capitalise(command.summary), MAX_DESCRIPTION_CHARS),
    usage_hint: cut(forms.join(" | "), MAX_USAGE_CHARS),
    // Escaping would turn addresses with a letter in them into links.
    should_escape: false,
  };
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
