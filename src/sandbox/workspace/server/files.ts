import type { IncomingMessage, ServerResponse } from "node:http";
import type { WorkspaceParts } from "../parts.ts";
import { readUpload } from "./body.ts";
import { sendText } from "./respond.ts";

/** Takes the bytes of a file that the app announced. */
export async function takeUpload(
  fileId: string,
  request: IncomingMessage,
  response: ServerResponse,
  parts: WorkspaceParts,
): Promise<void> {
  const bytes = await readUpload(request);
  const file = parts.store.read().files[fileId];
  if (file === undefined || file.isComplete) return sendText(response, 404, "no such upload");
  parts.blobs.set(fileId, bytes);
  parts.store.apply({ kind: "file-changed", file: { ...file, sizeBytes: bytes.length, isUploaded: true } });
  sendText(response, 200, `OK - ${bytes.length}`);
}

/** Gives a file back; what is no image comes as plain bytes, so that nothing in it runs. */
export function sendFile(fileId: string, response: ServerResponse, parts: WorkspaceParts): void {
  const file = parts.store.read().files[fileId];
  const bytes = parts.blobs.get(fileId);
  if (file === undefined || bytes === undefined) {
    sendText(response, 404, "no such file");
    return;
  }
  response.writeHead(200, {
    "content-type": file.mimeType.startsWith("text/") ? "text/plain; charset=utf-8" : file.mimeType,
    "content-length": bytes.length,
    "cache-control": "private, max-age=3600, immutable",
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
  });
  response.end(bytes);
}
