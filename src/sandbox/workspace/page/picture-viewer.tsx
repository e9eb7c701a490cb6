import { Dialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";

/** A picture as large as it goes. */
export function PictureViewer(props: { readonly url: string; readonly title: string; readonly onClose: () => void }) {
  return (
    <Dialog label={props.title} className="viewer viewer--picture" testId="picture-viewer" onClose={props.onClose}>
      <header>
        <b>{props.title}</b>
        <a className="icon-button" href={props.url} download aria-label="Download">
          <Icon name="download" />
        </a>
        <button type="button" className="icon-button" aria-label="Close" onClick={props.onClose}>
          <Icon name="close" />
        </button>
      </header>
      <img src={props.url} alt={props.title} />
    </Dialog>
  );
}
