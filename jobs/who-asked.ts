import type { Person } from "../src/domain/proposal.ts";
import type { JobContext } from "./context.ts";

/** Who asked for a job, by the name shown now. Nothing is left undone because Slack does not tell a name. */
export async function whoAsked(userId: string, { messenger, log }: JobContext): Promise<Person> {
  try {
    return await messenger.person(userId);
  } catch (error) {
    log.warn({ err: error, userId }, "name not found");
    return { id: userId, name: userId };
  }
}
