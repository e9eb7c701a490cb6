import type { Problem } from "../limits/check.ts";

/** A call that Slack answers with `ok: false`. */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure";
  /** Slack's name of it: "channel_not_found". */
  readonly code: string;
  readonly problems: readonly Problem[];

  constructor(code: string, problems: readonly Problem[] = []) {
    super(code);
    this.code = code;
    this.problems = problems;
  }
}

/** Fails the call where there is anything to complain about. */
export function refuseProblems(code: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new ApiFailure(code, problems);
}
