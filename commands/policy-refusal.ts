import type { Person } from "../src/domain/proposal.ts";
import { UserError } from "../src/errors.ts";
import type { CommandContext } from "./context.ts";

/**
 * Makes the error that tells somebody that the policy or a guard says no, and puts it in the audit log. Where that
 * cannot be written they are told all the same: nothing was changed.
 */
export async function policyRefusal(
  refusal: {
    readonly code: string;
    readonly reason: string;
    readonly actor: Person;
    /** What was asked for: "approve". */
    readonly act: string;
    readonly proposalId?: string;
    readonly incidentId?: string | null;
    readonly details?: Readonly<Record<string, unknown>>;
  },
  { store, clock, log }: CommandContext,
): Promise<UserError> {
  const { code, reason, actor, act, proposalId = null, incidentId = null, details = {} } = refusal;
  try {
    const entry = { kind: "policy-refusal", atMs: clock.now(), actor, proposalId, incidentId } as const;
    await store.recordAudit({ ...entry, details: { act, code, reason, ...details } });
  } catch (error) {
    log.error({ err: error, code }, "refusal not in the audit log");
  }
  return new UserError(code, reason);
}
