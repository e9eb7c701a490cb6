import type { LogReadRequest, PriceEstimate, ReadProgress } from "../src/ports/log-reader.ts";
import { throttleUpdates } from "../src/slack/throttle.ts";
import { progressMessage, type Stage } from "../src/slack/views/progress.ts";
import type { JobContext } from "./context.ts";

export interface ShownProgress extends Required<Pick<LogReadRequest, "onProgress" | "onEstimate">> {
  say(stage: Stage): void;
  /** What is sent after it stays. */
  stop(): Promise<void>;
}

/** Shows how far a question has come in the message that waits for its answer, at a pace that Slack takes. */
export function showProgress(
  question: Pick<Parameters<typeof progressMessage>[0], "service" | "window" | "investigationId">,
  message: { readonly channelId: string; readonly ts: string },
  { messenger, clock }: JobContext,
): ShownProgress {
  const updates = throttleUpdates((shown) => messenger.update(message, shown), clock);
  let estimate: PriceEstimate | null = null;
  const say = (stage: Stage, progress: ReadProgress | null = null) =>
    updates.offer(progressMessage({ ...question, stage, progress, estimate }));
  return {
    say,
    onProgress: (read) => say("reading", read),
    async onEstimate(told) {
      estimate = told;
      say("asking");
      // The price is to be seen before anything runs that costs it.
      await updates.sent();
      return true;
    },
    stop: updates.stop,
  };
}
