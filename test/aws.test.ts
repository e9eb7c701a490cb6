import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ListIPSetsCommand, WAFV2Client } from "@aws-sdk/client-wafv2";
import { describe, expect, it } from "@jest/globals";
import { awsClientOptions, callAws, translateAwsError } from "../src/aws.ts";
import { awsSettings } from "../src/config/aws-settings.ts";
import { readEnvironment } from "../src/config/environment.ts";
import { UserError } from "../src/errors.ts";

const call = { doing: "read IP set blocked-v4", permission: "wafv2:GetIPSet" };

function awsError(name: string, status: number | null, extra: object = {}): Error {
  const $metadata = status === null ? {} : { httpStatusCode: status };
  return Object.assign(new Error(`${name} happened`), { name, $metadata, ...extra });
}

describe("a failure of AWS", () => {
  it.each([
    ["ThrottlingException", 400, "aws-throttled", true],
    ["SlowDown", 503, "aws-throttled", true],
    ["Unknown", 429, "aws-throttled", true],
    ["ResourceContentionFault", 500, "aws-busy", true],
    ["TimeoutError", null, "aws-unreachable", true],
    ["WAFInternalErrorException", 500, "aws-down", true],
    ["SyntaxError", 503, "aws-down", true],
    ["SyntaxError", 200, "aws-garbled", true],
    ["AccessDenied", 403, "aws-access-denied", false],
    ["AccessDeniedException", 400, "aws-access-denied", false],
    ["CredentialsProviderError", null, "aws-credentials", false],
    ["ExpiredToken", 403, "aws-credentials", false],
    ["WAFNonexistentItemException", 400, "aws-not-found", false],
    ["NoSuchBucket", 404, "aws-not-found", false],
    ["WAFInvalidParameterException", 400, "aws-refused", false],
    ["WAFLimitsExceededException", 400, "aws-refused", false],
  ])("%s (%s) is %s", (name, status, code, retryable) => {
    const cause = awsError(name, status);

    const error = translateAwsError(cause, call);

    expect(error).toMatchObject({ name: "UpstreamError", code, retryable, cause });
    expect(error.message).toMatch(/^Could not read IP set blocked-v4: /);
  });

  it("is told by its code where a connection failed", () => {
    expect(translateAwsError(awsError("Error", null, { code: "ECONNREFUSED" }), call)).toMatchObject({
      code: "aws-unreachable",
      message: "Could not read IP set blocked-v4: AWS did not answer (Error, ECONNREFUSED).",
    });
  });

  it("carries how long AWS asked us to wait", () => {
    const error = awsError("ServiceUnavailable", 503, { $response: { headers: { "retry-after": "7" } } });

    expect(translateAwsError(error, call)).toMatchObject({ retryAfterSecs: 7 });
  });

  it.each([
    ["our own error", new UserError("scale-over-max", "9 are more than 8")],
    ["an abort", awsError("AbortError", null)],
    ["a bug", new TypeError("x is undefined")],
  ])("is none in %s, which stays as it is", (_, error) => {
    expect(translateAwsError(error, call)).toBe(error);
  });

  it("is read off what a real client throws", async () => {
    const server = createServer((_, response) =>
      response.writeHead(503, { "retry-after": "3" }).end("<html>busy</html>"),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const settings = { ...awsClientOptions({ region: "eu-west-1", endpoint }), credentials, maxAttempts: 1 };
    const list = () => new WAFV2Client(settings).send(new ListIPSetsCommand({ Scope: "REGIONAL" }));

    await expect(callAws(call, list)).rejects.toMatchObject({ code: "aws-down", retryAfterSecs: 3 });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe("where AWS is called", () => {
  const env = (variables: Record<string, string>) =>
    readEnvironment({ SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xapp-1", ...variables });

  it.each([
    [{ AWS_REGION: "eu-west-1" }, undefined, { region: "eu-west-1" }],
    [{ AWS_REGION: "eu-west-1" }, "us-east-1", { region: "us-east-1" }],
    [
      { AWS_ENDPOINT_URL: "http://127.0.0.1:5000" },
      "us-east-1",
      { region: "us-east-1", endpoint: "http://127.0.0.1:5000" },
    ],
  ])("is told by %j and the service's region %j", (variables, region, settings) => {
    expect(awsSettings(env(variables as Record<string, string>), region)).toEqual(settings);
  });

  it("has to be told", () => {
    expect(() => awsSettings(env({}))).toThrow(expect.objectContaining({ code: "aws-region-missing" }));
  });
});
