import { isObject, type JsonObject, textOf } from "../../json.ts";
import { filePath } from "../../payloads/file.ts";
import type { WorkspaceState } from "../../state/workspace-state.ts";
import { useOffice } from "../office.tsx";
import { plainTextOf } from "./text.tsx";

/** A picture on a line of its own, which opens larger. */
export function ImageBlock({ block }: { readonly block: JsonObject }) {
  const { state, showPicture } = useOffice();
  const url = imageUrl(block, state);
  const alt = textOf(block["alt_text"]) ?? "";
  const title = plainTextOf(block["title"]);
  return (
    <figure className="picture" data-testid="image-block">
      {title !== "" && <figcaption>{title}</figcaption>}
      <button
        type="button"
        aria-label={`Open ${title || alt}`}
        onClick={() => showPicture({ url, title: title || alt })}
      >
        <img src={url} alt={alt} />
      </button>
    </figure>
  );
}

/** A small picture among other things. */
export function ImageElement({ element }: { readonly element: JsonObject }) {
  const { state } = useOffice();
  return <img className="image-element" src={imageUrl(element, state)} alt={textOf(element["alt_text"]) ?? ""} />;
}

function imageUrl(image: JsonObject, state: WorkspaceState): string {
  const slackFile = image["slack_file"];
  if (!isObject(slackFile)) return textOf(image["image_url"]) ?? "";
  const file = state.files[String(slackFile["id"])];
  return file === undefined ? (textOf(slackFile["url"]) ?? "") : filePath(file);
}
