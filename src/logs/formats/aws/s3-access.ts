/**
 * Server access logs of S3, as text: 18 fields in 2017, 27 now. S3 escapes no quotes.
 * @source https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
 */

import type { LineTemplate } from "../line-template.ts";
import { lineParts, MAY_END, REST } from "../text/line-parts.ts";
import { templateFormat } from "../text/template-format.ts";

const received = { time: "arrival", as: "clf" } as const;
const total = { secs: "total", unitSecs: 0.001 } as const;
const turnAround = { secs: "backend", unitSecs: 0.001 } as const;

/**
 * In their order: owner, bucket, time, client, requester, id, operation, key, request, status, error, bytes, size, two
 * times in ms, referer, user agent, version; and since 2019 host id, signature, cipher, authentication, host, protocol.
 */
const template: LineTemplate = {
  parts: lineParts`${"ignored"} ${"node"} [${received}] ${"client"} ${"ignored"} ${"ignored"} ${"ignored"} ${"ignored"} "${"request"}" ${"status"} ${"ignored"} ${"bytes"} ${"ignored"} ${total} ${turnAround} "${"referer"}" "${"user-agent"}"${MAY_END} ${"ignored"}${MAY_END} ${"ignored"} ${"ignored"} ${"ignored"} ${"ignored"} ${"host"} ${"tls"}${MAY_END} ${REST}`,
  escaping: "none",
  legs: "logged",
};

/** `REST.GET.OBJECT`, `BATCH.DELETE.OBJECT`, `S3.EXPIRE.OBJECT`. */
const OPERATION = /^[A-Z][A-Z0-9]*\.[A-Z0-9_.]+$/;

export const s3Access = templateFormat({
  name: "s3-access",
  title: "S3 server access log",
  holds: "requests",
  templates: [template],
  isOwn: ({ fields }) => OPERATION.test(fields[6]?.text ?? ""),
});
