import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import type { Misbehaviour } from "../misbehaviour.ts";
import type { WorkspaceParts } from "../parts.ts";
import { readFields } from "./body.ts";
import { sendFile, takeUpload } from "./files.ts";
import { carryOut } from "./page-acts.ts";
import type { PageFiles } from "./page-files.ts";
import { sendJson, sendText } from "./respond.ts";
import { takeResponse } from "./response-url.ts";
import { streamTo } from "./stream.ts";
import { answerApiCall } from "./web-api.ts";

const misbehaviourSchema: z.ZodType<Misbehaviour> = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("rate-limit"),
    method: z.string(),
    calls: z.number().int().positive(),
    retryAfterSecs: z.number().positive(),
  }),
  z.object({ kind: z.literal("fail"), method: z.string(), calls: z.number().int().positive(), error: z.string() }),
  z.object({ kind: z.literal("deliver-late"), deliveries: z.number().int().positive(), delayMs: z.number().min(0) }),
  z.object({ kind: z.literal("deliver-twice"), deliveries: z.number().int().positive() }),
  z.object({ kind: z.literal("expire-triggers"), triggers: z.number().int().positive() }),
  z.object({ kind: z.literal("disconnect") }),
]);

/** What the routes need beside the workspace itself. */
export interface RouteDeps {
  readonly parts: WorkspaceParts;
  readonly pageFiles: PageFiles;
  misbehave(misbehaviour: Misbehaviour): void;
}

/** Answers every HTTP request: Slack's side, the page's side, and the tests' side. */
export async function answer(request: IncomingMessage, response: ServerResponse, deps: RouteDeps): Promise<void> {
  const url = new URL(request.url ?? "/", deps.parts.origin());
  const [, area = "", name = ""] = url.pathname.split("/");
  if (request.method === "POST") return answerPost(area, name, { request, response, url }, deps);
  if (area === "api") return answerApiCall(name, request, response, { url, parts: deps.parts });
  if (area === "files") return sendFile(name, response, deps.parts);
  if (url.pathname === "/page/stream") {
    return streamTo(url.searchParams.get("person") ?? "", response, deps.parts);
  }
  if (!(await deps.pageFiles(url.pathname, response))) sendText(response, 404, "not found");
}

async function answerPost(
  area: string,
  name: string,
  call: { request: IncomingMessage; response: ServerResponse; url: URL },
  deps: RouteDeps,
): Promise<void> {
  const { request, response, url } = call;
  const { parts } = deps;
  if (area === "api") return answerApiCall(name, request, response, { url, parts });
  if (area === "upload") return takeUpload(name, request, response, parts);
  if (area === "respond") return takeResponse(url, request, response, parts);
  if (!isFromHere(request)) return sendText(response, 403, "only the page itself may ask for this");
  const fields = await readFields(request, url);
  if (area === "sandbox" && name === "misbehave") {
    const parsed = misbehaviourSchema.safeParse(fields);
    if (!parsed.success) return sendText(response, 400, z.prettifyError(parsed.error));
    deps.misbehave(parsed.data);
    return sendJson(response, 200, { ok: true });
  }
  const outcome = area === "page" ? await carryOut(name, fields, parts) : null;
  if (outcome === null) return sendText(response, 404, "not found");
  sendJson(response, 200, { ...outcome });
}

/** Keeps other sites in the same browser from acting for people: they can send no JSON here, nor hide where they are. */
function isFromHere(request: IncomingMessage): boolean {
  const origin = request.headers.origin;
  const isJson = request.headers["content-type"]?.startsWith("application/json") === true;
  return isJson && (origin === undefined || origin.endsWith(`//${request.headers.host}`));
}
