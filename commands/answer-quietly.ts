import { noticeMessage } from "../src/slack/views/failure.ts";
import type { CommandContext } from "./context.ts";

/** Who clicked, or sent a form, and where they are to be answered. */
export interface Asker {
  readonly userId: string;
  readonly userName: string;
  readonly channelId: string;
  readonly threadTs: string | null;
}

/** Tells one person what became of their click. What was decided stands whether or not Slack takes the answer. */
export async function answerQuietly(to: Asker, text: string, { messenger, log }: CommandContext): Promise<void> {
  try {
    await messenger.whisper(to, noticeMessage(text));
  } catch (error) {
    log.warn({ err: error }, "answer not shown");
  }
}
