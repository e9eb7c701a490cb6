import type { Intake } from "../domain/traffic.ts";

/** What was added to an intake after rows of it were kept. */
type AddedLater = "headers" | "detected" | "coverage";
export type StoredIntake = Omit<Intake, AddedLater> & Partial<Pick<Intake, AddedLater>>;

/** Gives a kept intake what rows of earlier versions lack. */
export function completeIntake(stored: StoredIntake): Intake {
  return { headers: 0, detected: [], coverage: null, ...stored };
}
