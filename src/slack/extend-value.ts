import { UserError } from "../errors.ts";

/**
 * What the button to extend carries: the proposal, and the end that it shows. The second of two clicks would extend from
 * an end that is not there any more.
 */
export function writeExtendValue(proposalId: string, endsMs: number): string {
  return `${proposalId} ${endsMs}`;
}

/** @throws {UserError} `button-outdated` for a button of an earlier version */
export function readExtendValue(value: string): { readonly proposalId: string; readonly endsMs: number } {
  const [proposalId = "", endsText = ""] = value.split(" ");
  const endsMs = Number(endsText);
  if (endsText === "" || !Number.isSafeInteger(endsMs)) {
    throw new UserError(
      "button-outdated",
      "This button is too old; nothing was changed. `/blocks` lists what is blocked.",
    );
  }
  return { proposalId, endsMs };
}
