import { filePath } from "../payloads/file.ts";
import type { SharedFile } from "../state/workspace-state.ts";
import { Dialog } from "./dialog.tsx";
import { describeType, formatSize } from "./file-card.tsx";
import { Icon } from "./icon.tsx";
import { MarkdownText } from "./markdown-text.tsx";
import { useOffice } from "./office.tsx";
import { useFileText } from "./use-file-text.ts";

/** A whole text file. */
export function FileViewer({ fileId, onClose }: { readonly fileId: string; readonly onClose: () => void }) {
  const { state } = useOffice();
  const file = state.files[fileId];
  return file === undefined ? null : <Viewer file={file} onClose={onClose} />;
}

function Viewer({ file, onClose }: { readonly file: SharedFile; readonly onClose: () => void }) {
  const text = useFileText(filePath(file));
  return (
    <Dialog label={file.title} className="viewer viewer--text" testId="file-viewer" onClose={onClose}>
      <header>
        <span className="file__name">
          <b>{file.title}</b>
          <small>
            {describeType(file)} · {formatSize(file.sizeBytes)}
          </small>
        </span>
        <a className="icon-button" href={filePath(file)} download={file.name} aria-label="Download">
          <Icon name="download" />
        </a>
        <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div className="viewer__text">
        {file.fileType === "markdown" ? <MarkdownText text={text} /> : <pre>{text}</pre>}
      </div>
    </Dialog>
  );
}
