/** How AWS is called, and what its failures mean to us. */
import { actedFor } from "./acting-for.ts";
import type { AwsPatience, AwsSettings } from "./config/aws-settings.ts";
import { UpstreamError, UserError } from "./errors.ts";

const PATIENCE: AwsPatience = { attempts: 4, connectMs: 3_000, answerMs: 15_000, silenceMs: 30_000 };

/** Gives the settings that every AWS client of ours is made with. */
export function awsClientOptions(aws: AwsSettings) {
  const { attempts, connectMs, answerMs, silenceMs } = aws.patience ?? PATIENCE;
  return {
    region: aws.region,
    ...(aws.endpoint !== undefined && { endpoint: aws.endpoint }),
    maxAttempts: attempts,
    requestHandler: {
      connectionTimeout: connectMs,
      requestTimeout: answerMs,
      socketTimeout: silenceMs,
      // Without it the SDK only warns, and waits on.
      throwOnRequestTimeout: true,
    },
  };
}

type UserAgentPair = [name: string, version?: string];
type Middleware = (
  next: (args: object) => Promise<object>,
  context: { userAgent?: UserAgentPair[] },
) => (args: object) => Promise<object>;

/**
 * Makes a client say in each call what it is made for: `spillway/proposal#ID spillway/incident#ID` in the user agent,
 * which CloudTrail keeps. Clients of anything that changes something have to be made so.
 *
 * @source https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 * `userAgent`, at most 1 KB
 */
export function sayingWhatFor<Client extends { readonly middlewareStack: object }>(client: Client): Client {
  const stack = client.middlewareStack as { add(middleware: Middleware, options: object): void };
  const middleware: Middleware = (next, context) => (args) => {
    context.userAgent = [...(context.userAgent ?? []), ...userAgentPairs()];
    return next(args);
  };
  stack.add(middleware, { step: "initialize", name: "sayingWhatFor", override: true });
  return client;
}

/** One joined write may be for hundreds of proposals; so many fit with what the SDK itself says. */
const MAX_NAMED = 6;

function userAgentPairs(): readonly UserAgentPair[] {
  const all = actedFor();
  if (all.length === 0) return [["spillway"]];
  return all.slice(0, MAX_NAMED).flatMap(({ proposalId, incidentId }): UserAgentPair[] => {
    const proposal: UserAgentPair = ["spillway/proposal", proposalId];
    return incidentId === null ? [proposal] : [proposal, ["spillway/incident", incidentId]];
  });
}

/** What a call was for, to tell people when it fails. */
export interface AwsCall {
  /** A clause: "read IP set spillway-v4". */
  readonly doing: string;
  /** The IAM action that it needs: "wafv2:GetIPSet". */
  readonly permission: string;
}

const THROTTLED = new Set([
  "BandwidthLimitExceeded",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  "Throttling",
  "ThrottlingException",
  "ThrottledException",
  "TooManyRequestsException",
]);
/** Another change to the same thing is under way. */
const BUSY = new Set([
  "ConcurrentUpdateException",
  "ResourceContention",
  "ResourceContentionFault",
  "ScalingActivityInProgress",
  "ScalingActivityInProgressFault",
  "UpdateInProgressException",
  "WAFUnavailableEntityException",
]);
const UNREACHABLE = new Set([
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "TimeoutError",
]);
const BAD_CREDENTIALS = new Set([
  "CredentialsProviderError",
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidAccessKeyId",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
]);
const DENIED = /^AccessDenied|^UnauthorizedOperation$|^NotAuthorized|^AccountProblem$/;
const NOT_FOUND = /NonexistentItem|NotFound|^NoSuch/;

/**
 * Turns a failure of the AWS SDK into one of ours: retryable where AWS is busy, down or out of reach, and else with
 * what to do about it. Our own errors, aborts and bugs stay as they are.
 */
export function translateAwsError(error: unknown, { doing, permission }: AwsCall): Error {
  if (error instanceof UserError || error instanceof UpstreamError) return error;
  const failure = readFailure(error);
  if (failure.name === "AbortError") return error as Error;
  const { cause, status, labels, retryAfterSecs } = failure;
  const could = `Could not ${doing}`;
  const is = (known: { has(label: string): boolean }) => labels.some((label) => known.has(label));

  if (is(THROTTLED) || status === 429) {
    const message = `${could}: AWS limits how often it is called, by everybody in the account together.`;
    return new UpstreamError("aws-throttled", message, { cause, retryable: true, retryAfterSecs });
  }
  if (is(UNREACHABLE)) {
    const message = `${could}: AWS did not answer (${labels.join(", ")}).`;
    return new UpstreamError("aws-unreachable", message, { cause, retryable: true });
  }
  if (is(BUSY)) {
    const message = `${could}: AWS is busy with another change to it.`;
    return new UpstreamError("aws-busy", message, { cause, retryable: true, retryAfterSecs });
  }
  if (is(BAD_CREDENTIALS)) {
    const message = `${could}: AWS did not take the credentials (${failure.name}). Give the process a role, or AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`;
    return new UpstreamError("aws-credentials", message, { cause, retryable: false });
  }
  if (labels.some((label) => DENIED.test(label)) || status === 403) {
    const message = `${could}: AWS denied it. Allow ${permission} in the policy of Spillway's role.`;
    return new UpstreamError("aws-access-denied", message, { cause, retryable: false });
  }
  if (labels.some((label) => NOT_FOUND.test(label)) || status === 404) {
    const message = `${could}: there is no such thing in this account and region. Check names, ids and region in spillway.yaml.`;
    return new UpstreamError("aws-not-found", message, { cause, retryable: false });
  }
  if (status >= 500) {
    const message = `${could}: AWS answered ${status}.`;
    return new UpstreamError("aws-down", message, { cause, retryable: true, retryAfterSecs });
  }
  if (status >= 200 && status < 300) {
    const message = `${could}: AWS's answer was cut short, or something else answered in its place.`;
    return new UpstreamError("aws-garbled", message, { cause, retryable: true });
  }
  if (!failure.isAnswer && cause instanceof Error) return cause;
  const message = `${could}: AWS refused it (${failure.name}: ${failure.message}).`;
  return new UpstreamError("aws-refused", message, { cause, retryable: false });
}

/** Runs one call, and translates its failure. */
export async function callAws<Answer>(call: AwsCall, send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    throw translateAwsError(error, call);
  }
}

interface Failure {
  readonly cause: unknown;
  readonly name: string;
  readonly message: string;
  /** Name and code: a failed connection has its label in either. */
  readonly labels: readonly string[];
  /** Whether it came back from a call, and is no bug on our side of it. */
  readonly isAnswer: boolean;
  /** 0 where AWS did not answer. */
  readonly status: number;
  readonly retryAfterSecs: number | null;
}

function readFailure(cause: unknown): Failure {
  const error = (typeof cause === "object" && cause !== null ? cause : {}) as {
    readonly name?: string;
    readonly code?: unknown;
    readonly message?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
  };
  const name = error.name ?? "Error";
  const retryAfter = Number(error.$response?.headers?.["retry-after"]);
  return {
    cause,
    name,
    message: error.message ?? String(cause),
    labels: [name, ...(typeof error.code === "string" ? [error.code] : [])],
    isAnswer: error.$metadata !== undefined,
    status: error.$metadata?.httpStatusCode ?? 0,
    retryAfterSecs: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null,
  };
}
