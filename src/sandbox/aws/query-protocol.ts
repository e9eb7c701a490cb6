/**
 * AWS's Query protocol: a form goes in, XML comes out.
 *
 * @source https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */

/** Gives the form as an object: `Names.member.1=a` becomes `{ Names: ["a"] }`. */
export function readForm(body: string): Readonly<Record<string, unknown>> {
  const input: Record<string, unknown> = {};
  for (const [key, value] of new URLSearchParams(body)) {
    const list = /^(\w+)\.member\.\d+$/.exec(key)?.[1];
    if (list === undefined) input[key] = value;
    else input[list] = [...((input[list] as readonly string[] | undefined) ?? []), value];
  }
  return input;
}

/** Gives the XML of a successful answer. */
export function resultXml(action: string, output: object, requestId: string): string {
  const result = Object.keys(output).length === 0 ? "" : element(`${action}Result`, output);
  const metadata = element("ResponseMetadata", { RequestId: requestId });
  return `<${action}Response xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/">${result}${metadata}</${action}Response>`;
}

/** Gives the XML of a refused request. */
export function errorXml(error: { code: string; message: string; isSender: boolean }, requestId: string): string {
  const details = { Type: error.isSender ? "Sender" : "Receiver", Code: error.code, Message: error.message };
  return element("ErrorResponse", { Error: details, RequestId: requestId });
}

function element(name: string, value: unknown): string {
  return `<${name}>${content(value)}</${name}>`;
}

function content(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => element("member", item)).join("");
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([name, member]) => element(name, member))
      .join("");
  }
  return String(value).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
