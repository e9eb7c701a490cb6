import { UserError } from "../errors.ts";

/** @throws {UserError} `scale-over-max` where more are wanted than `whose` bound allows */
export function refuseOver(max: number, instances: number, whose: string): void {
  if (instances <= max) return;
  throw new UserError(
    "scale-over-max",
    `${instances} instances are more than ${max}, ${whose}. Nothing was changed; ask for ${max} or fewer.`,
  );
}
