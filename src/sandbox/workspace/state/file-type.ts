/** Types by the end of a name: what browsers call them, and what Slack does. */
const TYPES: Readonly<Record<string, { readonly mimeType: string; readonly fileType: string }>> = {
  png: { mimeType: "image/png", fileType: "png" },
  jpg: { mimeType: "image/jpeg", fileType: "jpg" },
  jpeg: { mimeType: "image/jpeg", fileType: "jpg" },
  gif: { mimeType: "image/gif", fileType: "gif" },
  md: { mimeType: "text/markdown", fileType: "markdown" },
  txt: { mimeType: "text/plain", fileType: "text" },
  csv: { mimeType: "text/csv", fileType: "csv" },
  json: { mimeType: "application/json", fileType: "json" },
};

export function fileTypeOf(name: string): { readonly mimeType: string; readonly fileType: string } {
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return TYPES[extension] ?? { mimeType: "application/octet-stream", fileType: "binary" };
}
