/** Stands for whatever part of a path only tells one thing from another of its kind. */
const PLACEHOLDER = "{id}";

/** Longer paths are attacks or mistakes; what follows tells nothing about the route. */
const MAX_PATH_CHARS = 512;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const UUID_CHARS = 36;
const DIGIT = /\d/;
const NUMBER = /^\d+$/;
const HEX = /^[0-9a-f]{8,}$/i;
/** Base64-like tokens: long, without a word break, with letters and digits. */
const TOKEN = /^[0-9A-Za-z_~=+-]{20,}$/;
/** A number of three or more digits that stands alone within a name: `post-1234-title`. */
const NUMBER_WITHIN = /(?<![0-9A-Za-z.])\d{3,}(?![0-9A-Za-z])/g;

/**
 * Replaces numbers, UUIDs, hashes and tokens in a path by `{id}`, so that requests to one route count together.
 *
 * Leaves out the query and the fragment, keeps file extensions, and gives the same again for its own result.
 * Linear in the length of the path, of which it looks at the first 512 characters.
 *
 * @example
 * pathTemplate("/orders/8812/items/3f2504e0-4f89-11d3-9a0c-0305e82c3301"); // "/orders/{id}/items/{id}"
 * pathTemplate("/image/33888.jpg?size=2"); // "/image/{id}.jpg"
 * pathTemplate("/api/v2/search"); // "/api/v2/search"
 */
export function pathTemplate(path: string): string {
  const end = path.search(/[?#]/);
  const bare = (end === -1 ? path : path.slice(0, end)).slice(0, MAX_PATH_CHARS);
  return bare.split("/").map(segmentTemplate).join("/");
}

function segmentTemplate(segment: string): string {
  // Most segments are words, and there may be a million paths.
  if (segment.length < UUID_CHARS && !DIGIT.test(segment)) return segment;
  const dot = segment.lastIndexOf(".");
  const hasExtension = dot > 0 && /^\.[a-z][0-9a-z]{0,4}$/i.test(segment.slice(dot));
  const stem = hasExtension ? segment.slice(0, dot) : segment;
  const extension = hasExtension ? segment.slice(dot) : "";
  return (isIdentifier(stem) ? PLACEHOLDER : stem.replace(NUMBER_WITHIN, PLACEHOLDER)) + extension;
}

function isIdentifier(text: string): boolean {
  if (NUMBER.test(text) || UUID.test(text)) {
    return true;
  }
  const digits = text.replace(/\D/g, "").length;
  // A word can be spelled in hexadecimal letters or be long, but hardly with digits strewn in.
  return digits >= 2 && (HEX.test(text) || (TOKEN.test(text) && /[A-Za-z]/.test(text) && !isWords(text)));
}

/** Whether hyphens or underscores part the text into short pieces, as in a title. */
function isWords(text: string): boolean {
  return text.split(/[-_]/).every((piece) => piece.length < 16);
}
