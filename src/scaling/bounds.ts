import { UserError } from "../errors.ts";

/** Names the bound of what is scaled itself, and what may be done about it. */
export function ownMaximum(of: string): string {
  return `the maximum of ${of}; raise it in AWS first, or let Spillway do so with \`scaling.mayRaiseMax: true\` in spillway.yaml and ask again`;
}

/** @throws {UserError} `scale-over-max` where more are wanted than `whose` bound allows */
export function refuseOver(max: number, instances: number, whose: string): void {
  if (instances <= max) return;
  throw new UserError(
    "scale-over-max",
    `${instances} instances are more than ${max}, ${whose}. Nothing was changed; ask for ${max} or fewer.`,
  );
}
