import { filePath } from "../payloads/file.ts";
import type { SharedFile } from "../state/workspace-state.ts";
import { Icon } from "./icon.tsx";
import { MarkdownText } from "./markdown-text.tsx";
import { useOffice } from "./office.tsx";
import { useFileText } from "./use-file-text.ts";

/** A file on a message: a picture as it is, a text with its beginning, anything else by its name. */
export function FileCard({ fileId }: { readonly fileId: string }) {
  const { state, showPicture } = useOffice();
  const file = state.files[fileId];
  if (file === undefined) return null;
  if (!file.mimeType.startsWith("image/")) return <DocumentCard file={file} />;
  const url = filePath(file);
  return (
    <figure className="picture" data-testid="file">
      <figcaption>{file.title}</figcaption>
      <button type="button" aria-label={`Open ${file.title}`} onClick={() => showPicture({ url, title: file.title })}>
        <img src={url} alt={file.altText ?? file.title} />
      </button>
    </figure>
  );
}

function DocumentCard({ file }: { readonly file: SharedFile }) {
  const { showFile } = useOffice();
  const isText = file.mimeType.startsWith("text/");
  return (
    <div className="file" data-testid="file" data-name={file.name}>
      <div className="file__head">
        <span className="file__icon">
          <Icon name="file" size={22} />
        </span>
        <span className="file__name">
          <b>{file.title}</b>
          <small>
            {describeType(file)} · {formatSize(file.sizeBytes)}
          </small>
        </span>
        <a
          className="icon-button"
          href={filePath(file)}
          download={file.name}
          aria-label={`Download ${file.name}`}
          title="Download"
        >
          <Icon name="download" />
        </a>
        {isText && (
          <button
            type="button"
            className="icon-button"
            aria-label={`Open ${file.title}`}
            title="Open"
            data-testid="open-file"
            onClick={() => showFile(file.id)}
          >
            <Icon name="expand" />
          </button>
        )}
      </div>
      {isText && <Preview file={file} onOpen={() => showFile(file.id)} />}
    </div>
  );
}

function Preview({ file, onOpen }: { readonly file: SharedFile; readonly onOpen: () => void }) {
  const text = useFileText(filePath(file));
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the button beside the name does the same for the keyboard
    // biome-ignore lint/a11y/noStaticElementInteractions: the button beside the name does the same for the keyboard
    <div className="file__preview" onClick={onOpen}>
      {file.fileType === "markdown" ? <MarkdownText text={text} /> : <pre>{text}</pre>}
    </div>
  );
}

export function describeType(file: SharedFile): string {
  return file.fileType === "markdown" ? "Markdown" : file.fileType.toUpperCase();
}

export function formatSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
