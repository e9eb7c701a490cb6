import { announceMessage } from "../events/announce.ts";
import type { WorkspaceParts } from "../parts.ts";
import { postMessage } from "../state/post.ts";
import { DONE, type Outcome } from "./interaction.ts";
import { encodeMentions, escapeText } from "./mentions.ts";
import { channelNamed, personNamed } from "./named.ts";
import { runSlashCommand } from "./slash-command.ts";

/** Somebody wrote something and pressed Enter. */
export interface Saying {
  readonly personId: string;
  readonly channelId: string;
  readonly threadTs: string | null;
  readonly text: string;
}

/** Posts what a person typed, or runs it where it is a slash command. */
export async function say(saying: Saying, parts: WorkspaceParts): Promise<Outcome> {
  const state = parts.store.read();
  const person = personNamed(saying.personId, state);
  const channel = channelNamed(saying.channelId, state);
  const text = saying.text.trim();
  if (text === "") return { kind: "refused", reason: "There is nothing to send" };
  if (text.startsWith("/")) return runSlashCommand({ person, channel, threadTs: saying.threadTs, text }, parts);
  const message = postMessage(parts, {
    channelId: channel.id,
    authorId: person.id,
    text: encodeMentions(escapeText(text), state),
    threadTs: saying.threadTs,
  });
  announceMessage(message, parts);
  return DONE;
}
