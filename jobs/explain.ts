import { UpstreamError, UserError } from "../src/errors.ts";
import type { JobContext } from "./context.ts";

/**
 * Says what went wrong in sentences for people. A mistake of our own is logged, and named by the id it has there: its
 * message may hold anything.
 */
export function explain(error: unknown, context: Pick<JobContext, "ids" | "log">): string {
  const isPassing = error instanceof UpstreamError && error.retryable;
  return `${explainOnce(error, context)}${isPassing ? " It was tried several times; try again in a minute." : ""}`;
}

/** Says only what went wrong, for what is tried again by itself. */
export function explainOnce(error: unknown, context: Pick<JobContext, "ids" | "log">): string {
  if (error instanceof UserError || error instanceof UpstreamError) return sentence(error.message);
  const errorId = context.ids.next();
  context.log.error({ err: error, errorId }, "job failed");
  return `Something went wrong in Spillway itself. The log has it as ${errorId}.`;
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
