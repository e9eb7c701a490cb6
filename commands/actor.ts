import type { Person } from "../src/domain/proposal.ts";
import type { CommandContext } from "./context.ts";

/** Who acts, by the name shown now; what Slack sent along where it does not say more. The id is always theirs. */
export async function actorOf(
  by: { readonly userId: string; readonly userName: string },
  { messenger, log }: CommandContext,
): Promise<Person> {
  try {
    return await messenger.person(by.userId);
  } catch (error) {
    log.warn({ err: error, userId: by.userId }, "name not found");
    return { id: by.userId, name: by.userName };
  }
}
