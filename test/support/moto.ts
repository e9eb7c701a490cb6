/** A real moto server for one test file: AWS's protocols without AWS. */
import { afterAll, beforeAll, beforeEach } from "@jest/globals";
import type { AwsSettings } from "../../src/config/aws-settings.ts";
import { describeWith } from "./describe-with.ts";
import { MOTO_START_TIMEOUT_MS, type MotoServer, startMoto } from "./moto-server.ts";

const REGION = "eu-west-1";

export interface Moto {
  /** Filled when the tests run. */
  readonly aws: AwsSettings;
}

/** A `describe` whose tests have an empty moto server each; where moto is not installed, they are skipped and say so. */
export function describeWithMoto(name: string, tests: (moto: Moto) => void): void {
  describeWith(MOTO, name, (path) => {
    const moto: { aws: AwsSettings } = { aws: { region: REGION } };
    let server: MotoServer | null = null;

    beforeAll(async () => {
      server = await startMoto(path);
      moto.aws = { region: REGION, endpoint: server.url };
    }, MOTO_START_TIMEOUT_MS + 5_000);

    beforeEach(async () => {
      await fetch(`${moto.aws.endpoint}/moto-api/reset`, { method: "POST" });
    });

    afterAll(() => server?.stop());

    tests(moto);
  });
}

/** What is said where it is missing. */
export const MOTO = { name: "moto_server", install: "pip install 'moto[server]'" } as const;
