import type { IncomingMessage } from "node:http";
import { isObject, type Json, type JsonObject } from "../json.ts";

/** What a file may have at most here. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Reads a request's whole body. */
async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    sizeBytes += bytes.length;
    if (sizeBytes > MAX_BYTES) throw new Error(`The request is over ${MAX_BYTES} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** Reads the fields of a request, sent as JSON, as a form, or in its address. */
export async function readFields(request: IncomingMessage, url: URL): Promise<JsonObject> {
  const bytes = await readBytes(request);
  const inUrl = Object.fromEntries(url.searchParams);
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("application/json")) return { ...inUrl, ...parseObject(bytes.toString("utf8")) };
  if (type.startsWith("multipart/form-data")) return { ...inUrl, ...(await parts(bytes, type)).fields };
  return { ...inUrl, ...Object.fromEntries(new URLSearchParams(bytes.toString("utf8"))) };
}

/** Reads an uploaded file, sent as it is or as a form's part. */
export async function readUpload(request: IncomingMessage): Promise<Uint8Array> {
  const bytes = await readBytes(request);
  const type = request.headers["content-type"] ?? "";
  if (!type.startsWith("multipart/form-data")) return bytes;
  return (await parts(bytes, type)).file ?? new Uint8Array();
}

async function parts(bytes: Buffer, type: string): Promise<{ fields: JsonObject; file: Uint8Array | null }> {
  const form = await new Response(new Uint8Array(bytes), { headers: { "content-type": type } }).formData();
  const fields: Record<string, string> = {};
  let file: Uint8Array | null = null;
  for (const [name, value] of form) {
    if (typeof value === "string") fields[name] = value;
    else file = new Uint8Array(await value.arrayBuffer());
  }
  return { fields, file };
}

function parseObject(text: string): JsonObject {
  const value = JSON.parse(text === "" ? "{}" : text) as Json;
  return isObject(value) ? value : {};
}
