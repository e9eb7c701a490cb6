import { expect, it } from "@jest/globals";
import { completeIntake } from "../../src/store/stored-intake.ts";
import { buildIntake } from "../support/build-finding.ts";

it("gives intakes of earlier versions what they lack, and leaves others as they are", () => {
  const whole = buildIntake({ headers: 3 });
  const { headers: _, detected: __, coverage: ___, ...old } = whole;

  const byAthena = buildIntake({ athena: { queries: 4, scannedBytes: 1, usd: 0.1 } });

  expect(completeIntake(whole)).toEqual(whole);
  expect(completeIntake(byAthena)).toEqual(byAthena);
  expect(completeIntake(old)).toEqual({ ...old, headers: 0, detected: [], coverage: null });
});
