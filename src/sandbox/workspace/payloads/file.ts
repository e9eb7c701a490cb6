import type { JsonObject } from "../json.ts";
import type { SharedFile } from "../state/workspace-state.ts";

/** A file as the Web API shows it; addresses are paths on this workspace. */
export function filePayload(file: SharedFile, origin = ""): JsonObject {
  const url = `${origin}${filePath(file)}`;
  return {
    id: file.id,
    created: Math.floor(file.createdMs / 1000),
    timestamp: Math.floor(file.createdMs / 1000),
    name: file.name,
    title: file.title,
    mimetype: file.mimeType,
    filetype: file.fileType,
    pretty_type: file.fileType.toUpperCase(),
    user: file.authorId,
    size: file.sizeBytes,
    mode: "hosted",
    is_external: false,
    is_public: true,
    url_private: url,
    url_private_download: url,
    permalink: url,
    ...(file.altText === null ? {} : { alt_txt: file.altText }),
    shares: { public: sharesByChannel(file) },
    channels: [...new Set(file.shares.map(({ channelId }) => channelId))],
  };
}

export function filePath(file: Pick<SharedFile, "id" | "name">): string {
  return `/files/${file.id}/${encodeURIComponent(file.name)}`;
}

function sharesByChannel(file: SharedFile): JsonObject {
  const shares: Record<string, JsonObject[]> = {};
  for (const share of file.shares) {
    const entry = { ts: share.ts, ...(share.threadTs === null ? {} : { thread_ts: share.threadTs }) };
    shares[share.channelId] = [...(shares[share.channelId] ?? []), entry];
  }
  return shares;
}
