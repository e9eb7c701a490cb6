/**
 * Puts text between the two markers of a part of a Markdown document, `<!-- name -->` and `<!-- /name -->`; null where
 * the document has no such part.
 *
 * @example
 * replaceMarkedPart("<!-- a -->\nold\n<!-- /a -->", "a", "new"); // "<!-- a -->\nnew\n<!-- /a -->"
 */
export function replaceMarkedPart(document: string, name: string, text: string): string | null {
  const opening = `<!-- ${name} -->`;
  const start = document.indexOf(opening);
  const end = document.indexOf(`<!-- /${name} -->`);
  if (start === -1 || end < start) return null;
  return `${document.slice(0, start + opening.length)}\n${text}\n${document.slice(end)}`;
}
