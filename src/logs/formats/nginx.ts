import { combined, readCombined } from "./combined.ts";
import type { LogFormat } from "./format.ts";

const ONE_QUOTED_FIELD = /^ "[^"]*"$/;

/** nginx's predefined `combined`. */
export const nginxCombined: LogFormat = combined({
  extraFields: 0,
  recognises: (line) => {
    const read = readCombined(line);
    // nginx logs addresses, never names, and a zero where nothing was sent.
    return (
      read !== null && read.bytesText !== "-" && /^[\d.]+$|:/.test(read.client) && !ONE_QUOTED_FIELD.test(read.tail)
    );
  },
});

/** The `main` of nginx's packages: combined and `"$http_x_forwarded_for"`. The client stays `$remote_addr`, since anybody can send that header. */
export const nginxCombinedXff: LogFormat = combined({
  extraFields: 1,
  recognises: (line) => ONE_QUOTED_FIELD.test(readCombined(line)?.tail ?? ""),
});
