import type { IncomingMessage, ServerResponse } from "node:http";
import { applyResponse } from "../acts/app-response.ts";
import type { WorkspaceParts } from "../parts.ts";
import { readFields } from "./body.ts";
import { sendText } from "./respond.ts";

/** Takes what the app answers at a response_url. */
export async function takeResponse(
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
  parts: WorkspaceParts,
): Promise<void> {
  const fields = await readFields(request, url);
  const used = parts.responseUrls.use(url.pathname);
  if ("error" in used) return sendText(response, 404, used.error);
  const problems = applyResponse(fields, used.target, parts);
  if (problems.length > 0) return sendText(response, 400, "invalid_blocks");
  sendText(response, 200, "ok");
}
