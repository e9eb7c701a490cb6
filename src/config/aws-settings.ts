import { UserError } from "../errors.ts";
import type { Environment } from "./environment.ts";

/** Where AWS is called. Keys come from the SDK's usual places, never from here. */
export interface AwsSettings {
  readonly region: string;
  /** Stands in for AWS where set: moto, LocalStack, the sandbox. */
  readonly endpoint?: string;
  /** In place of the usual; given by tests. */
  readonly patience?: AwsPatience;
}

/** How long AWS is waited for, and how often it is asked the same. */
export interface AwsPatience {
  /** The SDK's own tries at one call, with its own backoff; what fails then is for the queue. */
  readonly attempts: number;
  readonly connectMs: number;
  /** Until the answer begins. */
  readonly answerMs: number;
  /** Of silence within an answer. */
  readonly silenceMs: number;
}

/**
 * Gives what an adapter needs to call AWS.
 *
 * @param region of the one service, where `spillway.yaml` names it
 * @throws {UserError} `aws-region-missing` where neither that nor AWS_REGION is set
 */
export function awsSettings(env: Environment, region?: string): AwsSettings {
  const chosen = region ?? env.AWS_REGION;
  if (chosen === undefined) {
    throw new UserError(
      "aws-region-missing",
      "A service in spillway.yaml uses AWS, but no region is set: set AWS_REGION (eu-west-1, say), or `region` beside the service's `kind`.",
    );
  }
  return { region: chosen, ...(env.AWS_ENDPOINT_URL !== undefined && { endpoint: env.AWS_ENDPOINT_URL }) };
}
