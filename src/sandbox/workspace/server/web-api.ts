import type { IncomingMessage, ServerResponse } from "node:http";
import { readArgs } from "../api/args.ts";
import { METHODS } from "../api/catalogue.ts";
import { ApiFailure } from "../api/failure.ts";
import { channelFor } from "../api/lookup.ts";
import type { JsonObject } from "../json.ts";
import type { WorkspaceParts } from "../parts.ts";
import { readFields } from "./body.ts";
import { sendJson } from "./respond.ts";

/** The methods that the app-level token is for; all others take the bot's. */
const APP_LEVEL = new Set(["apps.connections.open"]);
/** The methods that count towards a channel's rate. */
const RATED = new Set(["chat.postMessage", "chat.update", "chat.postEphemeral"]);

/** Answers a call of the Web API. */
export async function answerApiCall(
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
  context: { readonly url: URL; readonly parts: WorkspaceParts },
): Promise<void> {
  const { url, parts } = context;
  const fields = await readFields(request, url);
  const refusal = parts.misbehaviour.refusalOf(name);
  const retryAfterSecs =
    refusal !== null && "retryAfterSecs" in refusal ? refusal.retryAfterSecs : retryAfter(name, fields, parts);
  if (retryAfterSecs > 0) {
    const headers = { "retry-after": String(retryAfterSecs) };
    return sendJson(response, 429, { ok: false, error: "ratelimited" }, headers);
  }
  sendJson(response, 200, callMethod(name, fields, tokenOf(request, fields), refusal, parts));
}

function callMethod(
  name: string,
  fields: JsonObject,
  token: string | null,
  refusal: { error: string } | { retryAfterSecs: number } | null,
  parts: WorkspaceParts,
): JsonObject {
  try {
    const method = METHODS[name];
    if (method === undefined) throw new ApiFailure("unknown_method");
    checkToken(name, token, parts);
    if (refusal !== null && "error" in refusal) throw new ApiFailure(refusal.error);
    return { ok: true, ...method(readArgs(fields), parts) };
  } catch (err) {
    if (err instanceof ApiFailure) return failureBody(err);
    parts.log.error({ err, method: name }, "sandbox method failed");
    return { ok: false, error: "internal_error" };
  }
}

function checkToken(name: string, token: string | null, parts: WorkspaceParts): void {
  const { bot, app } = parts.tokens;
  if (token === null) throw new ApiFailure("not_authed");
  if (token !== bot && token !== app) throw new ApiFailure("invalid_auth");
  if ((token === app) !== APP_LEVEL.has(name)) throw new ApiFailure("not_allowed_token_type");
}

function tokenOf(request: IncomingMessage, fields: JsonObject): string | null {
  const header = request.headers.authorization?.match(/^Bearer (.+)$/i)?.[1];
  const field = fields["token"];
  return header ?? (typeof field === "string" ? field : null);
}

function failureBody(failure: ApiFailure): JsonObject {
  const reasons = failure.problems.map(({ message, pointer }) => `${message} [json-pointer:${pointer}]`);
  return {
    ok: false,
    error: failure.code,
    ...(reasons.length === 0
      ? {}
      : { errors: reasons, response_metadata: { messages: reasons.map((reason) => `[ERROR] ${reason}`) } }),
  };
}

function retryAfter(name: string, fields: JsonObject, parts: WorkspaceParts): number {
  const reference = fields["channel"];
  if (!RATED.has(name) || typeof reference !== "string") return 0;
  return parts.rateLimiter.retryAfterSecs(`${name} ${channelIdOf(reference, parts)}`);
}

/** "#ops" and its id share one rate; an unknown channel is refused later. */
function channelIdOf(reference: string, parts: WorkspaceParts): string {
  try {
    return channelFor(reference, parts.store.read()).id;
  } catch {
    return reference;
  }
}
