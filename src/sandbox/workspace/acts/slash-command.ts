import { type JsonObject, textOf } from "../json.ts";
import type { WorkspaceParts } from "../parts.ts";
import { postMessage } from "../state/post.ts";
import { type Channel, type Person, SLACKBOT_ID } from "../state/workspace-state.ts";
import { applyResponse } from "./app-response.ts";
import { DONE, type Outcome, responseUrl } from "./interaction.ts";
import { encodeMentions } from "./mentions.ts";

export interface TypedCommand {
  readonly person: Person;
  readonly channel: Channel;
  readonly threadTs: string | null;
  /** The whole line, with the slash. */
  readonly text: string;
}

/** Sends a slash command to the app, and shows what it acknowledges with, or that it did not. */
export async function runSlashCommand(typed: TypedCommand, parts: WorkspaceParts): Promise<Outcome> {
  const [command = "", ...words] = typed.text.split(/(?<=^\S+)\s+/);
  const known = parts.manifest.features?.slash_commands;
  const registered = known?.find((candidate) => candidate.command === command);
  if (known !== undefined && registered === undefined) {
    return tell(
      typed,
      `\`${command}\` is not a valid command. In Slack, all messages that start with "/" are commands.`,
      parts,
    );
  }
  if (typed.threadTs !== null) return tell(typed, `${command} is not supported in threads. Sorry!`, parts);
  const text = words.join(" ");
  const delivery = await parts.hub.deliver({
    type: "slash_commands",
    payload: payloadOf(
      typed,
      command,
      registered?.should_escape ? encodeMentions(text, parts.store.read()) : text,
      parts,
    ),
    acceptsResponse: true,
  });
  switch (delivery.kind) {
    case "no-connection":
      return tell(typed, `${command} failed with the error "dispatch_failed"`, parts);
    case "timed-out":
      return tell(typed, `${command} failed because the app did not respond`, parts);
    case "acknowledged":
      if (textOf(delivery.payload["text"]) !== null || Array.isArray(delivery.payload["blocks"])) {
        applyResponse(delivery.payload, targetOf(typed), parts);
      }
      return DONE;
  }
}

function payloadOf(typed: TypedCommand, command: string, text: string, parts: WorkspaceParts): JsonObject {
  const { team, app } = parts.store.read();
  return {
    token: "sandbox",
    team_id: team.id,
    team_domain: team.domain,
    channel_id: typed.channel.id,
    channel_name: typed.channel.kind === "im" ? "directmessage" : typed.channel.name,
    user_id: typed.person.id,
    user_name: typed.person.name,
    command,
    text,
    api_app_id: app.id,
    is_enterprise_install: "false",
    response_url: responseUrl(targetOf(typed), parts),
    trigger_id: parts.triggers.issue(typed.person.id),
  };
}

function targetOf(typed: TypedCommand) {
  return { channelId: typed.channel.id, personId: typed.person.id, threadTs: null, messageTs: null };
}

/** Slackbot tells the person, and nobody else. */
function tell(typed: TypedCommand, text: string, parts: WorkspaceParts): Outcome {
  postMessage(parts, {
    channelId: typed.channel.id,
    authorId: SLACKBOT_ID,
    text,
    threadTs: typed.threadTs,
    visibleTo: typed.person.id,
  });
  return DONE;
}
