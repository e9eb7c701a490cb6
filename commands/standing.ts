import type { Standing } from "../src/domain/approval-policy.ts";
import { UserError } from "../src/errors.ts";
import type { CommandContext } from "./context.ts";

/** User groups' ids begin so, people's with U or W. */
const GROUP = /^S/;

/**
 * Finds whether somebody is on a list of people and user groups, asking Slack only where that depends on a group.
 *
 * @throws {UserError} `group-unknown` where Slack does not say who is in one: nobody is let through by a guess
 */
export async function standingOf(
  userId: string,
  list: readonly string[],
  { messenger, log }: CommandContext,
): Promise<Standing> {
  const alone = { id: userId, groups: [] };
  if (list.includes(userId)) return alone;
  let unanswered: { readonly group: string; readonly cause: unknown } | null = null;
  for (const group of list.filter((id) => GROUP.test(id))) {
    try {
      if ((await messenger.groupMembers(group)).includes(userId)) return { id: userId, groups: [group] };
    } catch (cause) {
      log.warn({ err: cause, group }, "members of a user group not found");
      unanswered = { group, cause };
    }
  }
  if (unanswered === null) return alone;
  const why = unanswered.cause instanceof Error ? ` (${unanswered.cause.message})` : "";
  throw new UserError(
    "group-unknown",
    `Slack does not say who is in the user group ${unanswered.group}${why}, so it cannot be told whether you may do this, and nothing was done. Try again in a minute, or ask somebody whom \`approvals\` in spillway.yaml names themselves.`,
    { cause: unanswered.cause },
  );
}
