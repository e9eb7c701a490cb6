import { UpstreamError } from "../errors.ts";
import { sentences } from "./escape.ts";
import type { WebApi, WebApiOptions } from "./web-api.ts";

interface UploadedFile {
  readonly name: string;
  readonly title: string;
  readonly alt?: string;
  readonly content: Uint8Array;
}

const UPLOAD_TIMEOUT_MS = 30_000;

/**
 * Uploads files: asks where to, sends the bytes there, and completes. Without `to` the file is shared nowhere.
 *
 * @source https://docs.slack.dev/messaging/working-with-files#upload
 */
export function createUploader(api: WebApi, { log }: WebApiOptions) {
  return async function upload(
    file: UploadedFile,
    to: { readonly channelId: string; readonly threadTs?: string | null; readonly comment?: string } | null,
  ): Promise<{ fileId: string }> {
    const target = await api.call<{ upload_url: string; file_id: string }>("files.getUploadURLExternal", {
      filename: file.name,
      length: file.content.byteLength,
      ...(file.alt && { alt_txt: file.alt.slice(0, 1_000) }),
    });
    await sendBytes(target.upload_url, file);
    await api.call("files.completeUploadExternal", {
      files: [{ id: target.file_id, title: file.title }],
      ...(to && {
        channel_id: to.channelId,
        ...(to.threadTs && { thread_ts: to.threadTs }),
        ...(to.comment && { initial_comment: sentences(to.comment) }),
      }),
    });
    log.debug({ fileId: target.file_id, bytes: file.content.byteLength }, "file uploaded");
    return { fileId: target.file_id };
  };
}

async function sendBytes(url: string, file: UploadedFile): Promise<void> {
  const form = new FormData();
  form.append("file", new Blob([new Uint8Array(file.content)]), file.name);
  let status: number;
  try {
    const response = await fetch(url, { method: "POST", body: form, signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS) });
    status = response.status;
    await response.arrayBuffer();
  } catch (cause) {
    throw new UpstreamError("slack-upload-failed", "Slack did not take the file.", { cause, retryable: true });
  }
  if (status !== 200) {
    throw new UpstreamError("slack-upload-failed", `Slack did not take the file: HTTP ${status}.`, { retryable: true });
  }
}
