/** What a request line says: `GET /path?query HTTP/1.1`. */
export interface RequestLine {
  readonly method: string;
  /** Empty where nothing follows the method. */
  readonly url: string;
}

const METHOD = /^[A-Za-z][A-Za-z_-]{0,31}$/;

/** Whether a text can be a method; the common ones and those that WebDAV and others made up. */
export function isMethod(text: string): boolean {
  return METHOD.test(text);
}

/**
 * Splits a request line: the method ends at the first blank, the protocol begins after the last one, since
 * URLs of attacks hold blanks. Null for what is no request: `-`, TLS bytes, `- - - `, nothing at all.
 */
export function parseRequestLine(text: string): RequestLine | null {
  const line = trimBlanksAtEnd(text);
  const first = line.indexOf(" ");
  const method = first === -1 ? "" : line.slice(0, first);
  if (!isMethod(method)) return null;
  const last = line.lastIndexOf(" ");
  const hasProtocol = last > first && line.startsWith("HTTP/", last + 1);
  return { method, url: trimBlanks(line.slice(first + 1, hasProtocol ? last : undefined)) };
}

/** Takes off blanks of ASCII: one of another script belongs to what was asked for. */
function trimBlanks(text: string): string {
  let start = 0;
  while (isBlank(text, start)) start += 1;
  return trimBlanksAtEnd(text.slice(start));
}

function trimBlanksAtEnd(text: string): string {
  let end = text.length;
  while (isBlank(text, end - 1)) end -= 1;
  return text.slice(0, end);
}

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
